import type { ActivationName } from './activation.ts';
import { activation } from './activation.ts';
import { type LayerState, multiply } from './dense-layer.ts';
import type { PointwiseActivation } from './pointwise.ts';
import type { RadialActivation } from './radial.ts';
import type { LayerTangent } from './tangent.ts';

/** What an activation does to a hidden layer, forwards and backwards. Row inversion is not one: it acts on the weight. */
export interface HiddenActivation {
  /** Fills value and what the derivatives need from the pre-activations. */
  forward(layer: LayerState): void;
  /** adjoint <- J^T adjoint: from dL/dx to dL/dz. */
  pullBack(layer: LayerState): void;
  /** value tangent <- J dz. */
  pushForward(layer: LayerState, tangent: LayerTangent): void;
  /** tangent adjoint <- J^T dg + (DJ[dz])^T g, with g = dL/dx in the adjoint and dg in its tangent. */
  pullBackTangent(layer: LayerState, tangent: LayerTangent): void;
}

/** The activation of a network's hidden layers; that of the linear network for row inversion. */
export function hiddenActivation(name: ActivationName): HiddenActivation {
  const found = activation(name);
  if (found.kind === 'radial') return radial(found);
  return pointwise(found.kind === 'pointwise' ? found : (activation('linear') as PointwiseActivation));
}

const pointwise = ({ fill }: PointwiseActivation): HiddenActivation => ({
  forward({ preActivation, value, derivative, secondDerivative }) {
    fill(preActivation, value, derivative, secondDerivative);
  },
  pullBack: ({ adjoint, derivative }) => multiply(adjoint, derivative),
  pushForward({ derivative }, { preActivation, value }) {
    value.set(preActivation);
    multiply(value, derivative);
  },
  // d(g sigma'(z)) = dg sigma'(z) + g sigma''(z) dz
  pullBackTangent({ adjoint: g, derivative, secondDerivative }, { adjoint: dg, preActivation: dz }) {
    for (let i = 0; i < g.length; i++) {
      dg[i] = dg[i]! * derivative[i]! + g[i]! * secondDerivative[i]! * dz[i]!;
    }
  },
});

/**
 * rho(z) = lambda(|z|) z per sample: J = lambda I + slope z z^T is symmetric. The first entries of `derivative` and
 * `secondDerivative` of each sample hold lambda and slope.
 */
const radial = ({ lambda, slope, bend }: RadialActivation): HiddenActivation => {
  /** out = J x for each sample; out may be x. */
  const jacobian = (layer: LayerState, x: Float64Array, out: Float64Array): void => {
    const { rows, preActivation: z, derivative, secondDerivative } = layer;
    for (let at = 0; at < z.length; at += rows) {
      let along = 0;
      for (let i = at; i < at + rows; i++) along += z[i]! * x[i]!;
      along *= secondDerivative[at]!;
      const scale = derivative[at]!;
      for (let i = at; i < at + rows; i++) out[i] = scale * x[i]! + along * z[i]!;
    }
  };
  const length = (z: Float64Array, at: number, rows: number): number => {
    let square = 0;
    for (let i = at; i < at + rows; i++) square += z[i]! * z[i]!;
    return Math.sqrt(square);
  };
  return {
    forward({ rows, preActivation: z, value, derivative, secondDerivative }) {
      for (let at = 0; at < z.length; at += rows) {
        const r = length(z, at, rows);
        // NaN goes through.
        const scale = r === 0 ? 0 : lambda(r);
        for (let i = at; i < at + rows; i++) value[i] = scale * z[i]!;
        derivative[at] = scale;
        secondDerivative[at] = r === 0 ? 0 : slope(r);
      }
    },
    pullBack: (layer) => jacobian(layer, layer.adjoint, layer.adjoint),
    pushForward: (layer, tangent) => jacobian(layer, tangent.preActivation, tangent.value),
    pullBackTangent(layer, { adjoint: dg, preActivation: dz }) {
      const { rows, preActivation: z, adjoint: g, secondDerivative } = layer;
      jacobian(layer, dg, dg);
      for (let at = 0; at < z.length; at += rows) {
        let [zdz, zg, gdz] = [0, 0, 0];
        for (let i = at; i < at + rows; i++) {
          zdz += z[i]! * dz[i]!;
          zg += z[i]! * g[i]!;
          gdz += g[i]! * dz[i]!;
        }
        const r = length(z, at, rows);
        const s = secondDerivative[at]!;
        const third = r === 0 ? 0 : bend(r) * zdz * zg;
        for (let i = at; i < at + rows; i++) {
          dg[i] = dg[i]! + s * (zdz * g[i]! + gdz * z[i]! + zg * dz[i]!) + third * z[i]!;
        }
      }
    },
  };
};
