import type { Tableau } from '../../../flow/tableau.ts';
import { FlowClock, FlowStatus, FlowUniform, RECORD_HEADER, recordSize } from './flow-structs.ts';
import { type Parameter, type ParameterHome, stageCount } from './parameter-home.ts';
import { declarations, forwardFunction, gradientFunction, type PassContext } from './passes.ts';
import { adaptiveClock, adaptiveSize, judgeAttempt } from './step-control.ts';
import { block, f32, u32 } from './wgsl.ts';

/** Past this a parameter counts as diverged: its square nears the end of float32. */
const LARGEST_PARAMETER = 1e18;

/** The recipe of a flow kernel; together with the shape it fixes the source. */
export interface FlowRecipe {
  readonly tableau: Tableau;
  readonly kind: 'fixed-step' | 'adaptive';
  readonly recordBy: 'step' | 'time';
  readonly stopsAtGradient: boolean;
}

/** What the functions of a flow kernel are generated from. */
interface FlowContext extends PassContext {
  readonly home: ParameterHome;
}

/**
 * The fused kernel: one workgroup per flow takes up to `budget` steps of an explicit Runge-Kutta method along
 * theta' = -grad L and writes the states that the schedule asks for to slots 0, 1, ..
 *
 * theta is kept as the sum of two float32, updated by compensated summation (Kahan 1965): plain float32 loses every update
 * below half an ulp of the parameter and stalls (math.md B8). `opaque` keeps compilers, which WGSL lets reassociate, from
 * cancelling the compensation.
 *
 * `point` is theta whenever an attempt begins, except after a rejected one, whose gradient at theta is still known.
 */
