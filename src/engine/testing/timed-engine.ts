import type { FlowChunk } from '../../flow/chunk.ts';
import { gradientsPerStep } from '../../flow/effort.ts';
import { createFrameCollector } from '../../flow/frames.ts';
import { integrator } from '../../flow/integrator.ts';
import { sampleCount } from '../../model/problem.ts';
import { gradientWork } from '../../model/work.ts';
import { type Speed, secondsPerStep } from '../calibration/speed.ts';
import type { Engine } from '../engine.ts';

/** A clock in the hands of a test, in milliseconds. */
export interface ManualClock {
  time: number;
}

export interface TimedEngineOptions {
  readonly kind?: Engine['kind'];
  readonly device?: string;
  readonly speed: Speed;
  /** Seconds that every run costs, however short. */
  readonly start?: number;
  readonly unsupported?: Engine['unsupported'];
}

/** An engine of known speed: it computes nothing and moves the clock by the time that it would have taken. */
export function createTimedEngine(
  clock: ManualClock,
  options: TimedEngineOptions,
): Engine & { readonly runs: number } {
  const { kind = 'cpu', device = `timed ${kind}`, speed, start = 0, unsupported = () => null } = options;
  const notNeeded = () => Promise.reject(new Error('not needed'));
  let runs = 0;
  return {
    kind,
    precision: kind === 'cpu' ? 'float64' : 'float32',
    device,
    get runs() {
      return runs;
    },
    unsupported,
    async *flow(problem, { count }, plan): AsyncGenerator<FlowChunk> {
      if (plan.kind !== 'fixed-step') throw new Error('The timed engine takes fixed steps.');
      runs++;
      const work = gradientWork(problem.architecture, sampleCount(problem));
      const gradients = plan.steps * gradientsPerStep(integrator(plan.integrator));
      clock.time += 1000 * (start + gradients * secondsPerStep(speed, work, count));
      yield { frames: createFrameCollector().take(), ended: [], steps: plan.steps * count };
    },
    loss: notNeeded,
    gradient: notNeeded,
    hessianVectorProduct: notNeeded,
    dispose() {},
  };
}
