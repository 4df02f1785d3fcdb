import type { Loss } from '../../../model/loss.ts';
import type { PassContext } from './passes.ts';
import { paddedSamples } from './tile.ts';
import { f32, u32 } from './wgsl.ts';

/**
 * A row loss as WGSL statements over one row of outputs, in which Z(o) stands for the output z, T(o) for its tangent R{z},
 * Y(o) for the goal, WIDTH for the number of outputs and SCALE for the loss's factor. The same formulas as
 * model/output-loss.ts; a new row loss is one entry in `shaders`.
 */
interface OutputLossShader {
  /** Adds the row's loss, before the factor `scale`, to `sum`. */
  readonly value: string;
  /** Replaces z by dL/dz. */
  readonly gradient: string;
  /** Replaces R{z} by R{dL/dz} and z by dL/dz. */
  readonly tangent: string;
}

const squaredError: OutputLossShader = {
  value: `for (var o = 0u; o < WIDTH; o++) {
  let difference = Z(o) - Y(o);
  sum += difference * difference;
}`,
  gradient: `for (var o = 0u; o < WIDTH; o++) {
  Z(o) = 2.0 * SCALE * (Z(o) - Y(o));
}`,
  tangent: `for (var o = 0u; o < WIDTH; o++) {
  Z(o) = 2.0 * SCALE * (Z(o) - Y(o));
  T(o) = 2.0 * SCALE * T(o);
}`,
};

/** Softmax of the row, in place, about its largest logit; `mass` is the sum of the row's targets. */
const softmax = `var largest = Z(0u);
var mass = 0.0;
for (var o = 0u; o < WIDTH; o++) {
  largest = max(largest, Z(o));
  mass += Y(o);
}
var total = 0.0;
for (var o = 0u; o < WIDTH; o++) {
  Z(o) = exp(Z(o) - largest);
  total += Z(o);
}
for (var o = 0u; o < WIDTH; o++) {
  Z(o) = Z(o) / total;
}`;

const crossEntropy: OutputLossShader = {
  value: `var largest = Z(0u);
for (var o = 1u; o < WIDTH; o++) {
  largest = max(largest, Z(o));
}
var total = 0.0;
for (var o = 0u; o < WIDTH; o++) {
  total += exp(Z(o) - largest);
}
let logOfTotal = log(total);
for (var o = 0u; o < WIDTH; o++) {
  sum += Y(o) * (largest - Z(o) + logOfTotal);
}`,
  gradient: `${softmax}
for (var o = 0u; o < WIDTH; o++) {
  Z(o) = SCALE * (mass * Z(o) - Y(o));
}`,
  tangent: `${softmax}
var mean = 0.0;
for (var o = 0u; o < WIDTH; o++) {
  mean += Z(o) * T(o);
}
for (var o = 0u; o < WIDTH; o++) {
  T(o) = SCALE * mass * Z(o) * (T(o) - mean);
  Z(o) = SCALE * (mass * Z(o) - Y(o));
}`,
};

const shaders: Readonly<Record<Loss['rowLoss'], OutputLossShader>> = {
  'squared-error': squaredError,
  'cross-entropy': crossEntropy,
};

/**
 * The statements for one row. `row` is the row of the tile, `sample` the sample; z is read from `slope_L`, its tangent
 * from `bend_L`, targets from `samples` behind the padded inputs.
 */
export function outputLossStatements(
  kind: keyof OutputLossShader,
  { shape, tiling, scratch }: PassContext,
): string {
  const last = shape.layers.length;
  const width = u32(shape.widths[last]!);
  const inputs = u32(paddedSamples(tiling) * shape.widths[0]!);
  return shaders[shape.rowLoss][kind]
    .replace(/\bZ\((\w+)\)/g, (_, o) => scratch.at(`slope${last}`, `row * ${width} + ${o}`))
    .replace(/\bT\((\w+)\)/g, (_, o) => scratch.at(`bend${last}`, `row * ${width} + ${o}`))
    .replace(/\bY\((\w+)\)/g, `samples[${inputs} + sample * ${width} + $1]`)
    .replace(/\bWIDTH\b/g, width)
    .replace(/\bSCALE\b/g, f32(shape.scale));
}
