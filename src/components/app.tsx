import { useEffect, useMemo } from 'react';
import type { Session } from '../store/session-types.ts';
import { DropZone } from './dialogs/drop-zone.tsx';
import { HelpDialog } from './dialogs/help-dialog.tsx';
import { createInterfaceStore } from './interface-store.ts';
import { listenToKeys } from './keyboard.ts';
import { SharedContext, useInterface } from './session-context.ts';
import { SetUpPanel } from './setup/setup-panel.tsx';
import { SideColumn } from './side-column.tsx';
import { Stage } from './stage/stage.tsx';
import { followSurroundings } from './surroundings.ts';
import { TopBar } from './top-bar/top-bar.tsx';

interface AppProps {
  readonly session: Session;
}

/** The whole page around a session. */
export function App({ session }: AppProps) {
  const shared = useMemo(() => ({ session, ui: createInterfaceStore() }), [session]);
  useEffect(() => listenToKeys(shared), [shared]);
  useEffect(() => followSurroundings(shared), [shared]);
  return (
    <SharedContext value={shared}>
      <Shell />
    </SharedContext>
  );
}

/** Set-up, picture, curves and symmetries; on narrow windows the picture comes first. */
function Shell() {
  const setUpOpen = useInterface((state) => state.setUpOpen);
  const chartsOpen = useInterface((state) => state.chartsOpen);
  return (
    <div
      className="app"
      data-set-up={setUpOpen ? 'open' : 'closed'}
      data-charts={chartsOpen ? 'open' : 'closed'}
    >
      <TopBar />
      <SetUpPanel />
      <Stage />
      <SideColumn />
      <DropZone />
      <HelpDialog />
    </div>
  );
}
