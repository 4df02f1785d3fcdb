import { IconButton } from '../fields/icon-button.tsx';
import { useExperimentState, useShared } from '../session-context.ts';
import { ExportControl } from './export-control.tsx';
import { ImportButton } from './import-button.tsx';
import { PresetSelect } from './preset-select.tsx';
import { ShareButton } from './share-button.tsx';
import { ThemeButton } from './theme-button.tsx';

/** Name, presets, and everything that concerns the whole document. */
export function TopBar() {
  const { session, ui } = useShared();
  const canUndo = useExperimentState((state) => state.canUndo);
  const canRedo = useExperimentState((state) => state.canRedo);
  return (
    <header className="top-bar">
      <h1 className="brand">Orbitscape</h1>
      <PresetSelect />
      <span className="toolbar-gap" />
      <div className="top-actions">
        <IconButton icon="undo" label="Undo" disabled={!canUndo} onClick={() => session.undo()} />
        <IconButton icon="redo" label="Redo" disabled={!canRedo} onClick={() => session.redo()} />
        <ShareButton />
        <ImportButton />
        <ExportControl />
        <IconButton
          icon="help"
          label="Help"
          hint="What Q is, how to read the charts, keys (?)"
          onClick={() => ui.setState({ helpOpen: true })}
        />
        <ThemeButton />
      </div>
    </header>
  );
}
