import type { PointwiseActivation } from '../../../model/pointwise.ts';
import type { RadialActivation } from '../../../model/radial.ts';
import { type LayerActivation, SHORTEST_VECTOR } from '../../layered.ts';
import { block, f32 } from './wgsl.ts';

/**
 * An activation as WGSL: the four ways through a hidden layer, which model/hidden-activation.ts has on the cpu. The tape is
 * that of passes.ts and tangent-passes.ts.
 */
export interface ActivationShader {
  /** Functions that the first two ways call. */
  readonly declarations: string;
  /** Functions that the others call besides. */
  readonly tangentDeclarations: string;
  /** From z to the tape. */
  readonly forward: ActivationStep;
  /** From u = dL/dx to delta = dL/dz. */
  readonly pullBack: ActivationStep;
  /** From z and R{z} to the tape. */
  readonly forwardTangent: ActivationStep;
  /** From u and R{u} to delta and R{delta}. */
  readonly pullBackTangent: ActivationStep;
}

/** The element `at` of an array of the layer's tape. */
export type TapeElement = (array: string) => string;

/** One way through an activation. */
export interface ActivationStep {
  /** Statements that put the sums of a cell (z, or u, then its tangent) to the element `at`. */
  cell(tape: TapeElement, ...sums: readonly string[]): string;
  /**
   * Statements for the elements `first` .. `end` - 1, the units of one sample, once all cells are there; null: the cells
   * have said all. Backwards, the cells then overwrite x (and R{x}).
   */
  readonly row: ((tape: TapeElement) => string) | null;
}

/** The shader of an activation. */
export const activationShader = (activation: LayerActivation): ActivationShader =>
  activation.kind === 'radial' ? radial(activation) : pointwise(activation);

const pointwise = ({ wgsl }: PointwiseActivation): ActivationShader => ({
  declarations: `fn activation(x: f32) -> f32 {
  return ${wgsl.value};
}
fn activationSlope(x: f32, y: f32) -> f32 {
  return ${wgsl.derivative};
}`,
  tangentDeclarations: `fn activationBend(x: f32, y: f32) -> f32 {
  return ${wgsl.secondDerivative};
}`,
  forward: {
    cell: (tape, z) =>
      lines(
        `let y = activation(${z});`,
        `${tape('value')} = y;`,
        `${tape('slope')} = activationSlope(${z}, y);`,
      ),
    row: null,
  },
  pullBack: { cell: (tape, u) => `${tape('slope')} *= ${u};`, row: null },
  forwardTangent: {
    cell: (tape, z, rz) =>
      lines(
        `let y = activation(${z});`,
        `let slope = activationSlope(${z}, y);`,
        `${tape('value')} = y;`,
        `${tape('slope')} = slope;`,
        `${tape('tangent')} = slope * ${rz};`,
        `${tape('bend')} = activationBend(${z}, y) * ${rz};`,
      ),
    row: null,
  },
  pullBackTangent: {
    cell: (tape, u, ru) =>
      lines(
        `let slope = ${tape('slope')};`,
        `${tape('slope')} = slope * ${u};`,
        `${tape('bend')} = ${tape('bend')} * ${u} + slope * ${ru};`,
      ),
    row: null,
  },
});

/** Until `delta` takes its place, `slope` holds z, and `bend` R{z}; u and R{u} pass through `value` and `tangent`. */
const radial = ({ wgsl }: RadialActivation): ActivationShader => ({
  declarations: lines(ofLength('radialLambda', wgsl.lambda), ofLength('radialSlope', wgsl.slope)),
  tangentDeclarations: ofLength('radialBend', wgsl.bend),
  forward: {
    cell: (tape, z) => `${tape('slope')} = ${z};`,
    row: (tape) =>
      overRow({
        z: tape('slope'),
        dots: { zz: ['z', 'z'] },
        factors: 'let lambda = radialLambda(sqrt(zz));',
        store: `${tape('value')} = lambda * z;`,
      }),
  },
  pullBack: {
    cell: (tape, u) => `${tape('value')} = ${u};`,
    row: (tape) =>
      overRow({
        z: tape('slope'),
        u: tape('value'),
        dots: { zz: ['z', 'z'], zu: ['z', 'u'] },
        factors: lines(
          'let r = sqrt(zz);',
          'let lambda = radialLambda(r);',
          'let along = radialSlope(r) * zu;',
        ),
        store: `${tape('slope')} = lambda * u + along * z;`,
      }),
  },
  forwardTangent: {
    cell: (tape, z, rz) => lines(`${tape('slope')} = ${z};`, `${tape('bend')} = ${rz};`),
    row: (tape) =>
      overRow({
        z: tape('slope'),
        rz: tape('bend'),
        dots: { zz: ['z', 'z'], zrz: ['z', 'rz'] },
        factors: lines(
          'let r = sqrt(zz);',
          'let lambda = radialLambda(r);',
          'let along = radialSlope(r) * zrz;',
        ),
        store: lines(`${tape('value')} = lambda * z;`, `${tape('tangent')} = lambda * rz + along * z;`),
      }),
  },
  pullBackTangent: {
    cell: (tape, u, ru) => lines(`${tape('value')} = ${u};`, `${tape('tangent')} = ${ru};`),
    row: (tape) =>
      overRow({
        z: tape('slope'),
        rz: tape('bend'),
        u: tape('value'),
        ru: tape('tangent'),
        dots: {
          zz: ['z', 'z'],
          zrz: ['z', 'rz'],
          zu: ['z', 'u'],
          urz: ['u', 'rz'],
          zru: ['z', 'ru'],
        },
        factors: lines(
          'let r = sqrt(zz);',
          'let lambda = radialLambda(r);',
          'let slope = radialSlope(r);',
          'let along = slope * (zru + urz) + radialBend(r) * zrz * zu;',
        ),
        store: lines(
          `${tape('slope')} = lambda * u + slope * zu * z;`,
          `${tape('bend')} = lambda * ru + slope * (zrz * u + zu * rz) + along * z;`,
        ),
      }),
  },
});

/** A function of r = |z| that is 0 where there is no direction. */
const ofLength = (name: string, expression: string): string => `fn ${name}(r: f32) -> f32 {
  if (r < ${f32(SHORTEST_VECTOR)}) {
    return 0.0;
  }
  return ${expression};
}`;

/** Dot products over a row, then what follows for each element, in which the vectors go by their names. */
function overRow({
  dots,
  factors,
  store,
  ...vectors
}: {
  readonly dots: Readonly<Record<string, readonly [string, string]>>;
  readonly factors: string;
  readonly store: string;
  readonly z: string;
  readonly rz?: string;
  readonly u?: string;
  readonly ru?: string;
}): string {
  const read = Object.entries(vectors).map(([name, element]) => `let ${name} = ${element};`);
  const loop = (...body: string[]) => `for (var at = first; at < end; at++) {\n${block(...read, ...body)}\n}`;
  return lines(
    ...Object.keys(dots).map((name) => `var ${name} = 0.0f;`),
    loop(...Object.entries(dots).map(([name, [a, b]]) => `${name} += ${a} * ${b};`)),
    factors,
    loop(store),
  );
}

const lines = (...statements: readonly string[]): string => statements.join('\n');
