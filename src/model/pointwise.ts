/** A pointwise activation sigma with what the theory needs of it. A new one is one entry in `pointwiseActivations`. */
export interface PointwiseActivation {
  readonly kind: 'pointwise';
  /** Name shown to people. */
  readonly label: string;
  /** sigma(x). */
  value(x: number): number;
  /** sigma'(x), to rounding for every x. */
  derivative(x: number): number;
  /** sigma''(x), zero at kinks. */
  secondDerivative(x: number): number;
  /** S(x) = int_0^x sigma/sigma' with S(0) = 0 (math.md B6). */
  integral(x: number): number;
  /** S'(x) = sigma/sigma', 0 where both vanish. */
  ratio(x: number): number;
  /** a with sigma(cx) = c^a sigma(x) for every c > 0, or null (math.md A). */
  readonly homogeneity: number | null;
  /** Whether sigma(-x) = -sigma(x). */
  readonly odd: boolean;
  /** sigma^-1 on the open interval `range`; null where sigma is not one to one. */
  readonly inverse: { value(y: number): number; readonly range: readonly [number, number] } | null;
  /**
   * Writes sigma, sigma' and sigma'' of every entry of x: the inner loop of the network. One loop per activation, so that
   * it is compiled for it; the derivatives come from the value, to an ulp of 1.
   */
  fill(x: Float64Array, value: Float64Array, derivative: Float64Array, secondDerivative: Float64Array): void;
  /** The same function in WGSL: bodies of `fn f(x: f32) -> f32`, as expressions in x. `derivative` may also use y = sigma(x). */
  readonly wgsl: { readonly value: string; readonly derivative: string; readonly secondDerivative: string };
}

const LEAKY_SLOPE = 0.01;

