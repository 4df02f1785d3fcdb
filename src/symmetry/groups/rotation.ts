import type { Problem } from '../../model/problem.ts';
import { isMlpProblem } from '../../model/problem.ts';
import { type TestFunction, testFunction } from '../../model/test-function.ts';
import type { GroupAction, GroupDefinition } from '../group-action.ts';
import { identityMatrix, view } from '../matrix/view.ts';
import { matrixAlgebra, randomElement, skewBasis } from './algebra.ts';
import { applicability } from './applicability.ts';
import { compose } from './linear-action.ts';

/** The matrix [[cos a, -sin a], [sin a, cos a]]. */
const turn = (angle: number): Float64Array =>
  Float64Array.of(Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle));

/** SO(2) on the residuals (u, v) of a test function: (x, y) -> point(g (u, v)) (math.md E1). */
function rotationAction({ residuals, point, jacobian, curvature }: TestFunction): GroupAction {
  const act = (g: Float64Array, theta: Float64Array): Float64Array => {
    const [u, v] = residuals(theta[0]!, theta[1]!);
    return Float64Array.from(point(g[0]! * u + g[1]! * v, g[2]! * u + g[3]! * v));
  };
  /** J^-1 (du, dv) at theta. */
  const lift = (theta: Float64Array, du: number, dv: number): readonly [number, number] => {
    const [ux, uy, vx, vy] = jacobian(theta[0]!, theta[1]!);
    const determinant = ux * vy - uy * vx;
    return [(vy * du - uy * dv) / determinant, (ux * dv - vx * du) / determinant];
  };
  /** d/da of the rotation by a at a = 0. */
  const velocity = (theta: Float64Array): readonly [number, number] => {
    const [u, v] = residuals(theta[0]!, theta[1]!);
    return lift(theta, -v, u);
  };
  const algebra = matrixAlgebra({
    sizes: [2],
    // One coordinate, the angle: -(E_01 - E_10) turns u towards v.
    basis: {
      ...skewBasis,
      matrix: (coordinates, offset) => Float64Array.of(0, -coordinates[offset]!, coordinates[offset]!, 0),
      project(m, out, offset) {
        out[offset] = m.data[2]! - m.data[1]!;
      },
    },
    generators: 'nonlinear',
    exponential: (x) => view(2, 2, turn(x.data[2]!)),
    flow: ([x], theta) => act(turn(x!.data[2]!), theta),
    infinitesimal([x], theta, out) {
      out.set(velocity(theta).map((d) => d * x!.data[2]!));
    },
    // u'' = -u = u_x x'' + u_y y'' + (second derivatives of u along the velocity), and the same for v.
    acceleration([x], theta, out) {
      const [u, v] = residuals(theta[0]!, theta[1]!);
      const [dx, dy] = velocity(theta);
      const bend = ([xx, xy, yy]: readonly [number, number, number]) =>
        xx * dx * dx + 2 * xy * dx * dy + yy * dy * dy;
      const angle = x!.data[2]!;
      out.set(lift(theta, -u - bend(curvature.u), -v - bend(curvature.v)).map((d) => d * angle * angle));
    },
    moments(theta, covector) {
      const [dx, dy] = velocity(theta);
      const m = (covector[0]! * dx + covector[1]! * dy) / 2;
      return [view(2, 2, Float64Array.of(0, -m, m, 0))];
    },
  });
  return {
    name: 'rotation',
    layerPairs: [],
    sizes: [2],
    identity: () => [identityMatrix(2)],
    compose,
    inverse: ([g]) => [Float64Array.of(g![0]!, g![2]!, g![1]!, g![3]!)],
    act: ([g], theta) => act(g!, theta),
    random: (random, scale) => randomElement(algebra, random, scale),
    exactness: () => ({ exact: true, message: 'Exact: it keeps u² + v².', conditioning: 1 }),
    algebra,
  };
}

/** SO(2) on the test functions. */
export const rotation: GroupDefinition = {
  name: 'rotation',
  label: 'Rotation of the residuals',
  symbol: 'SO(2)',
  formula: '(u, v) → g (u, v)',
  invariant: 'loss',
  continuous: true,
  compact: true,
  applies: ({ architecture }) => applicability.rotation(architecture),
  create: (problem: Problem) => {
    if (isMlpProblem(problem)) throw new RangeError('Only test functions have this rotation.');
    return rotationAction(testFunction(problem.architecture.name));
  },
};
