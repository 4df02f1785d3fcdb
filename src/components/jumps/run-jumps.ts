import type { TeleportationRecord } from '../../experiment/trajectory.ts';
import type { FlowFrames } from '../../store/frame-buffer.ts';
import type { RunState } from '../../store/run.ts';

type WithJumps = RunState & { readonly jumps?: readonly (readonly TeleportationRecord[])[] };

/** The jumps of one flow of a run so far, in order. */
export const flowJumps = (run: WithJumps, flow: number): readonly TeleportationRecord[] =>
  run.jumps?.[flow] ?? [];

/** The jumps of all flows so far. */
export const jumpCount = (run: WithJumps): number =>
  (run.jumps ?? []).reduce((sum, jumps) => sum + jumps.length, 0);

/** The first recorded frame at or after a time, to rounding: the state after a jump at that time. */
export function frameOfJump({ time, count }: Pick<FlowFrames, 'time' | 'count'>, at: number): number {
  const from = at - 1e-9 * Math.abs(at);
  let frame = 0;
  while (frame < count - 1 && time[frame]! < from) frame++;
  return frame;
}
