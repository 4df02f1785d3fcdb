import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { SymmetrySlot, SymmetryState } from '../../store/symmetry-types.ts';
import { frameAt } from '../readings.ts';
import { steeredFlow } from '../run-colours.ts';
import { useRun, useSession } from '../session-context.ts';
import { useSampled } from '../use-sampled.ts';

/** What is known of the symmetries of the present run. */
export const useSymmetry = <T>(select: (state: SymmetryState) => T): T =>
  useStore(useSession().symmetry, select);

/** The frame of the steered flow at the cursor; -1 while there is none. */
export function useSteeredFrame(): number {
  const session = useSession();
  return useSampled(() => {
    const { summary, frames } = session.run.getState();
    const flow = frames.flows[(summary && steeredFlow(summary)) ?? 0];
    return flow ? frameAt(flow, session.playback.getState().cursor) : -1;
  });
}

/**
 * The groups and the theory of the present run, at its start: they are the same at every generic moment, and too dear to be
 * asked for at each. Where only the start of the steered flow was moved, they stay.
 */
export function useDescription(): SymmetrySlot<'description'> {
  const session = useSession();
  const summary = useRun((run) => run.summary);
  const begun = useSteeredFrame() >= 0;
  const slot = useSymmetry((state) => state.description);
  const givenUp = slot.status === 'cancelled';
  useEffect(() => {
    const { status } = session.symmetry.getState().description;
    if (summary && begun && (!summary.steer || status === 'empty')) session.describeSymmetry(0);
  }, [session, summary, begun]);
  useEffect(() => {
    if (givenUp && begun) session.describeSymmetry(0);
  }, [session, givenUp, begun]);
  return slot;
}
