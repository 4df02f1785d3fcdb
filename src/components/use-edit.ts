import { useCallback } from 'react';
import { adaptationNotice } from '../experiment/adapt.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { Session } from '../store/session-types.ts';
import { keptDescription } from './kept-description.ts';
import { useSession } from './session-context.ts';

/** A pure function from an experiment to the edited one. */
export type Edit = (experiment: Experiment) => Experiment;

/** Applies an edit to the present experiment and runs it. What the edit took along is said in a notice. */
export function applyEdit(session: Session, change: Edit, gesture?: string): void {
  const before = session.experiment.getState().experiment;
  try {
    const after = change(before);
    if (after === before) return;
    session.edit(keptDescription(before, after), gesture);
    const text = adaptationNotice(before, after);
    if (text) session.notice.setState({ kind: 'information', text });
  } catch (error) {
    session.notice.setState({
      kind: 'error',
      text: error instanceof Error ? error.message : 'This change could not be made.',
    });
  }
}

/** `applyEdit` to the session of the page. */
export function useEdit(): (change: Edit, gesture?: string) => void {
  const session = useSession();
  return useCallback((change, gesture) => applyEdit(session, change, gesture), [session]);
}
