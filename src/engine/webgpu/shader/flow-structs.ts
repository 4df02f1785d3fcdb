import { struct } from './struct.ts';

/** What one dispatch does, the same for all flows. */
export const FlowUniform = struct('Plan', {
  /** Always 0, which the compiler cannot know: see `opaque`. */
  zero: 'u32',
  /** Flows in this dispatch, and how many of them lie side by side in x. */
  flows: 'u32',
  flowsPerRow: 'u32',
  /** Attempted steps per flow in this dispatch, at most; 0: the flows stay and their present states are recorded. */
  budget: 'u32',
  /** Room for recorded states per flow in this dispatch: a flow stops before a step that has none. */
  slots: 'u32',
  /** Length of the schedule. */
  records: 'u32',
  /** Fixed steps: the last step and the step size. */
  steps: 'u32',
  stepSize: 'f32',
  /** Adaptive: the tolerance and the end, as a sum of two float32. */
  tolerance: 'f32',
  endHigh: 'f32',
  endLow: 'f32',
  /** Stops once |grad L|^2 falls to this. */
  gradientSquares: 'f32',
});

/** Where one flow is. Times are sums of two float32. */
export const FlowClock = struct('Clock', {
  step: 'u32',
  /** Index of the next schedule entry. */
  due: 'u32',
  /** States recorded in this dispatch. */
  slots: 'u32',
  /** Steps attempted in this dispatch. */
  attempts: 'u32',
  status: 'u32',
  /** 1 while the gradient at the state is known: from a rejected attempt, or from the step before (first same as last). */
  warm: 'u32',
  /** State of the controller (flow/controller.ts): `rejected` is 1 when the last attempt was rejected. */
  rejected: 'u32',
  size: 'f32',
  previousError: 'f32',
  timeHigh: 'f32',
  timeLow: 'f32',
});

/** Values of `Clock.status`. */
export const FlowStatus = { running: 0, finished: 1, converged: 2, diverged: 3, underflow: 4 } as const;

/** Words before the parameters of a recorded state: step, time as two float32, a spare. */
export const RECORD_HEADER = 4;

/** Words of one recorded state: the header, then theta as high and low float32. */
export const recordSize = (size: number): number => RECORD_HEADER + 2 * size;
