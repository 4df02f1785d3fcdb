import type { MlpArchitecture } from '../../model/architecture.ts';
import { parameterLayout } from '../../model/parameters.ts';
import { powerSeries } from '../../model/taylor.ts';
import type { Field } from './field.ts';
import { addProduct, compose, innerProduct, type Jets, reals, times, zeros } from './jet.ts';

/**
 * The gradient field of a row inversion network from that of the linear network of the same shapes, by the chain rule
 * through w -> w/s of every hidden row (bias included), s = <w, w>, whose Jacobian (I - 2 w w^T/s)/s is symmetric.
 */
export function throughInversion(architecture: MlpArchitecture, linear: Field): Field {
  const rows = hiddenRows(architecture);
  return (theta) => {
    const copy = (x: Jets): Jets => ({ ...x, coefficients: x.coefficients.slice() });
    const inverted = copy(theta);
    const inverses = rows.map((row) => {
      const w = pick(theta, row);
      const inverse = compose(reciprocal, innerProduct(w, w)).value;
      put(inverted, row, times(inverse, w));
      return { row, w, inverse };
    });
    const out = copy(linear(inverted));
    for (const { row, w, inverse } of inverses) {
      const g = pick(out, row);
      const along = times(MINUS_TWO, times(inverse, innerProduct(w, g)));
      for (let k = 0; k < row.length; k++) addProduct(g, k, along, 0, w, k);
      put(out, row, times(inverse, g));
    }
    return out;
  };
}

const reciprocal = powerSeries(-1);
const MINUS_TWO = reals(Float64Array.of(-2));

/** The indices of the parameters of each hidden row. */
function hiddenRows(architecture: MlpArchitecture): number[][] {
  const { layers } = parameterLayout(architecture);
  return layers.slice(0, -1).flatMap(({ rows, columns, weight, bias }) =>
    Array.from({ length: rows }, (_, k) => {
      const row = Array.from({ length: columns }, (_, j) => weight + k * columns + j);
      return bias >= 0 ? [...row, bias + k] : row;
    }),
  );
}

function pick({ coefficients, size }: Jets, indices: readonly number[]): Jets {
  const out = zeros(indices.length, size);
  indices.forEach((index, k) => {
    out.coefficients.set(coefficients.subarray(index * size, (index + 1) * size), k * size);
  });
  return out;
}

function put({ coefficients, size }: Jets, indices: readonly number[], values: Jets): void {
  indices.forEach((index, k) => {
    coefficients.set(values.coefficients.subarray(k * size, (k + 1) * size), index * size);
  });
}
