/**
 * A radial activation rho(z) = lambda(|z|) z of the whole hidden vector, rho(0) = 0 (math.md A; Ganev, van Laarhoven,
 * Walters 2021), given by lambda(r) = h(r)/r and what its derivatives need. Each function of r = |z| > 0; at r = 0 all
 * three count as 0. A new one is one entry in `radialActivations`.
 */
export interface RadialActivation {
  readonly kind: 'radial';
  /** Name shown to people. */
  readonly label: string;
  /** h(r) for help texts. */
  readonly formula: string;
  /** lambda(r) = h(r)/r. */
  lambda(r: number): number;
  /** lambda'(r)/r: the Jacobian is lambda I + slope z z^T. */
  slope(r: number): number;
  /** (lambda'(r)/r)'/r, for second derivatives. */
  bend(r: number): number;
  /** a with rho(cz) = c^a rho(z) for every c > 0, or null. */
  readonly homogeneity: number | null;
  /** The same three in WGSL, as expressions in r > 0. */
  readonly wgsl: { readonly lambda: string; readonly slope: string; readonly bend: string };
}

/** b of the shifted ReLU. */
export const RELU_SHIFT = 0.5;
/** s of the shifted sigmoid. */
export const SIGMOID_SHIFT = 1;

const wgslSigmoid = `(1.0 / (1.0 + exp(${SIGMOID_SHIFT}.0 - min(r, 80.0))))`;
const wgslSlope = `(${wgslSigmoid} * (1.0 - ${wgslSigmoid}))`;

const shiftedSigmoid = (r: number): number => 1 / (1 + Math.exp(SIGMOID_SHIFT - r));

/** Every radial activation, by the name used in documents. */
export const radialActivations = {
  'step-relu': {
    kind: 'radial',
    label: 'step-ReLU, radial',
    formula: 'h(r) = r if r ≥ 1, else 0',
    lambda: (r) => (r >= 1 ? 1 : 0),
    slope: () => 0,
    bend: () => 0,
    homogeneity: null,
    wgsl: { lambda: 'select(0.0, 1.0, r >= 1.0)', slope: '0.0', bend: '0.0' },
  },
  squash: {
    kind: 'radial',
    label: 'squash, radial',
    formula: 'h(r) = r²/(1 + r²)',
    lambda: (r) => r / (1 + r * r),
    slope: (r) => (1 - r * r) / (r * (1 + r * r) ** 2),
    bend: (r) => (3 * r ** 4 - 6 * r * r - 1) / (r * (1 + r * r)) ** 3,
    homogeneity: null,
    wgsl: {
      lambda: 'r / (1.0 + r * r)',
      slope: '(1.0 - r * r) / (r * (1.0 + r * r) * (1.0 + r * r))',
      bend: '(3.0 * r * r * r * r - 6.0 * r * r - 1.0) / (r * r * r * (1.0 + r * r) * (1.0 + r * r) * (1.0 + r * r))',
    },
  },
  'shifted-relu': {
    kind: 'radial',
    label: 'shifted ReLU, radial',
    formula: `h(r) = max(r − ${RELU_SHIFT}, 0)`,
    lambda: (r) => (r > RELU_SHIFT ? 1 - RELU_SHIFT / r : 0),
    slope: (r) => (r > RELU_SHIFT ? RELU_SHIFT / r ** 3 : 0),
    bend: (r) => (r > RELU_SHIFT ? (-3 * RELU_SHIFT) / r ** 5 : 0),
    homogeneity: null,
    wgsl: {
      lambda: `select(0.0, 1.0 - ${RELU_SHIFT} / r, r > ${RELU_SHIFT})`,
      slope: `select(0.0, ${RELU_SHIFT} / (r * r * r), r > ${RELU_SHIFT})`,
      bend: `select(0.0, -3.0 * ${RELU_SHIFT} / (r * r * r * r * r), r > ${RELU_SHIFT})`,
    },
  },
  'shifted-sigmoid': {
    kind: 'radial',
    label: 'shifted sigmoid, radial',
    formula: `h(r) = 1/(1 + exp(${SIGMOID_SHIFT} − r))`,
    lambda: (r) => shiftedSigmoid(r) / r,
    slope(r) {
      const h = shiftedSigmoid(r);
      return (h * (1 - h) - h / r) / (r * r);
    },
    bend(r) {
      const h = shiftedSigmoid(r);
      const first = h * (1 - h);
      return (first * (1 - 2 * h) - (3 * first) / r + (3 * h) / (r * r)) / r ** 3;
    },
    homogeneity: null,
    wgsl: {
      lambda: `${wgslSigmoid} / r`,
      slope: `(${wgslSlope} - ${wgslSigmoid} / r) / (r * r)`,
      bend: `(${wgslSlope} * (1.0 - 2.0 * ${wgslSigmoid}) - 3.0 * ${wgslSlope} / r + 3.0 * ${wgslSigmoid} / (r * r)) / (r * r * r)`,
    },
  },
  'radial-square': {
    kind: 'radial',
    label: 'square, radial',
    formula: 'h(r) = r²',
    lambda: (r) => r,
    slope: (r) => 1 / r,
    bend: (r) => -1 / r ** 3,
    homogeneity: 2,
    wgsl: { lambda: 'r', slope: '1.0 / r', bend: '-1.0 / (r * r * r)' },
  },
} as const satisfies Record<string, RadialActivation>;

export type RadialName = keyof typeof radialActivations;
