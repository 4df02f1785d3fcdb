import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { type ActivationName, activation, activationNames } from './activation.ts';
import type { MlpArchitecture } from './architecture.ts';
import { explicitDataset, teacherDataset } from './data.ts';
import { initialise, orthogonalMatrix } from './initialisation.ts';
import { createNetwork, type Network } from './network.ts';
import { packParameters, parameterLayout, unpackParameters } from './parameters.ts';
import { pointwiseActivations, pointwiseNames } from './pointwise.ts';
import { type RadialName, radialActivations } from './radial.ts';
import { createRandom } from './random.ts';
import { invertRows } from './row-inversion.ts';
import { checks, combine, dot, norm, type ProblemPoint, problemPoints } from './testing/problems.ts';

const gradientOf = (network: Network, theta: Float64Array): Float64Array => {
  const out = new Float64Array(network.size).fill(Number.NaN);
  network.gradient(theta, out);
  return out;
};

const hessianTimes = (network: Network, theta: Float64Array, v: Float64Array): Float64Array => {
  const out = new Float64Array(network.size).fill(Number.NaN);
  network.hessianVectorProduct(theta, v, out);
  return out;
};

const step = 1e-3;

/**
 * Whether differences on the stencil around theta tell derivatives: no pre-activation changes sign and no hidden vector
 * crosses a sphere with a kink; none of those is short.
 */
function smoothNearby(network: Network, { problem, theta, v }: ProblemPoint): boolean {
  const { architecture } = problem;
  const { kind } = activation(architecture.activation);
  if (kind === 'row-inversion') return true;
  const sides = (s: number) =>
    architecture.widths.slice(1, -1).flatMap((width, layer) => {
      const z = network.preActivations(combine(theta, s, v), layer);
      if (kind === 'pointwise') return [...z].map(Math.sign);
      const lengths = Array.from({ length: z.length / width }, (_, k) =>
        norm(z.subarray(k * width, (k + 1) * width)),
      );
      return lengths.map((r) => [0.3, 0.5, 1].filter((sphere) => r > sphere).length);
    });
  const [below, here, above] = [sides(-2 * step), sides(0), sides(2 * step)];
  return here.every((side, i) => side !== 0 && side === below[i] && side === above[i]);
}

/** What a hidden layer makes of z; the linear network of a row inversion one leaves it. */
function hiddenVector(name: ActivationName, z: number[]): number[] {
  const sigma = activation(name);
  if (sigma.kind === 'pointwise') return z.map(sigma.value);
  if (sigma.kind === 'row-inversion') return z;
  const r = norm(Float64Array.from(z));
  return z.map((x) => (r === 0 ? 0 : sigma.lambda(r) * x));
}

describe('a plain implementation agrees', () => {
  it('on outputs, pre-activations and loss', () => {
    fc.assert(
      fc.property(problemPoints(), ({ problem, theta }) => {
        const { architecture, dataset } = problem;
        const network = createNetwork({ ...problem, loss: 'squared-error' });
        const inverts = architecture.activation === 'row-inversion';
        const layers = unpackParameters(architecture, inverts ? invertRows(architecture, theta) : theta);
        let squares = 0;
        for (let s = 0; s < dataset.samples; s++) {
          let x = [...dataset.inputs.subarray(s * dataset.inputWidth, (s + 1) * dataset.inputWidth)];
          layers.forEach(({ weight, bias }, l) => {
            const z = weight.map((row, i) => row.reduce((sum, w, j) => sum + w * x[j]!, bias?.[i] ?? 0));
            const ours = network.preActivations(theta, l).subarray(s * z.length, (s + 1) * z.length);
            for (let i = 0; i < z.length; i++) expect(ours[i]).toBeCloseTo(z[i]!, 12);
            x = l < layers.length - 1 ? hiddenVector(architecture.activation, z) : z;
          });
          const y = network.outputs(theta).subarray(s * x.length, (s + 1) * x.length);
          x.forEach((output, o) => {
            expect(y[o]).toBeCloseTo(output, 12);
            squares += (output - dataset.targets[s * x.length + o]!) ** 2;
          });
        }
        expect(Math.abs(network.loss(theta) - squares)).toBeLessThan(1e-12 * (1 + squares));
      }),
      checks,
    );
  });
});

