import { entry, type MatrixView, view } from './view.ts';

/** What the R matrix is computed in: numbers, or numbers that carry derivatives. */
interface Arithmetic<T> {
  constant(x: number): T;
  value(x: T): number;
  add(a: T, b: T): T;
  multiply(a: T, b: T): T;
  divide(a: T, b: T): T;
  root(a: T): T;
}

const numbers: Arithmetic<number> = {
  constant: (x) => x,
  value: (x) => x,
  add: (a, b) => a + b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  root: Math.sqrt,
};

/** A number that depends on s: value, first and second derivative at s = 0. */
type NumberJet = readonly [number, number, number];

const jets: Arithmetic<NumberJet> = {
  constant: (x) => [x, 0, 0],
  value: ([x]) => x,
  add: (a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]],
  multiply: (a, b) => [a[0] * b[0], a[1] * b[0] + a[0] * b[1], a[2] * b[0] + 2 * a[1] * b[1] + a[0] * b[2]],
  divide(a, b) {
    const q = a[0] / b[0];
    const dq = (a[1] - q * b[1]) / b[0];
    return [q, dq, (a[2] - 2 * dq * b[1] - q * b[2]) / b[0]];
  },
  root(a) {
    const r = Math.sqrt(a[0]);
    const dr = a[1] / (2 * r);
    return [r, dr, (a[2] - 2 * dr * dr) / (2 * r)];
  },
};

/**
 * t_j = |(z_j, .., z_{n-1})|, and t_{n-1} = z_{n-1} with its sign: the radii whose ratios are the sines of the spherical
 * angles of z.
 */
function radii<T>(z: readonly T[], of: Arithmetic<T>): T[] {
  const out = [...z];
  if (z.length === 1) return out;
  let sum = of.multiply(z.at(-1)!, z.at(-1)!);
  for (let j = z.length - 2; j >= 0; j--) {
    sum = of.add(sum, of.multiply(z[j]!, z[j]!));
    out[j] = of.value(sum) > 0 ? of.root(sum) : of.constant(0);
  }
  return out;
}

/** The entries of R on and below the first diagonal above the main one, by `write`; zero elsewhere. */
function frame<T>(z: readonly T[], of: Arithmetic<T>, write: (i: number, j: number, x: T) => void): void {
  const n = z.length;
  const t = radii(z, of);
  const r = t[0]!;
  if (of.value(r) === 0) throw new RangeError('The R matrix of the zero vector is not defined.');
  /** a/b, and `limit` where b vanishes: the angle 0. */
  const ratio = (a: T, b: T, limit: number) => (of.value(b) === 0 ? of.constant(limit) : of.divide(a, b));
  for (let i = 0; i < n; i++) write(i, 0, z[i]!);
  for (let j = 1; j < n; j++) {
    const cosine = of.multiply(r, ratio(z[j - 1]!, t[j - 1]!, 1));
    const sine = of.multiply(r, ratio(t[j]!, t[j - 1]!, 0));
    write(j - 1, j, of.multiply(of.constant(-1), sine));
    for (let i = j; i < n; i++) write(i, j, of.multiply(cosine, ratio(z[i]!, t[j]!, i === j ? 1 : 0)));
  }
}

/**
 * R(z), row-major [n][n], the spherical frame at z times |z| (math.md D1): its first column is z, R R^T = |z|^2, det R =
 * |z|^n (z itself for n = 1), and it is lower Hessenberg. The last angle keeps the sign of the last coordinate; where a
 * tail of z vanishes the angles count as 0. Throws RangeError for z = 0.
 */
export function rMatrix(z: Float64Array): MatrixView {
  const out = view(z.length, z.length);
  frame(Array.from(z), numbers, (i, j, x) => {
    out.data[i * z.length + j] = x;
  });
  return out;
}

/** R(z(s)) with its first two derivatives at s = 0, from those of z. */
export function rMatrixJet(
  z: Float64Array,
  dz: Float64Array,
  ddz: Float64Array,
): { readonly value: MatrixView; readonly first: MatrixView; readonly second: MatrixView } {
  const n = z.length;
  const out = { value: view(n, n), first: view(n, n), second: view(n, n) };
  frame(
    Array.from(z, (x, i): NumberJet => [x, dz[i]!, ddz[i]!]),
    jets,
    (i, j, [value, first, second]) => {
      out.value.data[i * n + j] = value;
      out.first.data[i * n + j] = first;
      out.second.data[i * n + j] = second;
    },
  );
  return out;
}

/** The gradient in z of <a, R(z)>, length n, for a constant matrix a [n][n]: reverse differentiation, n^2 operations. */
export function rMatrixAdjoint(z: Float64Array, a: MatrixView): Float64Array {
  const n = z.length;
  const t = radii(Array.from(z), numbers);
  const r = t[0]!;
  const out = Float64Array.from(z, (_, i) => entry(a, i, 0));
  const radius = new Float64Array(n);
  for (let j = 1; j < n; j++) {
    const [p, q, own] = [t[j - 1]!, z[j - 1]!, t[j]!];
    if (p === 0 || own === 0) continue;
    const above = entry(a, j - 1, j);
    let sum = 0;
    for (let i = j; i < n; i++) {
      sum += entry(a, i, j) * z[i]!;
      out[i]! += (entry(a, i, j) * r * q) / (p * own);
    }
    const share = sum / (p * own);
    radius[0]! += share * q - (above * own) / p;
    out[j - 1]! += share * r;
    radius[j - 1]! += (above * r * own) / (p * p) - (share * r * q) / p;
    radius[j]! -= (above * r) / p + (share * r * q) / own;
  }
  // t_j grows by z_i/t_j with every z_i of its tail; the last is z_{n-1} itself.
  let slope = 0;
  for (let i = 0; i < n; i++) {
    if (i === n - 1 && n > 1) out[i]! += radius[i]!;
    else if (t[i] !== 0) slope += radius[i]! / t[i]!;
    out[i]! += slope * z[i]!;
  }
  return out;
}
