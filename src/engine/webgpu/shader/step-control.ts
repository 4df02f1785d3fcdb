import {
  controllerExponents,
  ERROR_FLOOR,
  LARGEST_CUT,
  LARGEST_GROWTH,
  SAFETY,
} from '../../../flow/controller.ts';
import { STRETCH } from '../../../flow/march.ts';
import type { Tableau } from '../../../flow/tableau.ts';
import { FlowStatus } from './flow-structs.ts';
import { f32, u32 } from './wgsl.ts';

/** Errors below this count as this in the power that sizes the next step. */
const SMALLEST_ERROR = 1e-12;
/** A step below this part of the time is lost in it. */
const SMALLEST_STEP = 1e-13;

/** `let size`, the next attempt's: the proposal, or what is left to the next time that must be hit (flow/march.ts). */
export const adaptiveSize = (recordBy: 'step' | 'time'): string => `let goal = ${
  recordBy === 'time' ? 'schedule[clock.due]' : 'vec2f(plan.endHigh, plan.endLow)'
};
let left = (goal.x - clock.timeHigh) + (goal.y - clock.timeLow);
let clipped = clock.size * ${f32(STRETCH)} >= left;
let size = select(clock.size, left, clipped);
if (!(size > clock.timeHigh * ${f32(SMALLEST_STEP)})) {
  clock.status = ${u32(FlowStatus.underflow)};
  break;
}`;

/** The controller of flow/controller.ts after an attempt: `next`, or a smaller `clock.size` and another attempt. */
export const judgeAttempt = ({ errorOrder }: Tableau): string => {
  const { alpha, beta } = controllerExponents(errorOrder);
  return `let error = scaledError(lane, home, size);
let measured = finite(error);
let factor = ${f32(SAFETY)} * pow(max(error, ${f32(SMALLEST_ERROR)}), ${f32(-alpha)});
if (!measured || error > 1.0f) {
  clock.warm = 1u;
  clock.rejected = 1u;
  clock.size = size * select(${f32(LARGEST_CUT)}, max(${f32(LARGEST_CUT)}, factor), measured);
  continue;
}
let wanted = max(${f32(LARGEST_CUT)}, factor * pow(clock.previousError, ${f32(beta)}));
let next = size * min(select(${f32(LARGEST_GROWTH)}, 1.0f, clock.rejected == 1u), wanted);`;
};

/** What flow/march.ts makes of an accepted attempt: the time, by compensated summation, and the next proposal. */
export const adaptiveClock = `if (clipped) {
  clock.size = max(next, clock.size);
  clock.timeHigh = goal.x;
  clock.timeLow = goal.y;
} else {
  clock.size = next;
  clock.previousError = max(error, ${f32(ERROR_FLOOR)});
  let change = clock.timeLow + size;
  let moved = opaque(clock.timeHigh + change);
  clock.timeLow = change - opaque(moved - clock.timeHigh);
  clock.timeHigh = moved;
}
clock.rejected = 0u;`;