describe('derivatives', () => {
  it('the gradient is that of the loss', () => {
    fc.assert(
      fc.property(problemPoints(), (point) => {
        const { problem, theta, v } = point;
        const network = createNetwork(problem);
        fc.pre(smoothNearby(network, point));
        const at = (s: number) => network.loss(combine(theta, s * step, v));
        const slope = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * step);
        const gradient = gradientOf(network, theta);
        expect(Math.abs(dot(gradient, v) - slope)).toBeLessThan(1e-7 * (norm(gradient) * norm(v) + 1e-3));
      }),
      { ...checks, numRuns: 200 },
    );
  });

  it('each entry of the gradient, and gradient() returns the loss', () => {
    const architecture = { kind: 'mlp', widths: [3, 4, 3, 2], activation: 'sigmoid', bias: true } as const;
    const network = createNetwork({
      architecture,
      dataset: teacherDataset(architecture, 5, 1, 'cross-entropy'),
      loss: 'cross-entropy',
    });
    const theta = initialise(architecture, { kind: 'normal', std: [1, 1, 1] }, 2);
    const gradient = new Float64Array(network.size);
    expect(network.gradient(theta, gradient)).toBe(network.loss(theta));
    gradient.forEach((g, i) => {
      const at = (h: number) => network.loss(theta.map((x, j) => (j === i ? x + h : x)));
      expect(g).toBeCloseTo((8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step), 10);
    });
  });

  it('the Hessian-vector product is the derivative of the gradient', () => {
    fc.assert(
      fc.property(problemPoints(), (point) => {
        const { problem, theta, v } = point;
        const network = createNetwork(problem);
        fc.pre(smoothNearby(network, point));
        const at = (s: number) => gradientOf(network, combine(theta, s * step, v));
        const [p1, m1, p2, m2] = [at(1), at(-1), at(2), at(-2)];
        const expected = p1.map((x, i) => (8 * (x - m1[i]!) - (p2[i]! - m2[i]!)) / (12 * step));
        const product = hessianTimes(network, theta, v);
        expect(norm(combine(product, -1, expected))).toBeLessThan(
          1e-7 * (norm(product) + norm(gradientOf(network, theta)) + 1e-3),
        );
      }),
      { ...checks, numRuns: 200 },
    );
  });

  it('the Hessian is symmetric and linear', () => {
    fc.assert(
      fc.property(problemPoints(), ({ problem, theta, v, w }) => {
        const network = createNetwork(problem);
        const [hv, hw] = [hessianTimes(network, theta, v), hessianTimes(network, theta, w)];
        const size = norm(v) * norm(hw) + norm(w) * norm(hv);
        expect(Math.abs(dot(w, hv) - dot(v, hw))).toBeLessThan(1e-12 * size + 1e-300);
        const sum = hessianTimes(network, theta, combine(v, -3, w));
        expect(norm(combine(sum, -1, combine(hv, -3, hw)))).toBeLessThan(
          1e-12 * (norm(hv) + norm(hw)) + 1e-300,
        );
      }),
      checks,
    );
  });

  it('at zero loss of a linear network the Hessian is a Kronecker sum (math.md B9)', () => {
    const architecture = { kind: 'mlp', widths: [3, 4, 2], activation: 'linear', bias: false } as const;
    const theta = initialise(architecture, { kind: 'normal', std: [1, 1] }, 11);
    const [inner, outer] = unpackParameters(architecture, theta).map(
      ({ weight }) => new Matrix(weight.map((r) => [...r])),
    );
    const dataset = explicitDataset(Matrix.eye(3).to2DArray(), outer!.mmul(inner!).transpose().to2DArray());
    const network = createNetwork({ architecture, dataset, loss: 'squared-error' });
    expect(network.loss(theta)).toBeLessThan(1e-28);
    const unit = (i: number) => Float64Array.from({ length: network.size }, (_, j) => (i === j ? 1 : 0));
    const hessian = new Matrix(
      Array.from({ length: network.size }, (_, i) => [...hessianTimes(network, theta, unit(i))]),
    );
    const squares = (matrix: Matrix) =>
      new SingularValueDecomposition(matrix, { autoTranspose: true }).diagonal.map((x) => x * x);
    const nonzero = squares(outer!).flatMap((u) => squares(inner!).map((v) => 2 * (u + v)));
    const zeros = new Array<number>(network.size - nonzero.length).fill(0);
    const expected = [...zeros, ...nonzero.sort((a, b) => a - b)];
    const found = new EigenvalueDecomposition(hessian, { assumeSymmetric: true }).realEigenvalues.sort(
      (a, b) => a - b,
    );
    for (let i = 0; i < found.length; i++) expect(found[i]).toBeCloseTo(expected[i]!, 11);
  });
});

