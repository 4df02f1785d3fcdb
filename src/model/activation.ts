/**
 * A pointwise activation sigma with what the theory needs of it.
 * `integral` is S(x) = int_0^x sigma/sigma' with S(0) = 0 (math.md B6). A new activation is one entry in `activations`.
 */
export interface Activation {
  /** Name shown to people. */
  readonly label: string;
  /** sigma(x). */
  value(x: number): number;
  /** sigma'(x), to rounding for every x. */
  derivative(x: number): number;
  /** sigma''(x), zero at kinks. */
  secondDerivative(x: number): number;
  /** S(x), math.md B6. */
  integral(x: number): number;
  /** a with sigma(cx) = c^a sigma(x) for every c > 0, or null (math.md A). */
  readonly homogeneity: number | null;
  /**
   * Writes sigma, sigma' and sigma'' of every entry of x: the inner loop of the network. One loop per activation, so that
   * it is compiled for it; the derivatives come from the value, to an ulp of 1.
   */
  fill(x: Float64Array, value: Float64Array, derivative: Float64Array, secondDerivative: Float64Array): void;
  /** The same function in WGSL: bodies of `fn f(x: f32) -> f32`, as expressions in x. `derivative` may also use y = sigma(x). */
  readonly wgsl: { readonly value: string; readonly derivative: string; readonly secondDerivative: string };
}

const LEAKY_SLOPE = 0.01;

/** Every activation, by the name used in documents. */
export const activations = {
  linear: {
    label: 'linear',
    value: (x) => x,
    derivative: () => 1,
    secondDerivative: () => 0,
    integral: (x) => (x * x) / 2,
    homogeneity: 1,
    fill: (x, value, derivative, secondDerivative) => {
      value.set(x);
      derivative.fill(1);
      secondDerivative.fill(0);
    },
    wgsl: { value: 'x', derivative: '1.0', secondDerivative: '0.0' },
  },
  relu: {
    label: 'ReLU',
    value: (x) => Math.max(x, 0),
    derivative: (x) => (x > 0 ? 1 : 0),
    secondDerivative: () => 0,
    integral: (x) => (x > 0 ? (x * x) / 2 : 0),
    homogeneity: 1,
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
    label: 'leaky ReLU',
    value: (x) => (x > 0 ? x : LEAKY_SLOPE * x),
    derivative: (x) => (x > 0 ? 1 : LEAKY_SLOPE),
    secondDerivative: () => 0,
    integral: (x) => (x * x) / 2,
    homogeneity: 1,
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
    homogeneity: null,
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
    label: 'sigmoid',
    value: (x) => 1 / (1 + Math.exp(-x)),
    derivative: (x) => 1 / (2 + 2 * Math.cosh(x)),
    secondDerivative: (x) => -Math.tanh(x / 2) / (2 + 2 * Math.cosh(x)),
    integral: (x) => x + Math.expm1(x),
    homogeneity: null,
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
} as const satisfies Record<string, Activation>;

export type ActivationName = keyof typeof activations;

/** The names in table order, for menus and validation. */
export const activationNames = Object.keys(activations) as ActivationName[];

/** Looks an activation up by name. */
export const activation = (name: ActivationName): Activation => activations[name];
