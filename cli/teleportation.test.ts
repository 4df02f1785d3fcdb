import { describe, expect, it } from 'vitest';
import { createCpuEngine } from '../src/engine/cpu/cpu-engine.ts';
import { defaultExperiment } from '../src/experiment/defaults.ts';
import type { Experiment, MlpExperiment, TestFunctionExperiment } from '../src/experiment/experiment.ts';
import type { TeleportationRecord } from '../src/experiment/trajectory.ts';
import { documentText, parseDocument, parseExperiment } from '../src/experiment/validate.ts';
import { createRandom } from '../src/model/random.ts';
import type { TestFunctionName } from '../src/model/test-function.ts';
import { run } from './run.ts';

const engine = createCpuEngine();
const quiet = { update() {}, end() {} };
const trajectoryOf = (experiment: Experiment) =>
  run(parseExperiment(experiment), engine, quiet, new AbortController().signal);

const { conservedQuantity: _, ...unswept } = defaultExperiment;
const network: MlpExperiment = {
  ...unswept,
  architecture: { kind: 'mlp', widths: [10, 20, 5], activation: 'linear', bias: false },
  initialisation: { kind: 'normal', std: [0.3, 0.3], seed: 1 },
  flow: { integrator: 'gradient-descent', stepSize: 0.01, steps: 60 },
  record: { steps: [0, 30, 60], parameters: 'all' },
  teleportations: {
    at: [30],
    group: 'auto',
    objective: 'gradient-norm',
    direction: 'increase',
    iterations: 10,
    maximumDistance: 2,
  },
};

const testFunction = (
  name: TestFunctionName,
  start: readonly [number, number],
  stepSize: number,
  at: readonly number[],
): TestFunctionExperiment => ({
  type: 'orbitscape/experiment',
  version: 1,
  title: name,
  architecture: { kind: 'test-function', name },
  initialisation: { kind: 'explicit', parameters: [{ weight: [[...start]] }] },
  flow: { integrator: 'gradient-descent', stepSize, steps: 10 },
  record: { steps: Array.from({ length: 11 }, (_, i) => i), parameters: 'all' },
  teleportations: { ...network.teleportations!, at, iterations: 40 },
  engine: 'auto',
});

