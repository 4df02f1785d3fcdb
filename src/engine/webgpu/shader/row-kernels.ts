import { outputLossStatements } from './output-loss.ts';
import {
  arraySink,
  declarations,
  forEachRow,
  forwardFunction,
  GRADIENT_TAPE,
  gradientFunction,
  overTiles,
  type PassContext,
} from './passes.ts';
import { struct } from './struct.ts';
import {
  forwardTangentFunction,
  hessianVectorFunction,
  TANGENT_TAPE,
  tangentDeclarations,
} from './tangent-passes.ts';
import type { Tape } from './tile.ts';
import { block, f32, shareAmongLanes, u32 } from './wgsl.ts';

/** What one dispatch over rows of parameters does. */
export const RowUniform = struct('Rows', {
  /** The rows of this dispatch are first .. end - 1, `perRow` of them side by side in x. */
  first: 'u32',
  end: 'u32',
  perRow: 'u32',
});

/** A function of a row of parameters, one workgroup per row. */
export interface RowKernel {
  readonly tape: Tape;
  /** Numbers per row of the result. */
  width(size: number): number;
  /** Whether each row comes with a vector. */
  readonly takesVectors: boolean;
  source(context: PassContext): string;
}

/** Binding 2 holds the rows of parameters, 3 the vectors if there are any, 4 the result. */
const common = (context: PassContext): string =>
  [
    RowUniform.wgsl,
    '@group(0) @binding(0) var<uniform> rows: Rows;',
    '@group(0) @binding(2) var<storage, read> thetas: array<f32>;',
    '@group(0) @binding(4) var<storage, read_write> result: array<f32>;',
    declarations(context),
  ].join('\n');

/** The entry point: loads the row's parameters into `point`, then runs `body`, which sees `row` and `home`. */
const entry = (
  { shape, tiling, scratch }: PassContext,
  body: string,
): string => `@compute @workgroup_size(${tiling.workgroupSize})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let position = group.x + group.y * rows.perRow;
  let index = rows.first + position;
  if (index >= rows.end) {
    return;
  }
  let home = index * ${u32(shape.size)};
${block(
  scratch.enter('position'),
  shareAmongLanes('p', shape.size, tiling.workgroupSize, `${scratch.at('point', 'p')} = thetas[home + p];`),
  scratch.barrier,
  body,
)}
}`;

const lossBody = (context: PassContext): string => {
  const { shape, tiling, scratch } = context;
  const addRows = forEachRow(context, outputLossStatements('value', context), '');
  return `var sum = 0.0f;
${overTiles(tiling, `forward(lane, firstSample);\n${addRows}\n${scratch.barrier}`)}
partial[lane] = sum;
workgroupBarrier();
if (lane == 0u) {
  var total = 0.0f;
  for (var i = 0u; i < ${u32(tiling.workgroupSize)}; i++) {
    total += partial[i];
  }
  result[index] = ${f32(shape.scale)} * total;
}`;
};

/** The row kernels of the engine, by the name of its method. */
export const rowKernels = {
  loss: {
    tape: GRADIENT_TAPE,
    width: () => 1,
    takesVectors: false,
    source: (context) =>
      [
        common(context),
        `var<workgroup> partial: array<f32, ${context.tiling.workgroupSize}>;`,
        forwardFunction(context),
        entry(context, lossBody(context)),
      ].join('\n\n'),
  },
  gradient: {
    tape: GRADIENT_TAPE,
    width: (size) => size,
    takesVectors: false,
    source: (context) =>
      [
        common(context),
        forwardFunction(context),
        gradientFunction(context, arraySink(context, 'result', 'out')),
        entry(context, 'gradient(lane, home);'),
      ].join('\n\n'),
  },
  hessianVectorProduct: {
    tape: TANGENT_TAPE,
    width: (size) => size,
    takesVectors: true,
    source: (context) =>
      [
        common(context),
        tangentDeclarations(context),
        forwardTangentFunction(context),
        hessianVectorFunction(context, 'result'),
        entry(context, 'hessianVectorProduct(lane, home);'),
      ].join('\n\n'),
  },
} as const satisfies Record<string, RowKernel>;

export type RowKernelName = keyof typeof rowKernels;
