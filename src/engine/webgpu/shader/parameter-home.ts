import type { Tableau } from '../../../flow/tableau.ts';
import { cellsPerLane, forOwnCells } from './contraction.ts';
import { accumulate, arraySink, gradientGrids, type PassContext, type Sink } from './passes.ts';
import { block, shareAmongLanes, u32 } from './wgsl.ts';

/** The numbers of one parameter, as WGSL expressions; `p` is its index in theta. */
export interface Parameter {
  /** theta[p] = high + low. */
  readonly high: string;
  readonly low: string;
  /** dL/dtheta[p] at the point of a stage. */
  slope(stage: number): string;
}

/**
 * Where a flow kernel keeps what belongs to single parameters: theta as high and low float32 and a gradient per stage. In
 * storage every flow has `stateSize` floats from `home` on: high parts, low parts, gradients.
 */
export interface ParameterHome {
  readonly stateSize: number;
  readonly declarations: string;
  /** Runs `body` for every parameter, shared among the lanes. */
  each(body: (parameter: Parameter) => string): string;
  /** Takes the gradient; `stageOut` is the last argument of `gradient`. */
  readonly sink: Sink;
  readonly stageOut: string;
  /** Statement that follows the gradient of `stage`. */
  readonly keep: string;
  /** Statements at the beginning and at the end of a dispatch. */
  readonly enter: string;
  readonly leave: string;
}

/** Gradients that a step evaluates: one per stage; the last point of a first-same-as-last method is one of them. */
export const stageCount = ({ points, firstSameAsLast }: Tableau): number =>
  points.length - (firstSameAsLast ? 0 : 1);

/**
 * The home for a kernel: registers of the lane that computes a parameter's gradient, loaded and stored once per dispatch,
 * where `registers` of them suffice; else storage.
 */
export function parameterHome(context: PassContext, tableau: Tableau, registers: number): ParameterHome {
  return registersPerLane(context, tableau) <= registers
    ? inRegisters(context, tableau)
    : inStorage(context, tableau);
}

const ownCells = (context: PassContext): number =>
  gradientGrids(context).reduce((sum, { grid }) => sum + cellsPerLane(grid, context.tiling.workgroupSize), 0);

/** Registers that a lane needs for its parameters: high, low, a gradient per stage and, with several, the one in the making. */
export const registersPerLane = (context: PassContext, tableau: Tableau): number => {
  const stages = stageCount(tableau);
  return ownCells(context) * (2 + stages + (stages > 1 ? 1 : 0));
};

function inStorage(context: PassContext, tableau: Tableau): ParameterHome {
  const { shape, tiling } = context;
  const parameter: Parameter = {
    high: 'state[at]',
    low: `state[at + ${u32(shape.size)}]`,
    slope: (stage) => `state[at + ${u32(shape.size * (2 + stage))}]`,
  };
  return {
    stateSize: shape.size * (2 + stageCount(tableau)),
    declarations: '',
    each: (body) =>
      shareAmongLanes('p', shape.size, tiling.workgroupSize, `let at = home + p;\n${body(parameter)}`),
    sink: arraySink(context, 'state', 'out'),
    stageOut: `home + ${u32(shape.size)} * (2u + stage)`,
    keep: '',
    enter: '',
    leave: '',
  };
}

function inRegisters(context: PassContext, tableau: Tableau): ParameterHome {
  const { shape, tiling } = context;
  const grids = gradientGrids(context);
  const cells = ownCells(context);
  const stages = stageCount(tableau);
  const slopes = Array.from({ length: stages }, (_, stage) => (stages > 1 ? `ownSlope${stage}` : 'ownSlope'));
  const arrays = ['ownHigh', 'ownLow', ...new Set(['ownSlope', ...slopes])];
  const each = (body: (parameter: Parameter) => string) =>
    grids
      .map(({ grid, parameter, firstCell }) =>
        forOwnCells(grid, tiling.workgroupSize, (row, column, cell) => {
          const own = (array: string) => `${array}[${u32(firstCell + cell)}]`;
          const numbers: Parameter = {
            high: own('ownHigh'),
            low: own('ownLow'),
            slope: (stage) => own(slopes[stage]!),
          };
          return `let p = ${parameter(row, column)};\n${body(numbers)}`;
        }),
      )
      .join('\n');
  // The gradient at theta outlives a dispatch (see Clock.warm).
  const stored = ({ high, low, slope }: Parameter) =>
    [high, low, slope(0)].map((own, i) => [own, `state[home + ${u32(i * shape.size)} + p]`] as const);
  const cases = slopes.map((array, stage) => `case ${u32(stage)}: { ${array} = ownSlope; }`);
  return {
    stateSize: 3 * shape.size,
    declarations: arrays.map((array) => `var<private> ${array}: array<f32, ${cells}>;`).join('\n'),
    each,
    sink: {
      ownCells: true,
      add: (_, cell, share) => accumulate(tiling, `ownSlope[${u32(cell)}]`, share),
      barrier: '',
    },
    stageOut: '0u',
    keep: stages > 1 ? `switch stage {\n${block(...cases, 'default: { }')}\n}` : '',
    enter: each((parameter) =>
      stored(parameter)
        .map(([own, kept]) => `${own} = ${kept};`)
        .join('\n'),
    ),
    leave: each((parameter) =>
      stored(parameter)
        .map(([own, kept]) => `${kept} = ${own};`)
        .join('\n'),
    ),
  };
}