describe('npm run flow with teleportations', () => {
  it.each([
    ['linear', [10, 20, 5]],
    ['relu', [10, 20, 8, 5]],
  ] as const)('%s: the same loss, a larger gradient, another Q', async (activation, widths) => {
    const experiment: MlpExperiment = {
      ...network,
      architecture: { kind: 'mlp', widths, activation, bias: activation === 'relu' },
      initialisation: { kind: 'normal', std: widths.slice(1).map(() => 0.3), seed: 1 },
    };
    const trajectory = await trajectoryOf(experiment);
    expect(parseDocument(documentText(trajectory))).toEqual(trajectory);
    const [steered, twin] = trajectory.flows;
    expect(trajectory.flows).toHaveLength(2);
    expect(twin!.teleportations).toEqual([]);
    const [jump] = steered!.teleportations;
    expect(Math.abs(jump!.after.loss / jump!.before.loss - 1)).toBeLessThan(1e-10);
    expect(jump!.after.gradientNorm).toBeGreaterThan(1.01 * jump!.before.gradientNorm);
    expect(Math.abs(jump!.after.conserved[0]! - jump!.before.conserved[0]!)).toBeGreaterThan(1e-3);
    expect(steered!.parameters.frames![1]).toEqual(jump!.parameters!.after);
    expect(twin!.parameters.frames![1]).toEqual(jump!.parameters!.before);
    expect(steered!.frames.step).toEqual([0, 30, 60]);
    expect(steered!.frames.loss[2]).toBeLessThan(twin!.frames.loss[2]!);
    expect(trajectory).toEqual(await trajectoryOf(experiment));
  });

  it('refuses to run without the jumps that were asked for', async () => {
    const tanh = {
      ...network,
      architecture: { ...network.architecture, activation: 'tanh' },
      data: { kind: 'teacher', seed: 1, samples: 40 },
    } as typeof network;
    await expect(trajectoryOf(tanh)).rejects.toThrow(/^teleportations\.group: No group keeps the loss/);
  });

  it('has a twin that is the flow of a run without teleportations', async () => {
    const { teleportations: _, ...plain } = network;
    const [only] = (await trajectoryOf(plain)).flows;
    const { label, ...twin } = (await trajectoryOf(network)).flows[1]!;
    const { label: expected, ...rest } = only!;
    expect(label).toBe(`${expected}, not teleported`);
    expect(twin).toEqual(rest);
  });

  it('Booth from (5, -5): 2880 becomes 5184, and the loss then falls by 0.1936 a step', async () => {
    const [steered, twin] = (await trajectoryOf(testFunction('booth', [5, -5], 0.08, [0]))).flows;
    const [jump] = steered!.teleportations;
    expect(jump!.before.gradientNorm ** 2).toBeCloseTo(2880, 9);
    expect(jump!.after.gradientNorm ** 2).toBeCloseTo(5184, 6);
    expect(jump!.before.loss).toBe(144);
    const loss = steered!.frames.loss as number[];
    for (let k = 1; k <= 5; k++) expect(loss[k]! / loss[k - 1]!).toBeCloseTo(0.1936, 6);
    expect(twin!.frames.loss.at(-1)).toBeGreaterThan(loss.at(-1)!);
  });

  it('Booth, teleported before the fifth step as published', async () => {
    const [steered, twin] = (await trajectoryOf(testFunction('booth', [5, -5], 0.08, [4]))).flows;
    const [jump] = steered!.teleportations;
    // Up to there both are gradient descent on a quadratic: u and v contract by 0.44 along (1, 1) and 0.84 along (1, -1).
    const along = [-6 * 0.44 ** 4, -6 * 0.84 ** 4];
    const expected = 2 * (along[0]! ** 2 + along[1]! ** 2);
    expect(jump!.before.loss).toBeCloseTo(expected, 9);
    expect(jump!.after.gradientNorm ** 2).toBeCloseTo(36 * expected, 6);
    expect(twin!.frames.loss[4]).toBeCloseTo(expected, 9);
    expect(steered!.frames.loss[5]! / steered!.frames.loss[4]!).toBeCloseTo(0.1936, 6);
  });

  it('Rosenbrock from (-1, -1) reaches the largest gradient of its level set', async () => {
    const [steered] = (await trajectoryOf(testFunction('rosenbrock', [-1, -1], 1e-9, [0]))).flows;
    const [jump] = steered!.teleportations;
    expect(jump!.before.gradientNorm ** 2).toBeCloseTo(806416, 6);
    expect(Math.abs(jump!.after.gradientNorm ** 2 / 7.5449534e7 - 1)).toBeLessThan(1e-3);
  });

  it('ends below its twin on at least four of the five regression nets', async () => {
    // P2's shapes, rates and times (math.md E3) on U[0, 1) numbers of our own: half-squared error, leaky ReLU, 300 steps.
    const widths = [5, 6, 7, 8];
    const regression = (net: number): MlpExperiment => {
      const random = createRandom(net * net * 12345, 'regression');
      const matrix = (rows: number, columns: number) =>
        Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.uniform()));
      const inputs = matrix(4, widths[0]!);
      const parameters = [1, 2, 3].map((i) => ({ weight: matrix(widths[i]!, widths[i - 1]!) }));
      return {
        ...network,
        architecture: { kind: 'mlp', widths, activation: 'leaky-relu', bias: false },
        data: { kind: 'explicit', inputs, targets: matrix(4, widths[3]!) },
        loss: { kind: 'half-squared-error' },
        initialisation: { kind: 'explicit', parameters },
        flow: { integrator: 'gradient-descent', stepSize: 1e-4, steps: 300 },
        record: { steps: [0, 300], parameters: 'none' },
        teleportations: { ...network.teleportations!, at: [5], iterations: 8, maximumDistance: 5 },
      };
    };
    let lower = 0;
    for (let net = 0; net < 5; net++) {
      const [steered, twin] = (await trajectoryOf(regression(net))).flows;
      const [{ before, after }] = steered!.teleportations as [TeleportationRecord];
      expect(Math.abs(after.loss / before.loss - 1)).toBeLessThan(1e-10);
      if (steered!.frames.loss.at(-1)! < twin!.frames.loss.at(-1)!) lower++;
    }
    expect(lower).toBeGreaterThanOrEqual(4);
  });

  it('keeps the law of weight decay between jumps', async () => {
    const experiment: MlpExperiment = {
      ...network,
      flow: { integrator: 'dormand-prince', tolerance: 1e-10, time: 2, weightDecay: 0.3 },
      record: { count: 11, spacing: 'linear', parameters: 'none' },
      teleportations: { ...network.teleportations!, atTime: [1] } as MlpExperiment['teleportations'] & object,
    };
    const { at: __, ...teleportations } = experiment.teleportations as { readonly at?: unknown };
    const document = { ...experiment, teleportations } as MlpExperiment;
    for (const { frames, teleportations: jumps } of (await trajectoryOf(document)).flows) {
      frames.conserved.forEach(([q], i) => {
        const time = frames.time[i]!;
        const jump = time >= 1 ? jumps[0] : undefined;
        const [from, since] = jump ? [jump.after.conserved[0]!, 1] : [frames.conserved[0]![0]!, 0];
        expect(Math.abs(q! - from * Math.exp(-0.6 * (time - since)))).toBeLessThan(1e-6 * Math.abs(from));
      });
    }
  });
});
