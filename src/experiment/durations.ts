import type { FlowDocument } from './experiment.ts';

/** Total time of a flow: stepSize x steps for the fixed-step integrators. */
export const flowTime = (flow: FlowDocument): number =>
  flow.integrator === 'dormand-prince' ? flow.time : flow.stepSize * flow.steps;
