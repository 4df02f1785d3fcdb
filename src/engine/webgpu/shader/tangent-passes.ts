import { type ActivationStep, activationShader } from './activation-shader.ts';
import { contraction } from './contraction.ts';
import { outputLossStatements } from './output-loss.ts';
import {
  arraySink,
  backwardPhase,
  biasGrid,
  forEachRow,
  overTiles,
  type PassContext,
  rowPhase,
  type Sink,
  samplesOfUnit,
  tapeOf,
  unitsOfSample,
  zeroRow,
} from './passes.ts';
import type { Tape } from './tile.ts';
import { block, u32 } from './wgsl.ts';

/**
 * Forward-over-reverse differentiation (Pearlmutter, Fast exact multiplication by the Hessian, Neural Computation 6, 1994):
 * R{.} is the derivative along `vectors`. The tape adds, per hidden layer, `tangent_l` = R{x_l} and `bend_l`, what the
 * activation needs on the way back (sigma''(z_l) R{z_l}, or R{z_l}), which the backward pass overwrites with R{delta_l}; at
 * the output `bend_L` is R{z_L}, then R{delta_L}.
 */
export const TANGENT_TAPE: Tape = {
  hidden: ['value', 'slope', 'tangent', 'bend'],
  output: ['slope', 'bend'],
};

/** Declares `vectors` at binding 3 and the activation's second derivative. `vectors[home + p]` belongs to the row. */
export function tangentDeclarations({ shape }: PassContext): string {
  return `@group(0) @binding(3) var<storage, read> vectors: array<f32>;
${activationShader(shape.activation).tangentDeclarations}`;
}

/** `fn forwardTangent(lane, firstSample, home)`: fills both tapes of a tile; ends behind a barrier. */
export function forwardTangentFunction(context: PassContext): string {
  const { shape, tiling, scratch } = context;
  const last = shape.layers.length;
  const step = activationShader(shape.activation).forwardTangent;
  const phases = shape.layers.flatMap(({ rows, columns, weight, bias }, i) => {
    const layer = i + 1;
    const tape = tapeOf(context, layer);
    const store = (z: string, rz: string) =>
      layer === last ? `${tape('slope')} = ${z};\n${tape('bend')} = ${rz};` : step.cell(tape, z, rz);
    const weightOf = (unit: string) => `${u32(weight)} + ${unit} * ${u32(columns)}`;
    const initial = (element: (at: string) => string) =>
      bias < 0 ? {} : { initial: (unit: string) => element(`${u32(bias)} + ${unit}`) };
    const x = { x: (row: string) => unitsOfSample(context, `value${i}`, i, row) };
    const rx = { rx: (row: string) => unitsOfSample(context, `tangent${i}`, i, row) };
    const products = contraction(
      {
        rows: tiling.tile,
        columns: rows,
        depth: columns,
        perRow: i > 0 ? { ...x, ...rx } : x,
        perColumn: {
          w: (unit) => scratch.operand('point', weightOf(unit), 1),
          v: (unit) => ({ array: 'vectors', start: `home + ${weightOf(unit)}`, stride: 1 }),
        },
        sums: {
          z: { product: (c, r) => `w${c} * x${r}`, ...initial((at) => scratch.at('point', at)) },
          rz: {
            product: (c, r) => (i > 0 ? `v${c} * x${r} + w${c} * rx${r}` : `v${c} * x${r}`),
            ...initial((at) => `vectors[home + ${at}]`),
          },
        },
      },
      (row, unit, sum) => `let at = ${row} * ${u32(rows)} + ${unit};\n${store(sum('z'), sum('rz'))}`,
      tiling.workgroupSize,
    );
    return layer === last ? [products] : [products, ...rowPhase(context, step, layer)];
  });
  const body = phases.flatMap((phase) => [phase, scratch.barrier]);
  return `fn forwardTangent(lane: u32, firstSample: u32, home: u32) {\n${block(...body)}\n}`;
}

