import { describe, expect, it, vi } from 'vitest';
import { createLoss } from '../model/network.ts';
import { defaultExperiment } from './defaults.ts';
import { DocumentError } from './document-error.ts';
import { withActivation } from './edit.ts';
import { withTotal } from './edit-flow.ts';
import type { MlpExperiment } from './experiment.ts';
import { checkMemory, memoryEstimate } from './memory.ts';
import { resolveExperiment, sameExceptSteering } from './resolve.ts';

const small: MlpExperiment = {
  ...defaultExperiment,
  architecture: { kind: 'mlp', widths: [3, 4, 2], activation: 'linear', bias: false },
  conservedQuantity: { kind: 'total', layerPair: 0, value: -2, sweep: { from: -4, to: 4, count: 5 } },
};

/** Entries of all float64 arrays that are made while `run` runs. */
function allocated(run: () => unknown): number {
  let entries = 0;
  const counting = new Proxy(Float64Array, {
    construct(target, words) {
      const made: Float64Array = Reflect.construct(target, words);
      entries += made.length;
      return made;
    },
  });
  vi.stubGlobal('Float64Array', counting);
  try {
    run();
  } finally {
    vi.unstubAllGlobals();
  }
  return entries;
}

describe('resolveExperiment', () => {
  it('orders the steered flow, the sweep and the replicas', () => {
    const { flows } = resolveExperiment({
      ...small,
      initialisation: { kind: 'normal', std: [0.3, 0.3], seed: 7, replicas: 2 },
    });
    expect(flows.map(({ role, label }) => [role, label])).toEqual([
      ['steered', 'Q = -2'],
      ['sweep', 'Q = -4'],
      ['sweep', 'Q = -2'],
      ['sweep', 'Q = 0'],
      ['sweep', 'Q = 2'],
      ['sweep', 'Q = 4'],
      ['replica', 'seed 8'],
      ['replica', 'seed 9'],
    ]);
  });

  it('starts every flow at its Q with the same loss along an orbit', () => {
    const { flows, conserved, problem, setting } = resolveExperiment(small);
    const network = createLoss(problem);
    const loss = network.loss(flows[0]!.parameters);
    for (const flow of flows) {
      expect(conserved[0]!.total(flow.parameters)).toBeCloseTo(flow.q!, 12);
      expect(network.loss(flow.parameters)).toBeCloseTo(loss, 12);
    }
    expect(setting!.method).toBe('orbit');
    expect(setting!.interval).toEqual({ minimum: null, maximum: null });
    expect(Math.abs(setting!.lossChange)).toBeLessThan(1e-14);
    expect(setting!.steered.total).toBeCloseTo(-2, 12);
    expect(setting!.moments!.mean).toBeCloseTo((0.09 * (8 - 12)) / 2, 12);
  });

  it('keeps Q as initialised without a value', () => {
    const { flows, setting } = resolveExperiment({
      ...small,
      conservedQuantity: { kind: 'total', layerPair: 0 },
    });
    expect(flows).toHaveLength(1);
    expect(setting!.steered).toEqual(setting!.initial);
    expect(setting!.lossChange).toBe(0);
  });

  it('sets q of every hidden unit', () => {
    const value = [1, -1, 0.5, 0];
    const { setting } = resolveExperiment({
      ...small,
      conservedQuantity: { kind: 'per-unit', layerPair: 0, value },
    });
    setting!.steered.perUnit.forEach((q, k) => {
      expect(q).toBeCloseTo(value[k]!, 12);
    });
  });

  it('has one flow named flow, or one per seed, where there is no conserved quantity', () => {
    const { conservedQuantity: _, ...rest } = small;
    const deep: MlpExperiment = {
      ...rest,
      architecture: { kind: 'mlp', widths: [3, 4, 4, 2], activation: 'squash', bias: false },
      initialisation: { kind: 'lecun', seed: 1 },
    };
    const single = resolveExperiment(deep);
    expect(single.flows.map(({ label, q }) => [label, q])).toEqual([['flow', null]]);
    expect(single.conserved).toEqual([]);
    expect(single.setting).toBeNull();
    const seeds = resolveExperiment({ ...deep, initialisation: { kind: 'lecun', seed: 1, replicas: 1 } });
    expect(seeds.flows.map(({ label }) => label)).toEqual(['seed 1', 'seed 2']);
  });

  it('is the same for the same document', () => {
    expect(resolveExperiment(small).flows).toEqual(resolveExperiment(structuredClone(small)).flows);
  });

  it('plans fixed and adaptive steps', () => {
    expect(resolveExperiment(small).plan).toMatchObject({ kind: 'adaptive', tolerance: 1e-8, time: 200 });
    const { plan } = resolveExperiment({
      ...small,
      flow: { integrator: 'rk4', stepSize: 0.1, steps: 20, stop: { gradientNorm: 1e-6 } },
      record: { steps: [0, 5, 20], parameters: 'none' },
    });
    expect(plan).toMatchObject({
      kind: 'fixed-step',
      stepSize: 0.1,
      steps: 20,
      stop: { gradientNorm: 1e-6 },
    });
    expect(Array.from(plan.record.at)).toEqual([0, 5, 20]);
  });

  it.each([
    [{ kind: 'total', layerPair: 0, value: -1e6 }, 'conservedQuantity.value'],
    [{ kind: 'total', layerPair: 0, sweep: { from: -1e6, to: 1, count: 3 } }, 'conservedQuantity.sweep.from'],
  ] as const)('names a Q that cannot be reached: %j', (conservedQuantity, path) => {
    const experiment = { ...withActivation(small, 'tanh'), conservedQuantity };
    expect(() => resolveExperiment(experiment)).toThrow(
      expect.objectContaining({
        name: 'DocumentError',
        path,
        message: expect.stringMatching(
          /^conservedQuantity\.[\w.]+: Q = -1000000 cannot be reached: choose a value from -[\d.]+ up\.$/,
        ),
      }),
    );
  });

  it('refuses what does not fit in memory before anything is allocated', () => {
    const wide: MlpExperiment = {
      ...small,
      architecture: { ...small.architecture, widths: [512, 512, 512, 512, 512, 512, 512] },
      initialisation: { kind: 'he', seed: 1 },
    };
    expect(memoryEstimate(wide)).toBeGreaterThan(6 * 201 * 6 * 512 * 512 * 8);
    expect(() => resolveExperiment(wide)).toThrow(DocumentError);
    expect(() => resolveExperiment(wide)).toThrow(
      'The run would take 15 GiB of memory (6 flows of 1572864 parameters, 201 frames each; 512 samples) and at most 1 GiB are allowed: use smaller widths, fewer flows or samples, or record fewer frames.',
    );
  });

  it('allocates nothing for what it refuses, and something for what it takes', () => {
    const images: MlpExperiment = {
      ...small,
      architecture: { ...small.architecture, widths: [784, 256, 10] },
      data: { kind: 'teacher', seed: 1, samples: 100 },
      initialisation: { kind: 'he', seed: 1, replicas: 255 },
    };
    const { conservedQuantity: _, ...one } = { ...images, initialisation: { kind: 'he', seed: 1 } as const };
    const taken = allocated(() => resolveExperiment(one));
    const refused = allocated(() => expect(() => resolveExperiment(images)).toThrow(/at most 1 GiB/));
    expect(taken).toBeGreaterThan(784 * 256);
    expect(refused).toBe(0);
  });

  it('refuses from the first byte over the limit', () => {
    const bytes = memoryEstimate(small);
    expect(() => checkMemory(small, 'all', bytes)).not.toThrow();
    expect(() => checkMemory(small, 'all', bytes - 1)).toThrow(
      /^The run would take .* of memory .*: use .*\.$/,
    );
    expect(memoryEstimate(small, 'final')).toBeLessThan(bytes);
  });
});