describe('the scalar network u v = y', () => {
  const architecture = { kind: 'mlp', widths: [1, 1, 1], activation: 'linear', bias: false } as const;
  const network = createNetwork({
    architecture,
    dataset: explicitDataset([[1]], [[1.7]]),
    loss: 'half-squared-error',
  });

  it('has the closed forms of L = (u v - y)^2 / 2', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (v, u) => {
          const theta = Float64Array.of(v, u);
          const error = u * v - 1.7;
          expect(network.loss(theta)).toBeCloseTo(error ** 2 / 2, 13);
          const gradient = gradientOf(network, theta);
          expect(gradient[0]).toBeCloseTo(error * u, 13);
          expect(gradient[1]).toBeCloseTo(error * v, 13);
          const product = hessianTimes(network, theta, Float64Array.of(2, -1));
          expect(product[0]).toBeCloseTo(2 * u * u - (u * v + error), 12);
          expect(product[1]).toBeCloseTo(2 * (u * v + error) - v * v, 12);
        },
      ),
      checks,
    );
  });

  it('is as sharp as sqrt(q^2 + 4 y^2) at its minima', () => {
    const [v, u] = [0.85, 2];
    const product = hessianTimes(network, Float64Array.of(v, u), Float64Array.of(u, v));
    const q = u * u - v * v;
    expect(product[0]! / u).toBeCloseTo(Math.sqrt(q * q + 4 * 1.7 ** 2), 12);
    expect(product[1]! / v).toBeCloseTo(Math.sqrt(q * q + 4 * 1.7 ** 2), 12);
  });
});

/** <theta, grad> over the weights into, and out of, one hidden unit: math.md B4. */
function unitMoments(
  architecture: MlpArchitecture,
  theta: Float64Array,
  gradient: Float64Array,
  layer: number,
  unit: number,
) {
  const { layers } = parameterLayout(architecture);
  const [inner, outer] = [layers[layer]!, layers[layer + 1]!];
  const term = (i: number) => theta[i]! * gradient[i]!;
  let into = inner.bias >= 0 ? term(inner.bias + unit) : 0;
  for (let j = 0; j < inner.columns; j++) into += term(inner.weight + unit * inner.columns + j);
  let outOf = 0;
  for (let i = 0; i < outer.rows; i++) outOf += term(outer.weight + i * outer.columns + unit);
  return { into, outOf };
}

