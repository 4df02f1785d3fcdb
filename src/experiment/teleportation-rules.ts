import { conservedFormula } from '../symmetry/formulas.ts';
import { fail } from './document-error.ts';
import { flowTime, isWithin } from './durations.ts';
import type { Experiment, FlowDocument, TeleportationsDocument } from './experiment.ts';
import { limits } from './limits.ts';
import { jumpsEvery } from './teleportations.ts';

const path = 'teleportations';

/** A schedule that the flow can keep, and an objective with what it needs. */
export function checkTeleportations({ architecture, flow, teleportations }: Experiment): void {
  if (!teleportations) return;
  if ('at' in teleportations) checkSteps(teleportations.at, flow);
  else if ('atTime' in teleportations) checkTimes(teleportations.atTime, flow);
  else if ('every' in teleportations) checkEvery(teleportations.every, flow);
  else checkBound(teleportations.whenGradientNormBelow, flow);
  checkTarget(architecture, teleportations);
}

/** The number of steps; refuses adaptive integrators, whose steps no schedule can name. */
function stepsOf(flow: FlowDocument, field: 'at' | 'every'): number {
  if (flow.integrator === 'dormand-prince') {
    fail(
      [path, field],
      'cannot be used with dormand-prince, whose steps adapt: give teleportations.atTime instead',
    );
  }
  return flow.steps;
}

function checkSteps(at: readonly number[], flow: FlowDocument): void {
  const steps = stepsOf(flow, 'at');
  at.forEach((step, index) => {
    if (step > steps) {
      fail([path, 'at', index], `must be a whole number from 0 to flow.steps (${steps}), but it is ${step}`);
    }
  });
  checkAscending(at, 'at', 'step');
}

function checkTimes(atTime: readonly number[], flow: FlowDocument): void {
  const name = flow.integrator === 'dormand-prince' ? 'flow.time' : 'the time of the flow';
  atTime.forEach((time, index) => {
    if (isWithin(flow, time)) return;
    fail([path, 'atTime', index], `must be at most ${name} (${flowTime(flow)}), but it is ${time}`);
  });
  checkAscending(atTime, 'atTime', 'time');
}

function checkAscending(points: readonly number[], field: string, noun: string): void {
  points.forEach((point, index) => {
    const before = points[index - 1];
    if (before !== undefined && point <= before) {
      fail(
        [path, field, index],
        `must be greater than the ${noun} before it (${before}), but it is ${point}`,
      );
    }
  });
}

function checkEvery(every: number, flow: FlowDocument): void {
  const steps = stepsOf(flow, 'every');
  const { maximum } = limits.teleportations;
  if (jumpsEvery(every, steps) > maximum) {
    fail(
      [path, 'every'],
      `must be at least ${leastEvery(steps)} so that a flow teleports at most ${maximum} times, but it is ${every}`,
    );
  }
}

/** The least `every` with which a flow of so many steps does not teleport too often. */
export const leastEvery = (steps: number): number => Math.ceil(steps / (limits.teleportations.maximum + 1));

function checkBound(bound: number, { stop }: FlowDocument): void {
  if (stop && bound <= stop.gradientNorm) {
    fail(
      [path, 'whenGradientNormBelow'],
      `must be greater than flow.stop.gradientNorm (${stop.gradientNorm}), where flows end, but it is ${bound}`,
    );
  }
}

function checkTarget(
  architecture: Experiment['architecture'],
  { objective, target }: TeleportationsDocument,
): void {
  if (objective !== 'conserved-quantity') {
    if (target !== undefined) {
      fail([path, 'target'], 'must be absent unless teleportations.objective is "conserved-quantity"');
    }
    return;
  }
  if (conservedFormula(architecture) === null) {
    fail(
      [path, 'objective'],
      'cannot be "conserved-quantity" because there is no known conserved quantity here',
    );
  }
  if (target === undefined) fail([path, 'target'], 'is missing: give the total Q to go to');
}
