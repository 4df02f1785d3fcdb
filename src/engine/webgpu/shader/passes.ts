import { type ActivationStep, activationShader, type TapeElement } from './activation-shader.ts';
import { cellsPerLane, contraction, type Grid, type Operand } from './contraction.ts';
import { outputLossStatements } from './output-loss.ts';
import type { Scratch } from './scratch.ts';
import type { KernelShape } from './shape.ts';
import { paddedSamples, type Tape, type Tiling } from './tile.ts';
import { block, f32, shareAmongLanes, u32 } from './wgsl.ts';

/**
 * The passes over a network as WGSL functions of a workgroup that holds the parameters in `point` and the tape of one tile
 * of samples. Layers count from 1. Per hidden layer l the tape is `value_l` = x_l and `slope_l`, what the activation needs on
 * the way back (sigma'(z_l), or z_l), which the backward pass overwrites with delta_l = dL/dz_l; at the output `slope_L` is
 * z_L, then delta_L. Rows past the last sample (`samples` is padded with zeros to whole tiles) get delta = 0.
 */
export interface PassContext {
  readonly shape: KernelShape;
  readonly tiling: Tiling;
  readonly scratch: Scratch;
}

/** What forward and backward keep per sample. */
export const GRADIENT_TAPE: Tape = { hidden: ['value', 'slope'], output: ['slope'] };

/** Declares `samples` (inputs, then targets) at binding 1, the shared arrays and the activation. */
export function declarations({ shape, scratch }: PassContext): string {
  return [
    '@group(0) @binding(1) var<storage, read> samples: array<f32>;',
    scratch.declarations,
    activationShader(shape.activation).declarations,
  ].join('\n');
}

/** `fn forward(lane, firstSample)`: fills the tape of a tile; ends behind a barrier. */
export function forwardFunction(context: PassContext): string {
  const { shape, tiling, scratch } = context;
  const last = shape.layers.length;
  const step = activationShader(shape.activation).forward;
  const phases = shape.layers.flatMap((layout, i) => {
    const { rows, columns, weight } = layout;
    const layer = i + 1;
    const tape = tapeOf(context, layer);
    const store = (z: string) => (layer === last ? `${tape('slope')} = ${z};` : step.cell(tape, z));
    const bias =
      layout.bias >= 0
        ? { initial: (unit: string) => scratch.at('point', `${u32(layout.bias)} + ${unit}`) }
        : {};
    const size = { rows: tiling.tile, columns: rows };
    const grid: Grid =
      layer === 1 && shape.identityInputs
        ? { ...size, ...cells('z', (unit, row) => firstPreActivation(context, unit, row)) }
        : {
            ...size,
            depth: columns,
            perRow: { x: (row) => unitsOfSample(context, `value${i}`, i, row) },
            perColumn: {
              w: (unit) => scratch.operand('point', `${u32(weight)} + ${unit} * ${u32(columns)}`, 1),
            },
            sums: { z: { product: (c, r) => `w${c} * x${r}`, ...bias } },
          };
    const products = contraction(
      grid,
      (row, unit, sum) => `let at = ${row} * ${u32(rows)} + ${unit};\n${store(sum('z'))}`,
      tiling.workgroupSize,
    );
    return layer === last ? [products] : [products, ...rowPhase(context, step, layer)];
  });
  const body = phases.flatMap((phase) => [phase, scratch.barrier]);
  return `fn forward(lane: u32, firstSample: u32) {\n${block(...body)}\n}`;
}

/** The tape of a layer at the index `at`. */
export const tapeOf =
  ({ scratch }: PassContext, layer: number): TapeElement =>
  (array) =>
    scratch.at(`${array}${layer}`, 'at');

/** What a step does to whole rows of a layer: one phase, or none. */
export function rowPhase(context: PassContext, step: ActivationStep, layer: number): string[] {
  const { shape, tiling } = context;
  if (!step.row) return [];
  const width = u32(shape.widths[layer]!);
  const body = [
    `let first = row * ${width};`,
    `let end = first + ${width};`,
    step.row(tapeOf(context, layer)),
  ];
  return [shareAmongLanes('row', tiling.tile, tiling.workgroupSize, body.join('\n'))];
}

/**
 * One layer on the way back: `sums` over its samples, which read what comes into it, and `delta`, the cells of the step
 * through the activation below; behind a barrier. Where the step goes on with whole rows, its cells overwrite what the sums
 * read.
 */
export function backwardPhase(
  context: PassContext,
  step: ActivationStep,
  layer: number,
  delta: string,
  sums: readonly string[],
): string {
  const { barrier } = context.scratch;
  const rows = rowPhase(context, step, layer - 1);
  const order =
    rows.length === 0 ? [delta, ...sums, barrier] : [...sums, barrier, delta, barrier, ...rows, barrier];
  return order.join('\n');
}

