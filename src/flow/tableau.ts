/** What an author writes down of an explicit Runge-Kutta method: its Butcher tableau as published. */
export interface TableauCoefficients {
  /** Order of the solution that is carried on. */
  readonly order: number;
  /** Nodes c_2 .. c_s (c_1 = 0), length s - 1. */
  readonly c: readonly number[];
  /** Rows 2 .. s of the strictly lower triangular A: row i has i - 1 entries. */
  readonly a: readonly (readonly number[])[];
  /** Weights of the solution, length s. */
  readonly b: readonly number[];
  /** Weights of the embedded solution of lower order that estimates the error. */
  readonly embedded?: { readonly order: number; readonly b: readonly number[] };
}

/** A checked tableau in the form that a step uses. Built by `tableau`. */
export interface Tableau {
  readonly order: number;
  /**
   * Point r of a step is theta - h sum_j points[r][j] grad_j. Point 0 is theta itself (an empty row), the last one is the
   * new theta, so its gradient starts the next step. First-same-as-last methods have s points, others s + 1.
   */
  readonly points: readonly (readonly number[])[];
  /** Weights b - b^ of the error estimate, length s; null without an embedded solution. */
  readonly error: readonly number[] | null;
  /** Order of the embedded solution, 0 without one. */
  readonly errorOrder: number;
  /** Whether the last stage is the gradient at the new theta (derived: c_s = 1 and the last row of A is b). */
  readonly firstSameAsLast: boolean;
}

const TOLERANCE = 1e-13;
const near = (x: number, y: number) => Math.abs(x - y) <= TOLERANCE * Math.max(1, Math.abs(y));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const dot = (x: readonly number[], y: readonly number[]) => sum(x.map((value, i) => value * (y[i] ?? 0)));

/**
 * Checks published coefficients and derives what a step needs: shapes, rows of A summing to c, error weights summing to 0,
 * and every order condition of both solutions (Butcher 1963; Hairer, Norsett, Wanner, Solving ODEs I, II.2).
 * Throws an Error naming the first condition that fails.
 */
export function tableau(coefficients: TableauCoefficients): Tableau {
  const { order, c, a, b, embedded } = coefficients;
  const stages = b.length;
  check(c.length === stages - 1 && a.length === stages - 1, 'A and c must have one row fewer than b');
  a.forEach((row, i) => {
    check(row.length === i + 1, `row ${i + 2} of A must have ${i + 1} entries`);
    check(near(sum(row), c[i]!), `row ${i + 2} of A must sum to c`);
  });
  const matrix = [[], ...a];
  checkOrder(matrix, b, order, 'the solution');
  const error = embedded ? b.map((weight, i) => weight - (embedded.b[i] ?? Number.NaN)) : null;
  if (embedded && error) {
    check(near(sum(error), 0), 'the error weights must sum to 0');
    checkOrder(matrix, embedded.b, embedded.order, 'the embedded solution');
  }
  const last = a.at(-1);
  const firstSameAsLast = last !== undefined && b.every((weight, i) => weight === (last[i] ?? 0));
  const points = firstSameAsLast ? matrix : [...matrix, b];
  return { order, points, error, errorOrder: embedded?.order ?? 0, firstSameAsLast };
}

/** One order condition: sum_i b_i weights_i = 1 / density for a rooted tree with `order` vertices. */
export interface OrderCondition {
  readonly order: number;
  readonly density: number;
  readonly weights: readonly number[];
}

/**
 * The order conditions of A up to `order`: one per rooted tree, 17 up to order 5. A tree [t_1, .., t_m] has the weights
 * prod_k A weights(t_k) and the density (number of vertices) * prod_k density(t_k) (Hairer, Norsett, Wanner II.2).
 */
export function orderConditions(a: readonly (readonly number[])[], order: number): OrderCondition[] {
  const trees: OrderCondition[] = [];
  for (let vertices = 1; vertices <= order; vertices++) {
    trees.push(
      ...forests(trees, vertices - 1).map((branches) => ({
        order: vertices,
        density: branches.reduce((product, branch) => product * branch.density, vertices),
        weights: a.map((row) => branches.reduce((product, branch) => product * dot(row, branch.weights), 1)),
      })),
    );
  }
  return trees;
}

/** Every multiset of the first `available` trees with `vertices` vertices in all. */
function forests(
  trees: readonly OrderCondition[],
  vertices: number,
  available = trees.length,
): OrderCondition[][] {
  if (vertices === 0) return [[]];
  return trees
    .slice(0, available)
    .flatMap((tree, i) =>
      tree.order > vertices
        ? []
        : forests(trees, vertices - tree.order, i + 1).map((rest) => [tree, ...rest]),
    );
}

function checkOrder(a: readonly (readonly number[])[], b: readonly number[], order: number, what: string) {
  orderConditions(a, order).forEach((condition, index) => {
    const holds = near(dot(b, condition.weights) * condition.density, 1);
    check(holds, `order condition ${index + 1} (order ${condition.order}) of ${what} fails`);
  });
}

function check(holds: boolean, condition: string) {
  if (!holds) throw new Error(`Butcher tableau: ${condition}.`);
}
