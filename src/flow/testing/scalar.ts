import type { MlpProblem } from '../../model/problem.ts';

/** The scalar network L = 1/2 (y - u v)^2 with theta = (v, u): v is the first layer, u the second (math.md B9). */
export const scalarProblem = (y: number): MlpProblem => ({
  architecture: { kind: 'mlp', widths: [1, 1, 1], activation: 'linear', bias: false },
  dataset: {
    samples: 1,
    inputWidth: 1,
    outputWidth: 1,
    inputs: Float64Array.of(1),
    targets: Float64Array.of(y),
  },
  loss: 'half-squared-error',
});

/** theta(t) of the scalar network for q = u^2 - v^2 > 0 and u, v > 0 at the start (math.md B9). */
export function scalarSolution(y: number, u0: number, v0: number, time: number): Float64Array {
  const q = u0 * u0 - v0 * v0;
  const root = Math.sqrt((4 * y * y) / (q * q) + 1);
  const [above, below] = [(2 * y) / q + root, (2 * y) / q - root];
  const start = ((u0 + v0) / Math.sqrt(q)) ** 2;
  const decay = ((start - above) / (start - below)) * Math.exp(-Math.hypot(q, 2 * y) * time);
  const z = (above - below * decay) / (1 - decay);
  const angle = Math.log(z) / 2;
  return Float64Array.of(Math.sqrt(q) * Math.sinh(angle), Math.sqrt(q) * Math.cosh(angle));
}

/** p(t) = u v of the balanced scalar network, q = 0 (math.md H5). */
export const balancedProduct = (y: number, p0: number, time: number): number => {
  const growth = Math.exp(2 * y * time);
  return (y * growth) / (growth - 1 + y / p0);
};
