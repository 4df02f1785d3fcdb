import { Icon } from '../fields/icon.tsx';
import { IconButton } from '../fields/icon-button.tsx';
import { Segmented } from '../fields/segmented.tsx';
import { useInterface, usePreferences, useShared } from '../session-context.ts';
import { ChartSelect } from './chart-select.tsx';
import { ColourChoice } from './colour-choice.tsx';

/** What the picture shows and from where. */
export function StageToolbar() {
  const { session, ui } = useShared();
  const heightScale = usePreferences((state) => state.heightScale);
  const { setUpOpen, chartsOpen, tableOpen, view } = useInterface((state) => state);
  return (
    <div className="stage-toolbar">
      <button
        type="button"
        className="button button-icon"
        aria-label="Set-up column"
        title={setUpOpen ? 'Hide the set-up column' : 'Show the set-up column'}
        aria-expanded={setUpOpen}
        aria-controls="set-up"
        onClick={() => ui.setState({ setUpOpen: !setUpOpen })}
      >
        <Icon name="left" />
      </button>
      <ChartSelect />
      <Segmented
        label="Height"
        value={heightScale}
        options={[
          { value: 'linear', label: 'linear' },
          { value: 'log', label: 'log' },
        ]}
        onSelect={(choice) => session.preferences.setState({ heightScale: choice })}
        hint="How the loss is drawn as height"
      />
      <span className="toolbar-gap" />
      <IconButton
        icon="fit"
        label="Fit view"
        hint="Bring the whole chart into the frame"
        disabled={!view}
        onClick={() => view?.fit()}
      />
      <IconButton
        icon="top"
        label="Top view"
        hint="Look straight down"
        disabled={!view}
        onClick={() => view?.top()}
      />
      <ColourChoice />
      <button
        type="button"
        className="button"
        aria-pressed={tableOpen}
        aria-label="Table"
        title="The picture as a table of numbers (t)"
        onClick={() => ui.setState({ tableOpen: !tableOpen })}
      >
        <Icon name="table" />
        <span className="button-words">Table</span>
      </button>
      <button
        type="button"
        className="button button-icon"
        aria-label="Charts column"
        title={chartsOpen ? 'Hide the charts' : 'Show the charts'}
        aria-expanded={chartsOpen}
        aria-controls="charts"
        onClick={() => ui.setState({ chartsOpen: !chartsOpen })}
      >
        <Icon name="right" />
      </button>
    </div>
  );
}
