import type { LossFunction } from './loss-function.ts';

/**
 * A test function of two parameters, L(x, y) = u^2 + v^2 (math.md E1), given by its residuals u and v, coordinates of the
 * plane in which L is the squared distance from 0. Rotating (u, v) keeps L. A new one is one entry in `testFunctions`.
 */
export interface TestFunction {
  /** Name shown to people. */
  readonly label: string;
  readonly formula: string;
  /** (u, v) of (x, y). */
  residuals(x: number, y: number): readonly [number, number];
  /** (x, y) of (u, v): the inverse of `residuals`. */
  point(u: number, v: number): readonly [number, number];
  /** [u_x, u_y, v_x, v_y] at (x, y). */
  jacobian(x: number, y: number): readonly [number, number, number, number];
  /** Second derivatives [u_xx, u_xy, u_yy] and [v_xx, v_xy, v_yy], constant for quadratic residuals. */
  readonly curvature: {
    readonly u: readonly [number, number, number];
    readonly v: readonly [number, number, number];
  };
}

const flat = [0, 0, 0] as const;

/** Every test function, by the name used in documents. */
export const testFunctions = {
  booth: {
    label: 'Booth',
    formula: '(x + 2y − 7)² + (2x + y − 5)²',
    residuals: (x, y) => [x + 2 * y - 7, 2 * x + y - 5],
    point: (u, v) => [(2 * v - u) / 3 + 1, (2 * u - v) / 3 + 3],
    jacobian: () => [1, 2, 2, 1],
    curvature: { u: flat, v: flat },
  },
  rosenbrock: {
    label: 'Rosenbrock',
    formula: '100 (x² − y)² + (x − 1)²',
    residuals: (x, y) => [10 * (x * x - y), x - 1],
    point: (u, v) => [v + 1, (v + 1) ** 2 - u / 10],
    jacobian: (x) => [20 * x, -10, 1, 0],
    curvature: { u: [20, 0, 0], v: flat },
  },
} as const satisfies Record<string, TestFunction>;

export type TestFunctionName = keyof typeof testFunctions;

/** The names in table order, for menus and validation. */
export const testFunctionNames = Object.keys(testFunctions) as TestFunctionName[];

/** Looks a test function up by name. */
export const testFunction = (name: TestFunctionName): TestFunction => testFunctions[name];

/** The loss of a test function; theta = (x, y). */
export function testFunctionLoss(name: TestFunctionName): LossFunction {
  const { residuals, jacobian, curvature } = testFunction(name);
  const value = (theta: Float64Array): number => {
    const [u, v] = residuals(theta[0]!, theta[1]!);
    return u * u + v * v;
  };
  return {
    size: 2,
    loss: value,
    gradient(theta, out) {
      const [u, v] = residuals(theta[0]!, theta[1]!);
      const [ux, uy, vx, vy] = jacobian(theta[0]!, theta[1]!);
      out[0] = 2 * (u * ux + v * vx);
      out[1] = 2 * (u * uy + v * vy);
      return u * u + v * v;
    },
    hessianVectorProduct(theta, vector, out) {
      const [u, v] = residuals(theta[0]!, theta[1]!);
      const [ux, uy, vx, vy] = jacobian(theta[0]!, theta[1]!);
      const [dx, dy] = [vector[0]!, vector[1]!];
      const du = ux * dx + uy * dy;
      const dv = vx * dx + vy * dy;
      const along = ([xx, xy, yy]: readonly [number, number, number]) =>
        [xx * dx + xy * dy, xy * dx + yy * dy] as const;
      const [curvedU, curvedV] = [along(curvature.u), along(curvature.v)];
      out[0] = 2 * (du * ux + dv * vx + u * curvedU[0] + v * curvedV[0]);
      out[1] = 2 * (du * uy + dv * vy + u * curvedU[1] + v * curvedV[1]);
    },
  };
}
