import { contraction, type Operand } from './contraction.ts';
import { outputLossStatements } from './output-loss.ts';
import type { Scratch } from './scratch.ts';
import type { KernelShape } from './shape.ts';
import { paddedSamples, type Tape, type Tiling } from './tile.ts';
import { block, f32, shareAmongLanes, u32 } from './wgsl.ts';

/**
 * The passes over a network as WGSL functions of a workgroup that holds the parameters in `point` and the tape of one tile
 * of samples. Layers count from 1. Per hidden layer l the tape is `value_l` = x_l and `slope_l` = sigma'(z_l), which the
 * backward pass overwrites with delta_l = dL/dz_l; at the output `slope_L` is z_L, then delta_L. Rows past the last sample
 * (`samples` is padded with zeros to whole tiles) get delta = 0.
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
  const { wgsl } = shape.activation;
  return [
    '@group(0) @binding(1) var<storage, read> samples: array<f32>;',
    scratch.declarations,
    `fn activation(x: f32) -> f32 {\n  return ${wgsl.value};\n}`,
    `fn activationSlope(x: f32, y: f32) -> f32 {\n  return ${wgsl.derivative};\n}`,
  ].join('\n');
}

/** `fn forward(lane, firstSample)`: fills the tape of a tile; ends behind a barrier. */
export function forwardFunction(context: PassContext): string {
  const { shape, tiling, scratch } = context;
  const last = shape.layers.length;
  const phases = shape.layers.map((layout, i) => {
    const { rows, columns, weight } = layout;
    const layer = i + 1;
    const store = (z: string) =>
      layer === last
        ? `${scratch.at(`slope${layer}`, 'at')} = ${z};`
        : [
            `let y = activation(${z});`,
            `${scratch.at(`value${layer}`, 'at')} = y;`,
            `${scratch.at(`slope${layer}`, 'at')} = activationSlope(${z}, y);`,
          ].join('\n');
    const bias =
      layout.bias >= 0
        ? { initial: (unit: string) => scratch.at('point', `${u32(layout.bias)} + ${unit}`) }
        : {};
    return contraction(
      {
        rows: tiling.tile,
        columns: rows,
        depth: columns,
        perRow: { x: (row) => unitsOfSample(context, `value${i}`, i, row) },
        perColumn: { w: (unit) => scratch.operand('point', `${u32(weight)} + ${unit} * ${u32(columns)}`, 1) },
        sums: { z: { product: (c, r) => `w${c} * x${r}`, ...bias } },
        store: (row, unit, sum) => `let at = ${row} * ${u32(rows)} + ${unit};\n${store(sum('z'))}`,
      },
      tiling.workgroupSize,
    );
  });
  const body = phases.flatMap((phase) => [phase, scratch.barrier]);
  return `fn forward(lane: u32, firstSample: u32) {\n${block(...body)}\n}`;
}

/**
 * `fn gradient(lane, out)`: grad L at `point` into `sink[out + p]`, p < P. Needs `forward`. Ends behind a storage
 * barrier.
 */
export function gradientFunction(context: PassContext, sink: string): string {
  const { shape, tiling, scratch } = context;
  const last = shape.layers.length;
  const phases = shape.layers.map((_, i) => {
    const layer = last - i;
    return [
      layer > 1 ? deltaPhase(context, layer) : '',
      weightGradient(context, layer, sink),
      biasGradient(context, layer, sink),
      layer > 1 ? scratch.barrier : '',
    ].join('\n');
  });
  const output = forEachRow(context, outputLossStatements('gradient', context), zeroRow(context, 'slope'));
  const nextTile = tiling.tiles > 1 ? scratch.barrier : '';
  const pass = ['forward(lane, firstSample);', output, scratch.barrier, ...phases, nextTile];
  return `fn gradient(lane: u32, out: u32) {\n${block(overTiles(tiling, pass.join('\n')), 'storageBarrier();')}\n}`;
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

/** delta_{layer-1} = sigma'(z) * W^T delta_layer. */
function deltaPhase(context: PassContext, layer: number): string {
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
      store: (row, unit, sum) =>
        `${scratch.at(`slope${layer - 1}`, `${row} * ${u32(columns)} + ${unit}`)} *= ${sum('u')};`,
    },
    tiling.workgroupSize,
  );
}

/** dL/dW = sum over samples of delta x^T. */
function weightGradient(context: PassContext, layer: number, sink: string): string {
  const { shape, tiling } = context;
  const { rows, columns, weight } = shape.layers[layer - 1]!;
  return contraction(
    {
      rows,
      columns,
      depth: tiling.tile,
      perRow: { d: (unit) => samplesOfUnit(context, `slope${layer}`, layer, unit) },
      perColumn: { x: (unit) => samplesOfUnit(context, `value${layer - 1}`, layer - 1, unit) },
      sums: { g: { product: (c, r) => `d${r} * x${c}` } },
      store: (row, column, sum) =>
        accumulate(tiling, sink, `out + ${u32(weight)} + ${row} * ${u32(columns)} + ${column}`, sum('g')),
    },
    tiling.workgroupSize,
  );
}

/** dL/db = sum over samples of delta, which the tape calls `array`, added to the sink from `home` on. */
export function biasGradient(
  context: PassContext,
  layer: number,
  sink: string,
  array = 'slope',
  home = 'out',
): string {
  const { shape, tiling } = context;
  const { rows, bias } = shape.layers[layer - 1]!;
  if (bias < 0) return '';
  return contraction(
    {
      rows: 1,
      columns: rows,
      depth: tiling.tile,
      perRow: {},
      perColumn: { d: (unit) => samplesOfUnit(context, `${array}${layer}`, layer, unit) },
      sums: { g: { product: (c) => `d${c}` } },
      store: (_, unit, sum) => accumulate(tiling, sink, `${home} + ${u32(bias)} + ${unit}`, sum('g')),
    },
    tiling.workgroupSize,
  );
}

/** Adds a tile's share to the sink; the first tile starts it. */
export function accumulate(tiling: Tiling, sink: string, index: string, share: string): string {
  return tiling.tiles === 1
    ? `${sink}[${index}] = ${share};`
    : `${sink}[${index}] = select(${sink}[${index}], ${f32(0)}, firstSample == 0u) + ${share};`;
}