describe('symmetries of the loss', () => {
  /** Of each hidden layer, by unit, relative to the largest that they could be. */
  const moments = ({ problem: { architecture }, problem, theta }: ProblemPoint) => {
    const gradient = gradientOf(createNetwork(problem), theta);
    const scale = norm(theta) * norm(gradient) + 1e-300;
    return architecture.widths.slice(1, -1).map((width, layer) =>
      Array.from({ length: width }, (_, unit) => {
        const { into, outOf } = unitMoments(architecture, theta, gradient, layer, unit);
        return { into: into / scale, outOf: outOf / scale };
      }),
    );
  };
  const largestDefect = (point: ProblemPoint): number =>
    Math.max(...moments(point).flatMap((units) => units.map(({ into, outOf }) => Math.abs(into - outOf))));
  const named = (homogeneous: boolean): ActivationName[] =>
    pointwiseNames.filter((name) => (pointwiseActivations[name].homogeneity !== null) === homogeneous);

  it('rescaling a homogeneous unit leaves the loss: Euler identity', () => {
    fc.assert(
      fc.property(problemPoints({ activations: named(true) }), (point) => {
        expect(largestDefect(point)).toBeLessThan(1e-13);
      }),
      checks,
    );
  });

  it('rescaling the last hidden rows that are inverted by c, and what follows by c, leaves the loss', () => {
    fc.assert(
      fc.property(problemPoints({ activations: ['row-inversion'] }), (point) => {
        const last = moments(point).at(-1)!;
        for (const { into, outOf } of last) expect(Math.abs(into + outOf)).toBeLessThan(1e-13);
      }),
      checks,
    );
  });

  it('rescaling a whole layer by c, and what follows by c^-2, leaves the loss of a radial network of degree 2', () => {
    const total = (numbers: number[]) => numbers.reduce((sum, x) => sum + x, 0);
    fc.assert(
      fc.property(problemPoints({ activations: ['radial-square'] }), (point) => {
        for (const units of moments(point)) {
          const into = total(units.map((unit) => unit.into));
          const outOf = total(units.map((unit) => unit.outOf));
          expect(Math.abs(into - 2 * outOf)).toBeLessThan(1e-13);
        }
      }),
      checks,
    );
  });

  it('and changes it for the other pointwise activations', () => {
    const defects = fc.sample(problemPoints({ activations: named(false) }), checks).map(largestDefect);
    expect(defects.filter((defect) => defect > 1e-6).length).toBeGreaterThan(0.9 * defects.length);
  });

  /** Reverses the units of a hidden layer; `outer` says whether the next weight follows. */
  function reverseUnits({ problem, theta }: ProblemPoint, outer: boolean): Float64Array {
    const layers = unpackParameters(problem.architecture, theta).map(({ weight, bias }) => ({
      weight: weight.map((row) => [...row]),
      ...(bias ? { bias: [...bias] } : {}),
    }));
    layers[0]!.weight.reverse();
    layers[0]!.bias?.reverse();
    if (outer) for (const row of layers[1]!.weight) row.reverse();
    return packParameters(problem.architecture, layers);
  }

  it('permuting hidden units keeps the function', () => {
    fc.assert(
      fc.property(problemPoints(), (point) => {
        const network = createNetwork(point.problem);
        const outputs = network.outputs(point.theta);
        const permuted = network.outputs(reverseUnits(point, true));
        expect(norm(combine(permuted, -1, outputs))).toBeLessThan(1e-12 * (1 + norm(outputs)));
      }),
      checks,
    );
  });

  it('permuting one side only does not', () => {
    const [point] = fc.sample(
      problemPoints({ activations: ['tanh'] }).filter(({ problem }) => problem.architecture.widths[1]! > 3),
      { ...checks, numRuns: 1 },
    );
    const network = createNetwork(point!.problem);
    const changed = network.outputs(reverseUnits(point!, false));
    expect(norm(combine(changed, -1, network.outputs(point!.theta)))).toBeGreaterThan(1e-3);
  });
});

describe('radial networks', () => {
  /** O V, O b and U O^T at one hidden layer; without `outer` U stays. */
  function turn({ problem: { architecture }, theta }: ProblemPoint, layer: number, outer: boolean) {
    const layers = unpackParameters(architecture, theta);
    const [before, after] = [layers[layer]!, layers[layer + 1]!];
    const width = before.weight.length;
    const entries = orthogonalMatrix(width, width, createRandom(5, 'rotation'));
    const rotation = Matrix.from1DArray(width, width, [...entries]);
    const turned = layers.slice();
    turned[layer] = {
      weight: rotation.mmul(new Matrix(before.weight.map((row) => [...row]))).to2DArray(),
      ...(before.bias && { bias: rotation.mmul(Matrix.columnVector([...before.bias])).to1DArray() }),
    };
    if (outer) {
      const weight = new Matrix(after.weight.map((row) => [...row])).mmul(rotation.transpose()).to2DArray();
      turned[layer + 1] = { ...after, weight };
    }
    return packParameters(architecture, turned);
  }
  const radialPoints = (names: readonly ActivationName[]) => problemPoints({ activations: names });
  const defect = (point: ProblemPoint, outer: boolean) => {
    const network = createNetwork(point.problem);
    const outputs = network.outputs(point.theta);
    const layer = point.problem.architecture.widths.length - 3;
    return norm(combine(network.outputs(turn(point, layer, outer)), -1, outputs)) / (1e-9 + norm(outputs));
  };

  it('turning a hidden layer and what follows keeps the function', () => {
    fc.assert(
      fc.property(radialPoints(Object.keys(radialActivations) as RadialName[]), (point) => {
        // On the sphere where step-ReLU jumps, rounding decides.
        fc.pre(smoothNearby(createNetwork(point.problem), point));
        expect(defect(point, true)).toBeLessThan(1e-9);
      }),
      checks,
    );
  });

  it('turning one side only does not, nor does either for tanh', () => {
    const wide = (names: readonly ActivationName[]) =>
      fc.sample(
        radialPoints(names).filter(({ problem }) => problem.architecture.widths.at(-2)! > 2),
        { ...checks, numRuns: 10 },
      );
    for (const point of wide(['squash', 'shifted-sigmoid', 'radial-square'])) {
      expect(defect(point, false)).toBeGreaterThan(1e-3);
    }
    for (const point of wide(['tanh'])) expect(defect(point, true)).toBeGreaterThan(1e-3);
  });

  it.each(Object.keys(radialActivations) as RadialName[])(
    '%s: a hidden vector of length 0 has no derivatives',
    (name) => {
      const architecture = { kind: 'mlp', widths: [2, 3, 2], activation: name, bias: false } as const;
      const dataset = explicitDataset([[1, -2]], [[1, 1]]);
      const network = createNetwork({ architecture, dataset, loss: 'squared-error' });
      const theta = initialise(architecture, { kind: 'normal', std: [0, 1] }, 1);
      expect(network.loss(theta)).toBe(2);
      expect(norm(gradientOf(network, theta))).toBe(0);
      expect(norm(hessianTimes(network, theta, theta))).toBe(0);
    },
  );

  it.each(['step-relu', 'shifted-relu'] as const)(
    '%s: hidden vectors that are too short are dead, all at once',
    (name) => {
      const architecture = { kind: 'mlp', widths: [2, 3, 2], activation: name, bias: true } as const;
      const dataset = explicitDataset([[0.1, -0.2]], [[1, 1]]);
      const network = createNetwork({ architecture, dataset, loss: 'squared-error' });
      const theta = initialise(architecture, { kind: 'normal', std: [0.1, 1] }, 1);
      const { layers } = parameterLayout(architecture);
      expect(network.preActivations(theta, 0).some((z) => z !== 0)).toBe(true);
      const gradient = gradientOf(network, theta);
      // The last bias alone moves the outputs.
      expect(norm(gradient.subarray(0, layers[1]!.bias))).toBe(0);
      expect(norm(gradient)).toBeGreaterThan(0.1);
    },
  );
});