/** The rest of a grid that has nothing to sum: each cell is an expression. */
const cells = (
  name: string,
  of: (column: string, row: string) => string,
): Omit<Grid, 'rows' | 'columns'> => ({
  depth: 0,
  perRow: {},
  perColumn: {},
  sums: { [name]: { product: () => f32(0), initial: of } },
});

/** z_1 of a unit at a row of the tile where sample s is the s-th unit vector: a weight and a bias. Padding repeats the last. */
function firstPreActivation({ shape, tiling, scratch }: PassContext, unit: string, row: string): string {
  const { columns, weight, bias } = shape.layers[0]!;
  const padded = paddedSamples(tiling) > shape.samples;
  const sample = padded ? `min(firstSample + ${row}, ${u32(columns - 1)})` : `(firstSample + ${row})`;
  const product = scratch.at('point', `${u32(weight)} + ${unit} * ${u32(columns)} + ${sample}`);
  return bias < 0 ? product : `${product} + ${scratch.at('point', `${u32(bias)} + ${unit}`)}`;
}

/** dL/dW_1 of a unit and an input where sample s is the s-th unit vector: the delta of that sample, if it is in the tile. */
function firstWeightSlope({ shape, tiling, scratch }: PassContext, input: string, unit: string): string {
  const units = u32(shape.layers[0]!.rows);
  const slope = (row: string) => scratch.at('slope1', `${row} * ${units} + ${unit}`);
  if (tiling.tiles === 1) return slope(input);
  const inTile = `${input} - firstSample < ${u32(tiling.tile)}`;
  return `select(0.0f, ${slope(`min(${input} - firstSample, ${u32(tiling.tile - 1)})`)}, ${inTile})`;
}

/** The sums over samples that are derivatives along parameters: of one layer's weights or biases. */
export interface DerivativeGrid {
  readonly layer: number;
  readonly grid: Grid;
  /** Index in theta of the parameter at a row and a column. */
  readonly parameter: (row: string, column: string) => string;
}

/**
 * The grids of grad L from the last layer to the first: sums over a tile of delta x^T and of delta. Cell c of a lane in one
 * of them is its cell `firstCell` + c among all.
 */
export function gradientGrids(context: PassContext): (DerivativeGrid & { readonly firstCell: number })[] {
  const { shape, tiling } = context;
  const last = shape.layers.length;
  const grids = shape.layers.toReversed().flatMap(({ rows, columns, weight, bias }, i): DerivativeGrid[] => {
    const layer = last - i;
    const along = (array: string, of: number) => (unit: string) => samplesOfUnit(context, array, of, unit);
    const delta = { d: along(`slope${layer}`, layer) };
    const depth = tiling.tile;
    const weights: Grid =
      layer === 1 && shape.identityInputs
        ? { rows, columns, ...cells('g', (input, unit) => firstWeightSlope(context, input, unit)) }
        : {
            rows,
            columns,
            depth,
            perRow: delta,
            perColumn: { x: along(`value${layer - 1}`, layer - 1) },
            sums: { g: { product: (c, r) => `d${r} * x${c}` } },
          };
    return [
      {
        layer,
        grid: weights,
        parameter: (row, column) => `${u32(weight)} + ${row} * ${u32(columns)} + ${column}`,
      },
      ...(bias < 0 ? [] : [biasGrid(context, layer, `slope${layer}`)]),
    ];
  });
  let count = 0;
  return grids.map((derivative) => {
    const firstCell = count;
    count += cellsPerLane(derivative.grid, tiling.workgroupSize);
    return { ...derivative, firstCell };
  });
}

/** The sums over a tile of `array`, which holds one number per unit of the layer: derivatives along its biases. */
export function biasGrid(context: PassContext, layer: number, array: string): DerivativeGrid {
  const { shape, tiling } = context;
  const { rows, bias } = shape.layers[layer - 1]!;
  const grid: Grid = {
    rows: 1,
    columns: rows,
    depth: tiling.tile,
    perRow: {},
    perColumn: { d: (unit) => samplesOfUnit(context, array, layer, unit) },
    sums: { g: { product: (c) => `d${c}` } },
  };
  return { layer, grid, parameter: (_, unit) => `${u32(bias)} + ${unit}` };
}

/** Where derivatives go. */
export interface Sink {
  /** Whether each lane keeps the cells that it computes: then contractions are unrolled. */
  readonly ownCells: boolean;
  /** Statement that puts `share`, a tile's part, to the parameter `index`, cell `cell` of the lane; the first tile starts it. */
  add(index: string, cell: number, share: string): string;
  /** Makes what was put visible to all lanes. */
  readonly barrier: string;
}

/** A storage array that holds the derivative along parameter p at `home + p`. */
export const arraySink = ({ tiling }: PassContext, array: string, home: string): Sink => ({
  ownCells: false,
  add: (index, _, share) => accumulate(tiling, `${array}[${home} + ${index}]`, share),
  barrier: 'storageBarrier();',
});

