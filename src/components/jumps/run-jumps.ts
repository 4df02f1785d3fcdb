import type { TeleportationRecord } from '../../experiment/trajectory.ts';
import type { FlowFrames } from '../../store/frame-buffer.ts';
import type { RunState } from '../../store/run.ts';

/** The jumps of one flow of a run so far, in order. */
export const flowJumps = ({ jumps }: Pick<RunState, 'jumps'>, flow: number): readonly TeleportationRecord[] =>
  jumps[flow] ?? [];

/** The jumps of all flows so far. */
export const jumpCount = ({ jumps }: Pick<RunState, 'jumps'>): number =>
  jumps.reduce((sum, taken) => sum + taken.length, 0);

/** The first recorded frame at or after a time, to rounding: the state after a jump at that time. */
export function frameOfJump({ time, count }: Pick<FlowFrames, 'time' | 'count'>, at: number): number {
  const from = at - 1e-9 * Math.abs(at);
  let frame = 0;
  while (frame < count - 1 && time[frame]! < from) frame++;
  return frame;
}
