import { useCallback } from 'react';
import { adaptationNotice } from '../experiment/adapt.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { keptDescription } from './kept-description.ts';
import { useSession } from './session-context.ts';

/** Applies a pure edit to the present experiment and runs it. What the edit took along is said in a notice. */
export function useEdit(): (change: (experiment: Experiment) => Experiment, gesture?: string) => void {
  const session = useSession();
  return useCallback(
    (change, gesture) => {
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
    },
    [session],
  );
}
