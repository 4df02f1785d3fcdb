import type { FlowDocument } from './experiment.ts';

/** Total time of a flow: stepSize x steps for the fixed-step integrators. */
export const flowTime = (flow: FlowDocument): number =>
  flow.integrator === 'dormand-prince' ? flow.time : flow.stepSize * flow.steps;

/** Rounding of the product of step size and steps. */
const SLACK = 1e-9;

/** Whether a time is within a flow; fixed steps meet it at the nearest step, so rounding does not count. */
export const isWithin = (flow: FlowDocument, time: number): boolean =>
  time <= flowTime(flow) * (flow.integrator === 'dormand-prince' ? 1 : 1 + SLACK);
