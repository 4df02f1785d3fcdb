import { useStore } from 'zustand';
import type { SymmetryState } from '../../store/symmetry-types.ts';
import { frameAt } from '../readings.ts';
import { steeredFlow } from '../run-colours.ts';
import { useSession } from '../session-context.ts';
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
