/**
 * The linear assignment problem: the permutation p that maximises sum_i score[i][p(i)], by successive shortest augmenting
 * paths with potentials (Kuhn 1955, Jonker, Volgenant 1987), O(n^3). `score` is [n][n] row-major; returns p.
 */
export function bestAssignment(score: Float64Array): Int32Array {
  const n = Math.sqrt(score.length);
  const rowPotential = new Float64Array(n + 1);
  const columnPotential = new Float64Array(n + 1);
  /** Row assigned to a column, counted from 1; 0 is nobody. */
  const rowOf = new Int32Array(n + 1);
  const before = new Int32Array(n + 1);
  for (let row = 1; row <= n; row++) {
    rowOf[0] = row;
    let column = 0;
    const slack = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
    const done = new Uint8Array(n + 1);
    while (rowOf[column] !== 0) {
      done[column] = 1;
      const i = rowOf[column]!;
      let delta = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let j = 1; j <= n; j++) {
        if (done[j]) continue;
        const reduced = -score[(i - 1) * n + j - 1]! - rowPotential[i]! - columnPotential[j]!;
        if (reduced < slack[j]!) {
          slack[j] = reduced;
          before[j] = column;
        }
        if (slack[j]! < delta) {
          delta = slack[j]!;
          next = j;
        }
      }
      for (let j = 0; j <= n; j++) {
        if (done[j]) {
          rowPotential[rowOf[j]!]! += delta;
          columnPotential[j]! -= delta;
        } else slack[j]! -= delta;
      }
      column = next;
    }
    while (column !== 0) {
      const previous = before[column]!;
      rowOf[column] = rowOf[previous]!;
      column = previous;
    }
  }
  const assigned = new Int32Array(n);
  for (let j = 1; j <= n; j++) assigned[rowOf[j]! - 1] = j - 1;
  return assigned;
}
