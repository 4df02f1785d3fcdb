import { useEffect, useRef } from 'react';
import { useInterface, useShared } from '../session-context.ts';
import {
  HelpCharts,
  HelpEngines,
  HelpKeys,
  HelpPapers,
  HelpQuantity,
  HelpSetting,
  HelpSymmetry,
  HelpTeleportation,
} from './help-text.tsx';

/** What Q is, how it is set, how to read the charts, the engines, keys and sources. */
export function HelpDialog() {
  const { ui } = useShared();
  const open = useInterface((state) => state.helpOpen);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself; this is for clicks beside it.
    <dialog
      ref={dialog}
      className="dialog help"
      aria-labelledby="help-title"
      onClose={() => ui.setState({ helpOpen: false })}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      {open ? (
        <div className="help-body">
          <div className="help-head">
            <h2 id="help-title">How to read Orbitscape</h2>
            <button type="button" className="button" onClick={() => dialog.current?.close()}>
              Close
            </button>
          </div>
          <HelpQuantity />
          <HelpSetting />
          <HelpTeleportation />
          <HelpSymmetry />
          <HelpCharts />
          <HelpEngines />
          <HelpKeys />
          <HelpPapers />
        </div>
      ) : null}
    </dialog>
  );
}
