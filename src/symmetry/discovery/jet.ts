import type { Series } from '../../model/taylor.ts';

/**
 * A vector over the algebra R[eps_1, .., eps_n]/(eps_i^2): each entry has `size` = 2^n real coefficients, that of the product
 * of the eps_i over the set bits of the index; size 1 is a real vector. A function of theta taken over this algebra gives its
 * value and its mixed directional derivatives of every order at once, without differences (nested dual numbers). The upper
 * half of an entry's coefficients belongs to eps_n, so that a number is a + b eps_n with a and b of the algebra before.
 */
export interface Jets {
  readonly coefficients: Float64Array;
  readonly size: number;
}

/** Number of entries. */
export const lengthOf = ({ coefficients, size }: Jets): number => coefficients.length / size;

export const zeros = (length: number, size: number): Jets => ({
  coefficients: new Float64Array(length * size),
  size,
});

export const reals = (values: Float64Array): Jets => ({ coefficients: values, size: 1 });

/** out[o] += a[i] b[j]; out has the larger size, and a and b the same unless one is real. 3^n products of reals. */
export function addProduct(out: Jets, o: number, a: Jets, i: number, b: Jets, j: number): void {
  const at = o * out.size;
  if (a.size === 1) addMultiple(out.coefficients, at, a.coefficients[i]!, b.coefficients, j * b.size, b.size);
  else if (b.size === 1) {
    addMultiple(out.coefficients, at, b.coefficients[j]!, a.coefficients, i * a.size, a.size);
  } else multiplyAdd(out.coefficients, at, a.coefficients, i * a.size, b.coefficients, j * b.size, a.size);
}

function addMultiple(
  out: Float64Array,
  o: number,
  factor: number,
  a: Float64Array,
  i: number,
  size: number,
): void {
  for (let k = 0; k < size; k++) out[o + k]! += factor * a[i + k]!;
}

function multiplyAdd(
  out: Float64Array,
  o: number,
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
  size: number,
): void {
  if (size === 1) {
    out[o]! += a[i]! * b[j]!;
  } else if (size === 2) {
    const [a0, b0] = [a[i]!, b[j]!];
    out[o]! += a0 * b0;
    out[o + 1]! += a0 * b[j + 1]! + a[i + 1]! * b0;
  } else if (size === 4) {
    const [a0, a1, a2, b0, b1, b2] = [a[i]!, a[i + 1]!, a[i + 2]!, b[j]!, b[j + 1]!, b[j + 2]!];
    out[o]! += a0 * b0;
    out[o + 1]! += a0 * b1 + a1 * b0;
    out[o + 2]! += a0 * b2 + a2 * b0;
    out[o + 3]! += a0 * b[j + 3]! + a1 * b2 + a2 * b1 + a[i + 3]! * b0;
  } else {
    const half = size / 2;
    multiplyAdd(out, o, a, i, b, j, half);
    multiplyAdd(out, o + half, a, i, b, j + half, half);
    multiplyAdd(out, o + half, a, i + half, b, j, half);
  }
}

/** <a, b>, a vector of one entry. */
export function innerProduct(a: Jets, b: Jets): Jets {
  const out = zeros(1, a.size);
  for (let k = 0; k < lengthOf(a); k++) addProduct(out, 0, a, k, b, k);
  return out;
}

/** factor[0] times every entry of a vector. */
export function times(factor: Jets, vector: Jets): Jets {
  const out = zeros(lengthOf(vector), vector.size);
  for (let k = 0; k < lengthOf(vector); k++) addProduct(out, k, factor, 0, vector, k);
  return out;
}

/** f and f' of every entry of z, by f(a + b eps) = f(a) + f'(a) b eps, one eps after the other. */
export function compose(series: Series, z: Jets): { readonly value: Jets; readonly derivative: Jets } {
  const { size, coefficients } = z;
  const value = zeros(lengthOf(z), size);
  const derivative = zeros(lengthOf(z), size);
  const levels = Math.log2(size);
  for (let at = 0; at < coefficients.length; at += size) {
    // Row j is f^(j), as far as the rows before it need it.
    const rows = derivativesAt(series, coefficients[at]!, levels + 1).map((real) => {
      const row = new Float64Array(size);
      row[0] = real;
      return row;
    });
    for (let level = 0, half = 1; level < levels; level++, half *= 2) {
      for (let j = 0; j <= levels - level; j++) {
        multiplyAdd(rows[j]!, half, rows[j + 1]!, 0, coefficients, at + half, half);
      }
    }
    value.coefficients.set(rows[0]!, at);
    derivative.coefficients.set(rows[1]!, at);
  }
  return { value, derivative };
}

/** f^(k)(x), k = 0 .. order. */
function derivativesAt(series: Series, x: number, order: number): number[] {
  let factorial = 1;
  return Array.from(series(x, order), (coefficient, k) => {
    factorial *= Math.max(k, 1);
    return coefficient * factorial;
  });
}

/** a + b eps for a new eps, entry by entry. */
export function extend(a: Jets, b: Jets): Jets {
  const { size } = a;
  const out = zeros(lengthOf(a), 2 * size);
  for (let k = 0; k < lengthOf(a); k++) {
    out.coefficients.set(a.coefficients.subarray(k * size, (k + 1) * size), 2 * k * size);
    out.coefficients.set(b.coefficients.subarray(k * size, (k + 1) * size), (2 * k + 1) * size);
  }
  return out;
}

/** a ('value') or b ('derivative') of a + b eps, entry by entry, where eps is the last one. */
export function part(which: 'value' | 'derivative', x: Jets): Jets {
  const half = x.size / 2;
  const out = zeros(lengthOf(x), half);
  for (let k = 0; k < lengthOf(x); k++) {
    const from = k * x.size + (which === 'value' ? 0 : half);
    out.coefficients.set(x.coefficients.subarray(from, from + half), k * half);
  }
  return out;
}

/** a - b. */
export const minus = (a: Jets, b: Jets): Jets => ({
  coefficients: a.coefficients.map((x, k) => x - b.coefficients[k]!),
  size: a.size,
});