describe('the workspace', () => {
  it('leaves no trace: the same input gives the same bits whatever ran before', () => {
    fc.assert(
      fc.property(problemPoints(), ({ problem, theta, v, w }) => {
        const network = createNetwork(problem);
        const [gradient, product] = [gradientOf(network, theta), hessianTimes(network, theta, v)];
        network.loss(w);
        hessianTimes(network, w, theta);
        expect(gradientOf(network, theta)).toEqual(gradient);
        expect(hessianTimes(network, theta, v)).toEqual(product);
        expect(hessianTimes(createNetwork(problem), theta, v)).toEqual(product);
      }),
      checks,
    );
  });

  it('hands out copies', () => {
    const architecture = { kind: 'mlp', widths: [2, 3, 2], activation: 'tanh', bias: false } as const;
    const network = createNetwork({
      architecture,
      dataset: teacherDataset(architecture, 4, 1, 'squared-error'),
      loss: 'squared-error',
    });
    const theta = initialise(architecture, { kind: 'lecun' }, 1);
    const before = network.outputs(theta);
    network.outputs(theta).fill(0);
    network.preActivations(theta, 1).fill(0);
    expect(network.outputs(theta)).toEqual(before);
    expect(network.preActivations(theta, 1)).toEqual(before);
  });
});

it.each(activationNames)('shows parameters that are not finite (%s)', (name) => {
  const architecture = { kind: 'mlp', widths: [2, 3, 2], activation: name, bias: true } as const;
  const dataset = teacherDataset(architecture, 4, 1, 'mean-squared-error');
  const network = createNetwork({ architecture, dataset, loss: 'mean-squared-error' });
  for (let i = 0; i < network.size; i++) {
    const theta = initialise(architecture, { kind: 'lecun' }, 1);
    theta[i] = Number.NaN;
    expect(network.loss(theta)).toBeNaN();
  }
});

it('runs at the largest width', () => {
  const architecture = { kind: 'mlp', widths: [2, 512, 512, 1], activation: 'relu', bias: true } as const;
  const dataset = teacherDataset(architecture, 3, 1, 'mean-squared-error');
  const network = createNetwork({ architecture, dataset, loss: 'mean-squared-error' });
  const theta = initialise(architecture, { kind: 'he' }, 1);
  const v = initialise(architecture, { kind: 'he' }, 2);
  const h = 1e-6;
  const slope = (network.loss(combine(theta, h, v)) - network.loss(combine(theta, -h, v))) / (2 * h);
  expect(Math.abs(dot(gradientOf(network, theta), v) / slope - 1)).toBeLessThan(1e-6);
});