export function flowKernel(passes: PassContext, recipe: FlowRecipe, home: ParameterHome): string {
  const context = { ...passes, home };
  const stages = stageCount(recipe.tableau);
  return [
    FlowUniform.wgsl,
    FlowClock.wgsl,
    '@group(0) @binding(0) var<uniform> plan: Plan;',
    '@group(0) @binding(2) var<storage, read> running: array<u32>;',
    `@group(0) @binding(3) var<storage, read> schedule: array<${recipe.recordBy === 'step' ? 'u32' : 'vec2f'}>;`,
    '@group(0) @binding(4) var<storage, read_write> clocks: array<Clock>;',
    '@group(0) @binding(5) var<storage, read_write> state: array<f32>;',
    '@group(0) @binding(6) var<storage, read_write> recorded: array<u32>;',
    recipe.kind === 'fixed-step' ? 'var<workgroup> broken: u32;' : '',
    'var<workgroup> sharedClock: Clock;',
    home.declarations,
    declarations(context),
    OPAQUE,
    forwardFunction(context),
    gradientFunction(context, home.sink),
    enterFunction(context),
    stages > 1 ? placeFunction(context, recipe) : '',
    advanceFunction(context, recipe),
    recordFunction(context),
    reduces(recipe) ? sumFunction(context) : '',
    recipe.stopsAtGradient ? gradientSquaresFunction(context) : '',
    recipe.kind === 'adaptive' ? errorFunction(context, recipe) : '',
    mainFunction(context, recipe),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const OPAQUE = `fn opaque(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) ^ plan.zero);
}

fn finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}`;

/** Whether a step adds up a number per lane. */
const reduces = ({ kind, stopsAtGradient }: FlowRecipe): boolean => kind === 'adaptive' || stopsAtGradient;

/** sum_j weights[j] grad_j of a parameter, as an expression. */
function combination(weights: readonly number[], { slope }: Parameter): string {
  const terms = weights.flatMap((weight, j) => (weight === 0 ? [] : [`${f32(weight)} * ${slope(j)}`]));
  return terms.length === 0 ? f32(0) : terms.join(' + ');
}

/** Puts `value` where the passes read the parameter. Fixed steps look for values beyond all bounds, adaptive ones reject them. */
const putPoint = ({ scratch }: PassContext, { kind }: FlowRecipe, value: string): string =>
  [
    ...(kind === 'fixed-step'
      ? [`if (!(abs(${value}) < ${f32(LARGEST_PARAMETER)}) || !finite(${value})) {\n  broken = 1u;\n}`]
      : []),
    `${scratch.at('point', 'p')} = ${value};`,
  ].join('\n');

/** `fn enter`: takes the flow up where the last dispatch left it. */
function enterFunction({ home, scratch }: FlowContext): string {
  const put = home.each(({ high }) => `${scratch.at('point', 'p')} = ${high};`);
  return `fn enter(lane: u32, home: u32) {\n${block(home.enter, put, scratch.barrier)}\n}`;
}

/** `fn place`: puts the point of a later stage, theta - h sum_j a_j grad_j, where the passes read it. */
function placeFunction(context: FlowContext, recipe: FlowRecipe): string {
  const { home, scratch } = context;
  const { tableau } = recipe;
  const cases = Array.from({ length: stageCount(tableau) - 1 }, (_, i) => {
    const body = home.each((parameter) =>
      [
        `let x = ${parameter.high} - size * (${combination(tableau.points[i + 1]!, parameter)});`,
        putPoint(context, recipe, 'x'),
      ].join('\n'),
    );
    return `case ${u32(i + 1)}: {\n${block(body)}\n}`;
  });
  return `fn place(lane: u32, home: u32, stage: u32, size: f32) {
${block(`switch stage {\n${block(...cases, 'default: { }')}\n}`, scratch.barrier)}
}`;
}

/** `fn advance`: makes the last point the state, by compensated summation, and the point of the next step. */
function advanceFunction(context: FlowContext, recipe: FlowRecipe): string {
  const { home, scratch } = context;
  const { tableau } = recipe;
  const update = home.each((parameter) =>
    [
      `let high = ${parameter.high};`,
      `let change = ${parameter.low} - size * (${combination(tableau.points.at(-1)!, parameter)});`,
      'let moved = opaque(high + change);',
      `${parameter.high} = moved;`,
      `${parameter.low} = change - opaque(moved - high);`,
      tableau.firstSameAsLast ? `${parameter.slope(0)} = ${parameter.slope(stageCount(tableau) - 1)};` : '',
      putPoint(context, recipe, 'moved'),
    ]
      .filter((line) => line !== '')
      .join('\n'),
  );
  return `fn advance(lane: u32, home: u32, size: f32) {\n${block(update, scratch.barrier)}\n}`;
}

/** `fn record`: writes the state into a slot. */
function recordFunction({ home, shape }: FlowContext): string {
  const copy = home.each(({ high, low }) =>
    [
      `recorded[to + ${u32(RECORD_HEADER)} + p] = bitcast<u32>(${high});`,
      `recorded[to + ${u32(RECORD_HEADER + shape.size)} + p] = bitcast<u32>(${low});`,
    ].join('\n'),
  );
  const header = [
    'recorded[to] = clock.step;',
    'recorded[to + 1u] = bitcast<u32>(clock.timeHigh);',
    'recorded[to + 2u] = bitcast<u32>(clock.timeLow);',
  ];
  return `fn record(lane: u32, home: u32, position: u32, slot: u32, clock: Clock) {
${block(
  `let to = (position * plan.slots + slot) * ${u32(recordSize(shape.size))};`,
  copy,
  `if (lane == 0u) {\n${block(...header)}\n}`,
)}
}`;
}

/** `fn sum`: adds one number per lane, in two turns of about the same length; every lane gets the result. */
function sumFunction({ tiling: { workgroupSize } }: PassContext): string {
  const adders = 2 ** Math.ceil(Math.log2(workgroupSize) / 2);
  return `var<workgroup> partial: array<f32, ${workgroupSize}>;
var<workgroup> total: f32;
fn sum(lane: u32, share: f32) -> f32 {
  partial[lane] = share;
  workgroupBarrier();
  if (lane < ${u32(adders)}) {
    var some = 0.0f;
    for (var i = lane; i < ${u32(workgroupSize)}; i += ${u32(adders)}) {
      some += partial[i];
    }
    partial[lane] = some;
  }
  workgroupBarrier();
  if (lane == 0u) {
    var all = 0.0f;
    for (var i = 0u; i < ${u32(adders)}; i++) {
      all += partial[i];
    }
    total = all;
  }
  return workgroupUniformLoad(&total);
}`;
}

/** `fn gradientSquares`: |grad L|^2 at the state. */
function gradientSquaresFunction({ home }: FlowContext): string {
  const add = home.each(({ slope }) => `squares += ${slope(0)} * ${slope(0)};`);
  return `fn gradientSquares(lane: u32, home: u32) -> f32 {
${block('var squares = 0.0f;', add, 'return sum(lane, squares);')}
}`;
}

/** `fn scaledError`: the root-mean-square of the error estimate over its scale, as in flow/stepper.ts. */
function errorFunction({ home, shape }: FlowContext, { tableau }: FlowRecipe): string {
  const add = home.each((parameter) =>
    [
      `let difference = size * (${combination(tableau.error ?? [], parameter)});`,
      `let candidate = ${parameter.high} - size * (${combination(tableau.points.at(-1)!, parameter)});`,
      `let scaled = difference / (plan.tolerance * (1.0f + max(abs(${parameter.high}), abs(candidate))));`,
      'squares += scaled * scaled;',
    ].join('\n'),
  );
  return `fn scaledError(lane: u32, home: u32, size: f32) -> f32 {
${block('var squares = 0.0f;', add, `return sqrt(sum(lane, squares) / ${f32(shape.size)});`)}
}`;
}

function mainFunction(context: FlowContext, recipe: FlowRecipe): string {
  const { tiling, home } = context;
  return `@compute @workgroup_size(${tiling.workgroupSize})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let position = group.x + group.y * plan.flowsPerRow;
  if (position >= plan.flows) {
    return;
  }
  let flow = running[position];
${block(context.scratch.enter('position'))}
  let home = flow * ${u32(home.stateSize)};
  if (lane == 0u) {
    sharedClock = clocks[flow];${recipe.kind === 'fixed-step' ? '\n    broken = 0u;' : ''}
  }
  var clock = workgroupUniformLoad(&sharedClock);
  clock.slots = 0u;
  clock.attempts = 0u;
  enter(lane, home);
  while (clock.status == ${u32(FlowStatus.running)} && clock.attempts < plan.budget && ${hasRoom(recipe)}) {
${block(block(...attempt(context, recipe)))}
  }
  if (plan.budget == 0u) {
    record(lane, home, position, 0u, clock);
  }
${block(home.leave)}
  if (lane == 0u) {
    clocks[flow] = clock;
  }
}`;
}

/** Whether there is a slot for what the next step may record. */
const hasRoom = ({ recordBy }: FlowRecipe): string =>
  recordBy === 'time'
    ? 'clock.slots < plan.slots'
    : '(clock.slots < plan.slots || clock.due >= plan.records || schedule[clock.due] > clock.step + 1u)';

const RECORD = `record(lane, home, position, clock.slots, clock);
clock.slots += 1u;
clock.due += 1u;`;

const RECORD_STEP = `if (clock.due < plan.records && clock.step == schedule[clock.due]) {
${block(RECORD)}
}`;

const BROKEN = 'workgroupUniformLoad(&broken) != 0u';

const endAs = (status: number): string => `${block(`clock.status = ${u32(status)};`, 'break;')}`;

/** The statements of one attempted step. */
function attempt({ home }: FlowContext, recipe: FlowRecipe): string[] {
  const { tableau, kind, recordBy, stopsAtGradient } = recipe;
  const stages = stageCount(tableau);
  const fixed = kind === 'fixed-step';
  const converged = stopsAtGradient
    ? `if (gradientSquares(lane, home) <= plan.gradientSquares) {\n${endAs(FlowStatus.converged)}\n}`
    : '';
  const place = [
    'place(lane, home, stage, size);',
    fixed ? `if (${BROKEN}) {\n${endAs(FlowStatus.diverged)}\n}` : '',
  ];
  const evaluate = [
    stages > 1 ? `if (stage > 0u) {\n${block(...place)}\n}` : '',
    `gradient(lane, ${home.stageOut});`,
    home.keep,
    converged && !tableau.firstSameAsLast ? `if (stage == 0u) {\n${block(converged)}\n}` : '',
  ];
  const knowsFirst = tableau.firstSameAsLast || !fixed;
  const move = [
    fixed ? '' : judgeAttempt(tableau),
    'advance(lane, home, size);',
    'clock.step += 1u;',
    knowsFirst ? `clock.warm = ${tableau.firstSameAsLast ? '1u' : '0u'};` : '',
    fixed ? `if (${BROKEN}) {\n${endAs(FlowStatus.diverged)}\n}` : adaptiveClock,
    recordBy === 'step' ? RECORD_STEP : `if (clipped) {\n${block(RECORD)}\n}`,
    `if (${finished(recipe)}) {\n${block(`clock.status = ${u32(FlowStatus.finished)};`)}\n}`,
  ];
  return [
    fixed ? 'let size = plan.stepSize;' : adaptiveSize(recordBy),
    `for (var stage = ${knowsFirst ? 'clock.warm' : '0u'}; stage < ${u32(stages)}; stage++) {\n${block(...evaluate)}\n}`,
    (fixed && stages > 1) || (stopsAtGradient && !tableau.firstSameAsLast)
      ? `if (clock.status != ${u32(FlowStatus.running)}) {\n  break;\n}`
      : '',
    'clock.attempts += 1u;',
    ...move,
    tableau.firstSameAsLast ? converged : '',
  ];
}

/** Whether the plan has been walked to its end. */
const finished = ({ kind, recordBy }: FlowRecipe): string => {
  if (kind === 'fixed-step') return 'clock.step >= plan.steps';
  return recordBy === 'step' ? 'clipped' : 'clock.due == plan.records';
};
