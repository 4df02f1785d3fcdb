import { type Integrator, integrator } from './integrator.ts';
import type { FlowPlan } from './plan.ts';

/**
 * Attempted steps that a smooth adaptive flow is taken to need before anything is known of it. How many it needs follows
 * from the curvature that it meets: mostly some hundreds, along a kink of ReLU thousands.
 */
const ADAPTIVE_STEPS = 400;

/** Gradients of one step: one at every point but the first, whose gradient the step before has left. */
export const gradientsPerStep = ({ tableau }: Integrator): number => tableau.points.length - 1;

/** Gradients that one flow takes over a whole plan; of an adaptive plan, a guess. Stopping early is not foreseen. */
export function gradientCount(plan: FlowPlan): number {
  const steps = plan.kind === 'fixed-step' ? plan.steps : ADAPTIVE_STEPS;
  // A step ends at every recorded time.
  const least = plan.kind === 'adaptive' && plan.record.by === 'time' ? plan.record.at.length : 0;
  return gradientsPerStep(integrator(plan.integrator)) * Math.max(steps, least);
}
