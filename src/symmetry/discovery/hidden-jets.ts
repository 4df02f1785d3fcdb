import { type ActivationName, activation } from '../../model/activation.ts';
import type { PointwiseName } from '../../model/pointwise.ts';
import type { RadialName } from '../../model/radial.ts';
import { pointwiseSeries, powerSeries, radialSeries, type Series } from '../../model/taylor.ts';
import { addProduct, compose, innerProduct, type Jets, lengthOf, times, zeros } from './jet.ts';

/** A hidden layer of one sample over the algebra of jet.ts: vectors with one entry per unit. */
export interface HiddenJets {
  readonly value: Jets;
  /** J^T adjoint: from d/dx to d/dz. */
  pullBack(adjoint: Jets): Jets;
}

/** From the pre-activations z of one sample to what the layer makes of them. */
export type HiddenFunction = (z: Jets) => HiddenJets;

/** The hidden function of an activation; that of the linear network for row inversion, which acts on the weight. */
export function hiddenFunction(name: ActivationName): HiddenFunction {
  const { kind } = activation(name);
  if (kind === 'radial') return radial(radialSeries[name as RadialName]);
  if (kind === 'row-inversion' || name === 'linear') return identity;
  return pointwise(pointwiseSeries[name as PointwiseName]);
}

const identity: HiddenFunction = (z) => ({ value: z, pullBack: (adjoint) => adjoint });

const pointwise = (series: Series): HiddenFunction => {
  return (z) => {
    const { value, derivative } = compose(series, z);
    return {
      value,
      pullBack(adjoint) {
        const out = zeros(lengthOf(z), z.size);
        for (let k = 0; k < lengthOf(z); k++) addProduct(out, k, adjoint, k, derivative, k);
        return out;
      },
    };
  };
};

/**
 * rho(z) = lambda(r) z with r = sqrt(s), s = <z, z> > 0, from the series of lambda in r. J = lambda I + 2 (d lambda/ds) z z^T
 * is symmetric. Where the real part of z is zero, so is all (model/radial.ts).
 */
const radial = (lambda: Series): HiddenFunction => {
  return (z) => {
    const square = innerProduct(z, z);
    if (square.coefficients[0] === 0) {
      const zero = zeros(lengthOf(z), z.size);
      return { value: zero, pullBack: () => zero };
    }
    const r = compose(squareRoot, square);
    const { value: scale, derivative } = compose(lambda, r.value);
    return {
      value: times(scale, z),
      pullBack(adjoint) {
        const slope = times(derivative, r.derivative);
        const along = times(slope, innerProduct(z, adjoint));
        const out = times(scale, adjoint);
        for (let k = 0; k < lengthOf(z); k++) {
          addProduct(out, k, along, 0, z, k);
          addProduct(out, k, along, 0, z, k);
        }
        return out;
      },
    };
  };
};

const squareRoot = powerSeries(0.5);
