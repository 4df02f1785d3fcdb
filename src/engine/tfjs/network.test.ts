import {
  add,
  grad,
  memory,
  onesLike,
  type Tensor,
  tensor1d,
  tensor2d,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { genericStart, relativeError, teacherProblem } from '../../flow/testing/flows.ts';
import { explicitDataset } from '../../model/data.ts';
import { lossNames } from '../../model/loss.ts';
import { createNetwork } from '../../model/network.ts';
import { pointwiseActivations, pointwiseNames } from '../../model/pointwise.ts';
import { type RadialName, radialActivations } from '../../model/radial.ts';
import { layerActivationNames } from '../layered.ts';
import { tensorActivations } from './activations.ts';
import { createTensorNetwork, type TensorNetwork } from './network.ts';
import { openSession, type Session } from './session.ts';

const radialNames = Object.keys(radialActivations) as RadialName[];

let session: Session;
beforeAll(async () => {
  session = await openSession('cpu', true);
});

const expectFloat32 = (actual: number, expected: number) =>
  expect(Math.abs(actual - expected)).toBeLessThan(5e-7 * Math.max(1, Math.abs(expected)));

describe('activations', () => {
  const points = [-30, -3, -0.7, -1e-3, 0, 1e-3, 0.4, 2, 30];

  it.each(pointwiseNames)('%s: value and derivative are those of the model and of autodiff', async (name) => {
    const { value, pushForward } = tensorActivations[name];
    const exact = pointwiseActivations[name];
    const evaluate = (f: (x: Tensor) => Tensor) =>
      session.download(
        session.compute(() => {
          const x = tensor1d(points);
          return add(f(x), zerosLike(x));
        }),
      );
    const values = await evaluate(value);
    const derivatives = await evaluate((x) => pushForward(x, value(x), onesLike(x)));
    // Autodiff needs an operation between what goes in and what comes out.
    const automatic = await evaluate((x) => grad((z: Tensor) => value(add(z, 0)))(x));
    points.forEach((point, i) => {
      expectFloat32(values[i]!, exact.value(point));
      expectFloat32(derivatives[i]!, exact.derivative(point));
      expectFloat32(automatic[i]!, exact.derivative(point));
    });
  });
});

describe('a network of tensors', () => {
  const flows = [1, 2, 3];

  /** What a kernel gives for three flows, with so many of them in one operation. */
  async function evaluate(
    problem: ReturnType<typeof teacherProblem>,
    rowsAtOnce: number,
    kernel: (network: TensorNetwork, theta: Tensor, vector: Tensor) => Tensor,
  ): Promise<Float64Array> {
    const network = session.compute(() => createTensorNetwork(problem, rowsAtOnce));
    const rows = (seed: number) =>
      tensor2d(flows.map((flow) => [...genericStart(problem.architecture, seed + flow)]));
    const result = await session.download(session.compute(() => kernel(network, rows(0), rows(10))));
    network.dispose();
    return Float64Array.from(result);
  }

  /** The same in float64, flow by flow. */
  function expected(
    problem: ReturnType<typeof teacherProblem>,
    kernel: (
      network: ReturnType<typeof createNetwork>,
      theta: Float64Array,
      vector: Float64Array,
      out: Float64Array,
    ) => unknown,
  ): Float64Array {
    const network = createNetwork(problem);
    const all = flows.flatMap((flow) => {
      const out = new Float64Array(network.size);
      const start = (seed: number) => genericStart(problem.architecture, seed + flow);
      kernel(network, start(0), start(10), out);
      return [...out];
    });
    return Float64Array.from(all);
  }

  for (const activationName of layerActivationNames) {
    for (const loss of lossNames) {
      for (const bias of [false, true]) {
        const problem = teacherProblem(
          { kind: 'mlp', widths: [3, 6, 4, 3], activation: activationName, bias },
          3,
          loss,
        );
        it(`${activationName}, ${loss}, ${bias ? 'with' : 'without'} biases: first and second derivatives`, async () => {
          const tensors = memory().numTensors;
          const gradient = await evaluate(problem, 2, (network, theta) => network.gradient(theta).gradient);
          const product = await evaluate(problem, 2, (network, theta, vector) =>
            network.hessianVectorProduct(theta, vector),
          );
          expect(memory().numTensors).toBe(tensors);
          const exactGradient = expected(problem, (network, theta, _, out) => network.gradient(theta, out));
          const exactProduct = expected(problem, (network, theta, vector, out) =>
            network.hessianVectorProduct(theta, vector, out),
          );
          expect(relativeError(gradient, exactGradient)).toBeLessThan(3e-6);
          expect(relativeError(product, exactProduct)).toBeLessThan(3e-6);
        });
      }
    }
  }

  it.each(radialNames)('%s: hidden vectors of length 0 and short ones', async (activationName) => {
    const architecture = {
      kind: 'mlp',
      widths: [2, 3, 2],
      activation: activationName,
      bias: false,
    } as const;
    const dataset = explicitDataset(
      [
        [0, 0],
        [0.1, -0.2],
        [3, 4],
      ],
      [
        [1, 2],
        [0, 1],
        [1, 0],
      ],
    );
    const problem = { architecture, dataset, loss: 'squared-error' } as const;
    const gradient = await evaluate(problem, 3, (network, theta) => network.gradient(theta).gradient);
    const product = await evaluate(problem, 3, (network, theta, vector) =>
      network.hessianVectorProduct(theta, vector),
    );
    const exactGradient = expected(problem, (network, theta, _, out) => network.gradient(theta, out));
    const exactProduct = expected(problem, (network, theta, vector, out) =>
      network.hessianVectorProduct(theta, vector, out),
    );
    expect(relativeError(gradient, exactGradient)).toBeLessThan(3e-6);
    expect(relativeError(product, exactProduct)).toBeLessThan(3e-6);
  });

  it('takes any number of flows at once, with the same result', async () => {
    const problem = teacherProblem({ kind: 'mlp', widths: [4, 5, 2], activation: 'tanh', bias: true }, 1);
    for (const kernel of [
      (network: TensorNetwork, theta: Tensor) => network.loss(theta),
      (network: TensorNetwork, theta: Tensor) => network.gradient(theta).loss,
      (network: TensorNetwork, theta: Tensor) => network.gradient(theta).gradient,
      (network: TensorNetwork, theta: Tensor, vector: Tensor) => network.hessianVectorProduct(theta, vector),
    ]) {
      const together = await evaluate(problem, Number.POSITIVE_INFINITY, kernel);
      for (const rowsAtOnce of [1, 2]) {
        const inTurns = await evaluate(problem, rowsAtOnce, kernel);
        expect(inTurns).toHaveLength(together.length);
        expect(relativeError(inTurns, together)).toBeLessThan(1e-6);
      }
    }
  });

  it('stays finite and exact where logits are far apart', async () => {
    const problem = teacherProblem(
      { kind: 'mlp', widths: [3, 6, 3], activation: 'linear', bias: false },
      3,
      'cross-entropy',
    );
    const theta = genericStart(problem.architecture, 1).map((value) => 20 * value);
    const network = session.compute(() => createTensorNetwork(problem, 1));
    const loss = await session.download(session.compute(() => network.loss(tensor2d([[...theta]]))));
    network.dispose();
    const exact = createNetwork(problem).loss(theta);
    expect(exact).toBeGreaterThan(50);
    expect(loss[0]! / exact).toBeCloseTo(1, 5);
  });
});