/** `fn hessianVectorProduct(lane, home)`: H v at `point` into `array[home + p]`. Needs `forwardTangent`. */
export function hessianVectorFunction(context: PassContext, array: string): string {
  const { shape, tiling, scratch } = context;
  const sink = arraySink(context, array, 'home');
  const step = activationShader(shape.activation).pullBackTangent;
  const last = shape.layers.length;
  const phases = shape.layers.map(({ bias }, i) => {
    const layer = last - i;
    const weights = weightPhase(context, layer, sink);
    // R{dL/db} is the same sum over R{delta}.
    const sums = bias < 0 ? [weights] : [weights, biasPhase(context, layer, sink)];
    return layer === 1
      ? sums.join('\n')
      : backwardPhase(context, step, layer, deltaPhase(context, step, layer), sums);
  });
  const output = forEachRow(
    context,
    outputLossStatements('tangent', context),
    `${zeroRow(context, 'slope')}\n${zeroRow(context, 'bend')}`,
  );
  const nextTile = tiling.tiles > 1 ? scratch.barrier : '';
  const pass = ['forwardTangent(lane, firstSample, home);', output, scratch.barrier, ...phases, nextTile];
  return `fn hessianVectorProduct(lane: u32, home: u32) {\n${block(overTiles(tiling, pass.join('\n')))}\n}`;
}

/** u = W^T delta and R{u} = V^T delta + W^T R{delta}, through the activation to delta' and R{delta'}. */
function deltaPhase(context: PassContext, step: ActivationStep, layer: number): string {
  const { shape, tiling, scratch } = context;
  const { rows, columns, weight } = shape.layers[layer - 1]!;
  const along = (array: string) => (row: string) => unitsOfSample(context, `${array}${layer}`, layer, row);
  return contraction(
    {
      rows: tiling.tile,
      columns,
      depth: rows,
      perRow: { d: along('slope'), rd: along('bend') },
      perColumn: {
        w: (unit) => scratch.operand('point', `${u32(weight)} + ${unit}`, columns),
        v: (unit) => ({ array: 'vectors', start: `home + ${u32(weight)} + ${unit}`, stride: columns }),
      },
      sums: {
        u: { product: (c, r) => `w${c} * d${r}` },
        ru: { product: (c, r) => `v${c} * d${r} + w${c} * rd${r}` },
      },
    },
    (row, unit, sum) =>
      [
        `let at = ${row} * ${u32(columns)} + ${unit};`,
        step.cell(tapeOf(context, layer - 1), sum('u'), sum('ru')),
      ].join('\n'),
    tiling.workgroupSize,
  );
}

/** R{dL/dW} = sum over samples of R{delta} x^T + delta R{x}^T. */
function weightPhase(context: PassContext, layer: number, sink: Sink): string {
  const { shape, tiling } = context;
  const { rows, columns, weight } = shape.layers[layer - 1]!;
  const input = layer - 1;
  const along = (array: string, of: number) => (unit: string) =>
    samplesOfUnit(context, `${array}${of}`, of, unit);
  const x = { x: along('value', input) };
  const rx = { rx: along('tangent', input) };
  return contraction(
    {
      rows,
      columns,
      depth: tiling.tile,
      perRow: { d: along('slope', layer), rd: along('bend', layer) },
      perColumn: input > 0 ? { ...x, ...rx } : x,
      sums: {
        g: { product: (c, r) => (input > 0 ? `rd${r} * x${c} + d${r} * rx${c}` : `rd${r} * x${c}`) },
      },
    },
    (row, column, sum) => sink.add(`${u32(weight)} + ${row} * ${u32(columns)} + ${column}`, 0, sum('g')),
    tiling.workgroupSize,
  );
}

function biasPhase(context: PassContext, layer: number, sink: Sink): string {
  const { grid, parameter } = biasGrid(context, layer, `bend${layer}`);
  return contraction(
    grid,
    (row, unit, sum) => sink.add(parameter(row, unit), 0, sum('g')),
    context.tiling.workgroupSize,
  );
}