const reals = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/** Every pointwise activation, by the name used in documents. */
export const pointwiseActivations = {
  linear: {
    kind: 'pointwise',
    label: 'linear',
    value: (x) => x,
    derivative: () => 1,
    secondDerivative: () => 0,
    integral: (x) => (x * x) / 2,
    ratio: (x) => x,
    homogeneity: 1,
    odd: true,
    inverse: { value: (y) => y, range: reals },
    fill: (x, value, derivative, secondDerivative) => {
      value.set(x);
      derivative.fill(1);
      secondDerivative.fill(0);
    },
    wgsl: { value: 'x', derivative: '1.0', secondDerivative: '0.0' },
  },
  relu: {
    kind: 'pointwise',
    label: 'ReLU',
    value: (x) => Math.max(x, 0),
    derivative: (x) => (x > 0 ? 1 : 0),
    secondDerivative: () => 0,
    integral: (x) => (x > 0 ? (x * x) / 2 : 0),
    ratio: (x) => Math.max(x, 0),
    homogeneity: 1,
    odd: false,
    inverse: null,
    fill: (x, value, derivative, secondDerivative) => {
      for (let i = 0; i < x.length; i++) {
        const xi = x[i]!;
        value[i] = Math.max(xi, 0);
        derivative[i] = xi > 0 ? 1 : 0;
      }
      secondDerivative.fill(0);
    },
    wgsl: { value: 'max(x, 0.0)', derivative: 'select(0.0, 1.0, x > 0.0)', secondDerivative: '0.0' },
  },
  'leaky-relu': {
    kind: 'pointwise',
    label: 'leaky ReLU',
    value: (x) => (x > 0 ? x : LEAKY_SLOPE * x),
    derivative: (x) => (x > 0 ? 1 : LEAKY_SLOPE),
    secondDerivative: () => 0,
    integral: (x) => (x * x) / 2,
    ratio: (x) => x,
    homogeneity: 1,
    odd: false,
    inverse: { value: (y) => (y > 0 ? y : y / LEAKY_SLOPE), range: reals },
    fill: (x, value, derivative, secondDerivative) => {
      for (let i = 0; i < x.length; i++) {
        const xi = x[i]!;
        const slope = xi > 0 ? 1 : LEAKY_SLOPE;
        value[i] = slope * xi;
        derivative[i] = slope;
      }
      secondDerivative.fill(0);
    },
    wgsl: {
      value: `select(${LEAKY_SLOPE} * x, x, x > 0.0)`,
      derivative: `select(${LEAKY_SLOPE}, 1.0, x > 0.0)`,
      secondDerivative: '0.0',
    },
  },
  tanh: {
    kind: 'pointwise',
    label: 'tanh',
    value: Math.tanh,
    derivative: (x) => {
      const c = Math.cosh(x);
      return 1 / (c * c);
    },
    secondDerivative: (x) => {
      const c = Math.cosh(x);
      return (-2 * Math.tanh(x)) / (c * c);
    },
    integral: (x) => {
      const s = Math.sinh(x);
      return (s * s) / 2;
    },
    ratio: (x) => Math.sinh(x) * Math.cosh(x),
    homogeneity: null,
    odd: true,
    inverse: { value: Math.atanh, range: [-1, 1] },
    fill: (x, value, derivative, secondDerivative) => {
      for (let i = 0; i < x.length; i++) {
        const y = Math.tanh(x[i]!);
        const d = 1 - y * y;
        value[i] = y;
        derivative[i] = d;
        secondDerivative[i] = -2 * y * d;
      }
    },
    // tanh of a large argument overflows to NaN on some drivers: clamp where it is 1 to float32 anyway.
    wgsl: {
      value: 'tanh(clamp(x, -15.0, 15.0))',
      derivative: '1.0 - y * y',
      secondDerivative: '-2.0 * y * (1.0 - y * y)',
    },
  },
  sigmoid: {
    kind: 'pointwise',
    label: 'sigmoid',
    value: (x) => 1 / (1 + Math.exp(-x)),
    derivative: (x) => 1 / (2 + 2 * Math.cosh(x)),
    secondDerivative: (x) => -Math.tanh(x / 2) / (2 + 2 * Math.cosh(x)),
    integral: (x) => x + Math.expm1(x),
    ratio: (x) => 1 + Math.exp(x),
    homogeneity: null,
    odd: false,
    inverse: { value: (y) => Math.log(y / (1 - y)), range: [0, 1] },
    fill: (x, value, derivative, secondDerivative) => {
      for (let i = 0; i < x.length; i++) {
        const y = 1 / (1 + Math.exp(-x[i]!));
        const d = y * (1 - y);
        value[i] = y;
        derivative[i] = d;
        secondDerivative[i] = d * (1 - 2 * y);
      }
    },
    wgsl: {
      value: '1.0 / (1.0 + exp(-clamp(x, -80.0, 80.0)))',
      derivative: 'y * (1.0 - y)',
      secondDerivative: 'y * (1.0 - y) * (1.0 - 2.0 * y)',
    },
  },
  arctan: {
    kind: 'pointwise',
    label: 'arctan',
    value: Math.atan,
    derivative: (x) => 1 / (1 + x * x),
    secondDerivative: (x) => (-2 * x) / (1 + x * x) ** 2,
    integral: (x) => (x + x ** 3 / 3) * Math.atan(x) - (x * x) / 6 - Math.log1p(x * x) / 3,
    ratio: (x) => (1 + x * x) * Math.atan(x),
    homogeneity: null,
    odd: true,
    inverse: { value: Math.tan, range: [-Math.PI / 2, Math.PI / 2] },
    fill: (x, value, derivative, secondDerivative) => {
      for (let i = 0; i < x.length; i++) {
        const d = 1 / (1 + x[i]! * x[i]!);
        value[i] = Math.atan(x[i]!);
        derivative[i] = d;
        secondDerivative[i] = -2 * x[i]! * d * d;
      }
    },
    wgsl: {
      value: 'atan(x)',
      derivative: '1.0 / (1.0 + x * x)',
      secondDerivative: '-2.0 * x / ((1.0 + x * x) * (1.0 + x * x))',
    },
  },
  softsign: {
    kind: 'pointwise',
    label: 'softsign',
    value: (x) => x / (1 + Math.abs(x)),
    derivative: (x) => 1 / (1 + Math.abs(x)) ** 2,
    secondDerivative: (x) => (-2 * Math.sign(x)) / (1 + Math.abs(x)) ** 3,
    integral: (x) => (x * x) / 2 + Math.abs(x) ** 3 / 3,
    ratio: (x) => x * (1 + Math.abs(x)),
    homogeneity: null,
    odd: true,
    inverse: { value: (y) => y / (1 - Math.abs(y)), range: [-1, 1] },
    fill: (x, value, derivative, secondDerivative) => {
      for (let i = 0; i < x.length; i++) {
        const d = 1 / (1 + Math.abs(x[i]!));
        value[i] = x[i]! * d;
        derivative[i] = d * d;
        secondDerivative[i] = -2 * Math.sign(x[i]!) * d * d * d;
      }
    },
    wgsl: {
      value: 'x / (1.0 + abs(x))',
      derivative: '1.0 / ((1.0 + abs(x)) * (1.0 + abs(x)))',
      secondDerivative: '-2.0 * sign(x) / ((1.0 + abs(x)) * (1.0 + abs(x)) * (1.0 + abs(x)))',
    },
  },
  'inverse-square-root': {
    kind: 'pointwise',
    label: 'x/√(1 + x²)',
    value: (x) => x / Math.hypot(1, x),
    derivative: (x) => (1 + x * x) ** -1.5,
    secondDerivative: (x) => -3 * x * (1 + x * x) ** -2.5,
    integral: (x) => (x * x) / 2 + x ** 4 / 4,
    ratio: (x) => x * (1 + x * x),
    homogeneity: null,
    odd: true,
    inverse: { value: (y) => y / Math.sqrt((1 - y) * (1 + y)), range: [-1, 1] },
    fill: (x, value, derivative, secondDerivative) => {
      for (let i = 0; i < x.length; i++) {
        const c = 1 / Math.hypot(1, x[i]!);
        value[i] = x[i]! * c;
        derivative[i] = c * c * c;
        secondDerivative[i] = -3 * x[i]! * c * c * c * c * c;
      }
    },
    wgsl: {
      value: 'x * inverseSqrt(1.0 + x * x)',
      derivative: 'inverseSqrt(1.0 + x * x) / (1.0 + x * x)',
      secondDerivative: '-3.0 * x * inverseSqrt(1.0 + x * x) / ((1.0 + x * x) * (1.0 + x * x))',
    },
  },
  elu: {
    kind: 'pointwise',
    label: 'ELU',
    value: (x) => (x > 0 ? x : Math.expm1(x)),
    derivative: (x) => (x > 0 ? 1 : Math.exp(x)),
    secondDerivative: (x) => (x > 0 ? 0 : Math.exp(x)),
    integral: (x) => (x > 0 ? (x * x) / 2 : x + Math.expm1(-x)),
    ratio: (x) => (x > 0 ? x : -Math.expm1(-x)),
    homogeneity: null,
    odd: false,
    inverse: { value: (y) => (y > 0 ? y : Math.log1p(y)), range: [-1, Number.POSITIVE_INFINITY] },
    fill: (x, value, derivative, secondDerivative) => {
      for (let i = 0; i < x.length; i++) {
        const xi = x[i]!;
        const e = xi > 0 ? 1 : Math.exp(xi);
        value[i] = xi > 0 ? xi : Math.expm1(xi);
        derivative[i] = e;
        secondDerivative[i] = xi > 0 ? 0 : e;
      }
    },
    wgsl: {
      value: 'select(exp(min(x, 0.0)) - 1.0, x, x > 0.0)',
      derivative: 'select(exp(min(x, 0.0)), 1.0, x > 0.0)',
      secondDerivative: 'select(exp(min(x, 0.0)), 0.0, x > 0.0)',
    },
  },
  sinh: {
    kind: 'pointwise',
    label: 'sinh',
    value: Math.sinh,
    derivative: Math.cosh,
    secondDerivative: Math.sinh,
    // ln cosh x without overflow.
    integral: (x) => Math.abs(x) + Math.log1p(Math.exp(-2 * Math.abs(x))) - Math.LN2,
    ratio: Math.tanh,
    homogeneity: null,
    odd: true,
    inverse: { value: Math.asinh, range: reals },
    fill: (x, value, derivative, secondDerivative) => {
      for (let i = 0; i < x.length; i++) {
        const s = Math.sinh(x[i]!);
        value[i] = s;
        derivative[i] = Math.cosh(x[i]!);
        secondDerivative[i] = s;
      }
    },
    wgsl: { value: 'sinh(x)', derivative: 'cosh(x)', secondDerivative: 'sinh(x)' },
  },
} as const satisfies Record<string, PointwiseActivation>;

export type PointwiseName = keyof typeof pointwiseActivations;

/** The names in table order. */
export const pointwiseNames = Object.keys(pointwiseActivations) as PointwiseName[];