describe('sameExceptSteering', () => {
  it('is true when only the steered Q differs', () => {
    expect(sameExceptSteering(small, withTotal(small, 3))).toBe(true);
    expect(sameExceptSteering(small, withTotal(small, undefined))).toBe(true);
    expect(sameExceptSteering(structuredClone(small), small)).toBe(true);
    const { conservedQuantity, ...rest } = small;
    const { sweep } = conservedQuantity!;
    const perUnit = { kind: 'per-unit', value: [1, 2, 3, 4], sweep: sweep!, layerPair: 0 } as const;
    expect(sameExceptSteering(small, { conservedQuantity: perUnit, ...rest })).toBe(true);
  });

  it('is false when anything else differs', () => {
    const { conservedQuantity: _, ...bare } = small;
    expect(sameExceptSteering(small, bare)).toBe(false);
    expect(sameExceptSteering(small, withActivation(small, 'relu'))).toBe(false);
    expect(sameExceptSteering(small, { ...small, flow: { ...small.flow, stop: { gradientNorm: 1 } } })).toBe(
      false,
    );
    const wider = { ...small.conservedQuantity!, sweep: { from: -4, to: 4, count: 6 } };
    expect(sameExceptSteering(small, { ...small, conservedQuantity: wider })).toBe(false);
  });
});
