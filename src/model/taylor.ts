import type { ActivationName } from './activation.ts';
import { type PointwiseName, pointwiseActivations } from './pointwise.ts';
import { type RadialName, radialActivations } from './radial.ts';

/** The Taylor coefficients f^(k)(x)/k!, k = 0 .. order, of a function at x, by recurrences: exact to rounding at every order. */
export type Series = (x: number, order: number) => Float64Array;

/** c_0 .. c_order from c_0 and, for k >= 0, c_{k+1} from the ones before. */
function recurrence(
  first: number,
  order: number,
  next: (c: Float64Array, k: number) => number,
): Float64Array {
  const c = new Float64Array(order + 1);
  c[0] = first;
  for (let k = 0; k < order; k++) c[k + 1] = next(c, k);
  return c;
}

/** Coefficient k of the product of two series. */
function productTerm(a: Float64Array, b: Float64Array, k: number): number {
  let sum = 0;
  for (let i = 0; i <= k; i++) sum += a[i]! * b[k - i]!;
  return sum;
}

/** A function that is a straight line about x. */
function line(value: number, slope: number, order: number): Float64Array {
  return recurrence(value, order, (_, k) => (k === 0 ? slope : 0));
}

/** x^exponent, x > 0 (any x but 0 for integer exponents): c_{k+1} = c_k (exponent - k) / ((k + 1) x). */
export const powerSeries = (exponent: number): Series => {
  return (x, order) => recurrence(x ** exponent, order, (c, k) => (c[k]! * (exponent - k)) / ((k + 1) * x));
};

const { tanh, sigmoid, arctan, softsign, elu, sinh } = pointwiseActivations;

/** (1 + x^2)^exponent: p f' = 2 x exponent f with p = 1 + x^2. */
const ofOnePlusSquare = (exponent: number): Series => {
  return (x, order) => {
    const p = 1 + x * x;
    return recurrence(p ** exponent, order, (c, k) => {
      const before = k > 0 ? (2 * exponent - k + 1) * c[k - 1]! : 0;
      return (2 * x * (exponent - k) * c[k]! + before) / (p * (k + 1));
    });
  };
};

/** The integral of a series, from its value at x. */
function integrated(value: number, derivative: Float64Array, order: number): Float64Array {
  return recurrence(value, order, (_, k) => derivative[k]! / (k + 1));
}

const piecewiseLinear =
  (name: 'linear' | 'relu' | 'leaky-relu'): Series =>
  (x, order) =>
    line(pointwiseActivations[name].value(x), pointwiseActivations[name].derivative(x), order);

/** Every pointwise activation's Taylor series; at a kink that of the piece which `derivative` takes there. */
export const pointwiseSeries: Readonly<Record<PointwiseName, Series>> = {
  linear: piecewiseLinear('linear'),
  relu: piecewiseLinear('relu'),
  'leaky-relu': piecewiseLinear('leaky-relu'),
  // y' = 1 - y^2
  tanh: (x, order) =>
    recurrence(tanh.value(x), order, (c, k) =>
      k === 0 ? tanh.derivative(x) : -productTerm(c, c, k) / (k + 1),
    ),
  // y' = y - y^2
  sigmoid: (x, order) =>
    recurrence(sigmoid.value(x), order, (c, k) =>
      k === 0 ? sigmoid.derivative(x) : (c[k]! - productTerm(c, c, k)) / (k + 1),
    ),
  // y' = 1/(1 + x^2)
  arctan: (x, order) => integrated(arctan.value(x), ofOnePlusSquare(-1)(x, order), order),
  // y = 1 - 1/(1 + x) for x >= 0, odd
  softsign: (x, order) =>
    recurrence(softsign.value(x), order, (c, k) =>
      k === 0 ? softsign.derivative(x) : (-Math.sign(x) * c[k]!) / (1 + Math.abs(x)),
    ),
  // y' = (1 + x^2)^(-3/2)
  'inverse-square-root': (x, order) =>
    integrated(pointwiseActivations['inverse-square-root'].value(x), ofOnePlusSquare(-1.5)(x, order), order),
  // y' = y for x < 0, but for the constant
  elu: (x, order) =>
    x > 0
      ? line(x, 1, order)
      : recurrence(elu.value(x), order, (c, k) => (k === 0 ? elu.derivative(x) : c[k]! / (k + 1))),
  // y'' = y
  sinh: (x, order) =>
    recurrence(sinh.value(x), order, (c, k) => (k === 0 ? sinh.derivative(x) : c[k - 1]! / (k * (k + 1)))),
};

/** The Taylor series of lambda(r) = h(r)/r of every radial activation, at r > 0. */
export const radialSeries: Readonly<Record<RadialName, Series>> = {
  'step-relu': (r, order) => line(radialActivations['step-relu'].lambda(r), 0, order),
  // (1 + r^2) y = r
  squash: (r, order) =>
    recurrence(radialActivations.squash.lambda(r), order, (c, k) => {
      const before = k > 0 ? c[k - 1]! : 0;
      return ((k === 0 ? 1 : 0) - 2 * r * c[k]! - before) / (1 + r * r);
    }),
  'radial-square': (r, order) => line(r, 1, order),
  // 1 - b/r, or 0
  'shifted-relu': (r, order) => {
    const value = radialActivations['shifted-relu'].lambda(r);
    if (value === 0) return line(0, 0, order);
    return recurrence(value, order, (c, k) => (k === 0 ? (1 - value) / r : -c[k]! / r));
  },
  // h' = h - h^2, and r y = h
  'shifted-sigmoid': (r, order) => {
    const value = radialActivations['shifted-sigmoid'].lambda(r);
    const h = recurrence(r * value, order, (c, k) => (c[k]! - productTerm(c, c, k)) / (k + 1));
    return recurrence(value, order, (c, k) => (h[k + 1]! - c[k]!) / r);
  },
};

/**
 * Whether one analytic formula holds wherever the activation is differentiable (apart from z = 0 of radial ones). Where
 * not, parameter space falls into regions between kinks.
 */
export const analytic: Readonly<Record<ActivationName, boolean>> = {
  linear: true,
  relu: false,
  'leaky-relu': false,
  tanh: true,
  sigmoid: true,
  arctan: true,
  softsign: false,
  'inverse-square-root': true,
  elu: false,
  sinh: true,
  'step-relu': false,
  squash: true,
  'shifted-relu': false,
  'shifted-sigmoid': true,
  'radial-square': true,
  'row-inversion': true,
};