/** Adds a tile's share to a variable; the first tile starts it. */
export const accumulate = ({ tiles }: Tiling, variable: string, share: string): string =>
  tiles === 1
    ? `${variable} = ${share};`
    : `${variable} = select(${variable}, ${f32(0)}, firstSample == 0u) + ${share};`;

/** `fn gradient(lane, out)`: grad L at `point` into the sink, which may read `out`. Needs `forward`. Ends behind the sink's barrier. */
export function gradientFunction(context: PassContext, sink: Sink): string {
  const { shape, tiling, scratch } = context;
  const last = shape.layers.length;
  const sums = gradientGrids(context).map(({ layer, grid, parameter, firstCell }) => ({
    layer,
    text: contraction(
      grid,
      (row, column, sum, cell) => sink.add(parameter(row, column), firstCell + cell, sum('g')),
      tiling.workgroupSize,
      sink.ownCells,
    ),
  }));
  const step = activationShader(shape.activation).pullBack;
  const phases = shape.layers.map((_, i) => {
    const layer = last - i;
    const own = sums.filter((sum) => sum.layer === layer).map(({ text }) => text);
    return layer === 1
      ? own.join('\n')
      : backwardPhase(context, step, layer, deltaPhase(context, step, layer), own);
  });
  const output = forEachRow(context, outputLossStatements('gradient', context), zeroRow(context, 'slope'));
  const nextTile = tiling.tiles > 1 ? scratch.barrier : '';
  const pass = ['forward(lane, firstSample);', output, scratch.barrier, ...phases, nextTile];
  return `fn gradient(lane: u32, out: u32) {\n${block(overTiles(tiling, pass.join('\n')), sink.barrier)}\n}`;
}

/** Runs `body` for every tile; it sees `firstSample`. */
export function overTiles({ tile, tiles }: Tiling, body: string): string {
  if (tiles === 1) return `const firstSample = 0u;\n${body}`;
  const loop = `for (var firstSample = 0u; firstSample < ${u32(tile * tiles)}; firstSample += ${u32(tile)})`;
  return `${loop} {\n${block(body)}\n}`;
}

/** Runs `body` for every row of the tile that is a sample, `padding` for the others; both see `row`, the first `sample`. */
export function forEachRow({ shape, tiling }: PassContext, body: string, padding: string): string {
  const sample = 'let sample = firstSample + row;';
  const guarded =
    paddedSamples(tiling) === shape.samples
      ? body
      : `if (sample < ${u32(shape.samples)}) {\n${block(body)}\n} else {\n${block(padding)}\n}`;
  return shareAmongLanes('row', tiling.tile, tiling.workgroupSize, `${sample}\n${guarded}`);
}

/** Zeroes a row of an output array of the tape. */
export function zeroRow({ shape, scratch }: PassContext, array: string): string {
  const width = u32(shape.widths.at(-1)!);
  const element = scratch.at(`${array}${shape.layers.length}`, `row * ${width} + o`);
  return `for (var o = 0u; o < ${width}; o++) {\n  ${element} = 0.0;\n}`;
}

/** An array over the units of a layer at a row of the tile, along the units; layer 0 are the inputs. */
export function unitsOfSample(context: PassContext, array: string, layer: number, row: string): Operand {
  const width = u32(context.shape.widths[layer]!);
  return layer > 0
    ? context.scratch.operand(array, `${row} * ${width}`, 1)
    : { array: 'samples', start: `(firstSample + ${row}) * ${width}`, stride: 1 };
}

/** An array over the units of a layer at one unit, along the samples of the tile; layer 0 are the inputs. */
export function samplesOfUnit(context: PassContext, array: string, layer: number, unit: string): Operand {
  const width = context.shape.widths[layer]!;
  return layer > 0
    ? context.scratch.operand(array, unit, width)
    : { array: 'samples', start: `firstSample * ${u32(width)} + ${unit}`, stride: width };
}

/** u = W^T delta_layer, through the activation to delta_{layer-1}. */
function deltaPhase(context: PassContext, step: ActivationStep, layer: number): string {
  const { shape, tiling, scratch } = context;
  const { rows, columns, weight } = shape.layers[layer - 1]!;
  return contraction(
    {
      rows: tiling.tile,
      columns,
      depth: rows,
      perRow: { d: (row) => unitsOfSample(context, `slope${layer}`, layer, row) },
      perColumn: { w: (unit) => scratch.operand('point', `${u32(weight)} + ${unit}`, columns) },
      sums: { u: { product: (c, r) => `w${c} * d${r}` } },
    },
    (row, unit, sum) =>
      `let at = ${row} * ${u32(columns)} + ${unit};\n${step.cell(tapeOf(context, layer - 1), sum('u'))}`,
    tiling.workgroupSize,
  );
}
