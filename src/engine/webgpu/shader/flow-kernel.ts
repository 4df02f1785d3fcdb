import {
  controllerExponents,
  ERROR_FLOOR,
  LARGEST_CUT,
  LARGEST_GROWTH,
  SAFETY,
} from '../../../flow/controller.ts';
import { STRETCH } from '../../../flow/march.ts';
import type { Tableau } from '../../../flow/tableau.ts';
import { declarations, forwardFunction, gradientFunction, type PassContext } from './passes.ts';
import { struct } from './struct.ts';
import { block, f32, shareAmongLanes, u32 } from './wgsl.ts';

/** What one dispatch does, the same for all flows. */
export const FlowUniform = struct('Plan', {
  /** Always 0, which the compiler cannot know: see `opaque`. */
  zero: 'u32',
  /** Flows in this dispatch, and how many of them lie side by side in x. */
  flows: 'u32',
  flowsPerRow: 'u32',
  /** Attempted steps per flow in this dispatch, at most. */
  budget: 'u32',
  /** Recorded states per flow in this dispatch, at most. */
  slots: 'u32',
  /** Length of the schedule. */
  records: 'u32',
  /** Fixed steps: the last step and the step size. */
  steps: 'u32',
  stepSize: 'f32',
  /** Adaptive: the tolerance and the end, as a sum of two float32. */
  tolerance: 'f32',
  endHigh: 'f32',
  endLow: 'f32',
  /** Stops once |grad L|^2 falls to this. */
  gradientSquares: 'f32',
});

/** Where one flow is. Times are sums of two float32. */
export const FlowClock = struct('Clock', {
  step: 'u32',
  /** Index of the next schedule entry. */
  due: 'u32',
  /** States recorded in this dispatch. */
  slots: 'u32',
  /** Steps attempted in this dispatch. */
  attempts: 'u32',
  status: 'u32',
  /** 1 once the gradient at the state is known from the step before (first same as last). */
  warm: 'u32',
  /** State of the controller (flow/controller.ts): `rejected` is 1 when the last attempt was rejected. */
  rejected: 'u32',
  size: 'f32',
  previousError: 'f32',
  timeHigh: 'f32',
  timeLow: 'f32',
});

/** Values of `Clock.status`. */
export const FlowStatus = { running: 0, finished: 1, converged: 2, diverged: 3, underflow: 4 } as const;

/** Words before the parameters of a recorded state: step, time as two float32, a spare. */
export const RECORD_HEADER = 4;

/** Past this a parameter counts as diverged: its square nears the end of float32. */
const LARGEST_PARAMETER = 1e18;

/** The recipe of a flow kernel; together with the shape it fixes the source. */
export interface FlowRecipe {
  readonly tableau: Tableau;
  readonly kind: 'fixed-step' | 'adaptive';
  readonly recordBy: 'step' | 'time';
  readonly stopsAtGradient: boolean;
}

/** Gradients that a step evaluates: one per stage; the last point of a first-same-as-last method is one of them. */
export const stageCount = ({ points, firstSameAsLast }: Tableau): number =>
  points.length - (firstSameAsLast ? 0 : 1);

/** Floats of storage per flow: theta as high and low float32, then one gradient per stage. */
export const stateSize = (size: number, tableau: Tableau): number => size * (2 + stageCount(tableau));

/** Words of one recorded state: the header, then theta as high and low float32. */
export const recordSize = (size: number): number => RECORD_HEADER + 2 * size;

/**
 * The fused kernel: one workgroup per flow takes up to `budget` steps of an explicit Runge-Kutta method along
 * theta' = -grad L, writes the states that the schedule asks for to slots 0, 1, .. and its present state behind the last slot.
 *
 * theta is kept as the sum of two float32, updated by compensated summation (Kahan 1965): plain float32 loses every update
 * below half an ulp of the parameter and stalls (math.md B8). `opaque` keeps compilers, which WGSL lets reassociate, from
 * cancelling the compensation.
 */
export function flowKernel(context: PassContext, recipe: FlowRecipe): string {
  const { tiling } = context;
  return [
    FlowUniform.wgsl,
    FlowClock.wgsl,
    '@group(0) @binding(0) var<uniform> plan: Plan;',
    '@group(0) @binding(2) var<storage, read> running: array<u32>;',
    `@group(0) @binding(3) var<storage, read> schedule: array<${recipe.recordBy === 'step' ? 'u32' : 'vec2f'}>;`,
    '@group(0) @binding(4) var<storage, read_write> clocks: array<Clock>;',
    '@group(0) @binding(5) var<storage, read_write> state: array<f32>;',
    '@group(0) @binding(6) var<storage, read_write> recorded: array<u32>;',
    reduces(recipe)
      ? `var<workgroup> partial: array<f32, ${tiling.workgroupSize}>;\nvar<workgroup> total: f32;`
      : '',
    'var<workgroup> broken: u32;',
    'var<workgroup> sharedClock: Clock;',
    declarations(context),
    OPAQUE,
    forwardFunction(context),
    gradientFunction(context, 'state'),
    placeFunction(context, recipe),
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

/** sum_j weights[j] grad_j of the parameter at `at`, as an expression. */
function combination(weights: readonly number[], size: number): string {
  const terms = weights.flatMap((weight, j) =>
    weight === 0 ? [] : [`${f32(weight)} * state[at + ${u32(size * (2 + j))}]`],
  );
  return terms.length === 0 ? f32(0) : terms.join(' + ');
}

const overParameters = ({ shape, tiling }: PassContext, body: string): string =>
  shareAmongLanes('p', shape.size, tiling.workgroupSize, `let at = home + p;\n${body}`);

/** `fn place`: puts the point of a stage, theta - h sum_j a_j grad_j, where the passes read it. */
function placeFunction(context: PassContext, { tableau, kind }: FlowRecipe): string {
  const stages = Array.from({ length: stageCount(tableau) }, (_, stage) => tableau.points[stage]!);
  const cases = stages.map((weights, stage) =>
    stage === 0 ? '' : `case ${u32(stage)}: { slope = ${combination(weights, context.shape.size)}; }`,
  );
  const slope =
    stages.length === 1 ? '' : `var slope = 0.0f;\nswitch stage {\n${block(...cases, 'default: { }')}\n}`;
  const place = [
    slope,
    `let x = ${stages.length === 1 ? 'state[at]' : 'state[at] - size * slope'};`,
    kind === 'fixed-step'
      ? `if (!(abs(x) < ${f32(LARGEST_PARAMETER)}) || !finite(x)) {\n  broken = 1u;\n}`
      : '',
    `${context.scratch.at('point', 'p')} = x;`,
  ];
  return `fn place(lane: u32, home: u32, stage: u32, size: f32) {
${block(overParameters(context, place.filter((line) => line !== '').join('\n')), context.scratch.barrier)}
}`;
}

/** `fn advance`: makes the last point the state, by compensated summation. */
function advanceFunction(context: PassContext, { tableau }: FlowRecipe): string {
  const { size } = context.shape;
  const reuse = tableau.firstSameAsLast
    ? `state[at + ${u32(2 * size)}] = state[at + ${u32(size * (1 + stageCount(tableau)))}];`
    : '';
  const update = [
    'let high = state[at];',
    `let change = state[at + ${u32(size)}] - size * (${combination(tableau.points.at(-1)!, size)});`,
    'let moved = opaque(high + change);',
    'state[at] = moved;',
    `state[at + ${u32(size)}] = change - opaque(moved - high);`,
    reuse,
  ];
  return `fn advance(lane: u32, home: u32, size: f32) {
${block(overParameters(context, update.filter((line) => line !== '').join('\n')))}
}`;
}

/** `fn record`: writes the state into a slot. */
function recordFunction(context: PassContext): string {
  const { size } = context.shape;
  const copy = [
    `recorded[to + ${u32(RECORD_HEADER)} + p] = bitcast<u32>(state[at]);`,
    `recorded[to + ${u32(RECORD_HEADER + size)} + p] = bitcast<u32>(state[at + ${u32(size)}]);`,
  ];
  const header = [
    'recorded[to] = clock.step;',
    'recorded[to + 1u] = bitcast<u32>(clock.timeHigh);',
    'recorded[to + 2u] = bitcast<u32>(clock.timeLow);',
  ];
  return `fn record(lane: u32, home: u32, position: u32, slot: u32, clock: Clock) {
${block(
  `let to = (position * (plan.slots + 1u) + slot) * ${u32(recordSize(size))};`,
  overParameters(context, copy.join('\n')),
  `if (lane == 0u) {\n${block(...header)}\n}`,
)}
}`;
}

/** `fn sum`: adds one number per lane; every lane gets the result. */
function sumFunction({ tiling }: PassContext): string {
  return `fn sum(lane: u32, share: f32) -> f32 {
  partial[lane] = share;
  workgroupBarrier();
  if (lane == 0u) {
    var all = 0.0f;
    for (var i = 0u; i < ${u32(tiling.workgroupSize)}; i++) {
      all += partial[i];
    }
    total = all;
  }
  return workgroupUniformLoad(&total);
}`;
}

/** `fn gradientSquares`: |grad L|^2 at the state. */
function gradientSquaresFunction(context: PassContext): string {
  const add = `let slope = state[at + ${u32(2 * context.shape.size)}];\nsquares += slope * slope;`;
  return `fn gradientSquares(lane: u32, home: u32) -> f32 {
${block('var squares = 0.0f;', overParameters(context, add), 'return sum(lane, squares);')}
}`;
}

/** `fn scaledError`: the root-mean-square of the error estimate over its scale, as in flow/stepper.ts. */
function errorFunction(context: PassContext, { tableau }: FlowRecipe): string {
  const { size } = context.shape;
  const add = [
    `let difference = size * (${combination(tableau.error ?? [], size)});`,
    `let candidate = state[at] - size * (${combination(tableau.points.at(-1)!, size)});`,
    'let scaled = difference / (plan.tolerance * (1.0f + max(abs(state[at]), abs(candidate))));',
    'squares += scaled * scaled;',
  ];
  return `fn scaledError(lane: u32, home: u32, size: f32) -> f32 {
${block(
  'var squares = 0.0f;',
  overParameters(context, add.join('\n')),
  `return sqrt(sum(lane, squares) / ${f32(size)});`,
)}
}`;
}

function mainFunction(context: PassContext, recipe: FlowRecipe): string {
  const { shape, tiling } = context;
  const stages = stageCount(recipe.tableau);
  const checkConverged = (status: string) =>
    recipe.stopsAtGradient
      ? `if (gradientSquares(lane, home) <= plan.gradientSquares) {\n${block(`clock.status = ${status};`, 'break;')}\n}`
      : '';
  const converged = u32(FlowStatus.converged);
  const fixed = recipe.kind === 'fixed-step';
  const evaluate = [
    'place(lane, home, stage, size);',
    fixed ? 'if (workgroupUniformLoad(&broken) != 0u) {\n  break;\n}' : '',
    `gradient(lane, home + ${u32(shape.size)} * (2u + stage));`,
    checkConverged(converged) === '' ? '' : `if (stage == 0u) {\n${block(checkConverged(converged))}\n}`,
  ];
  const first = recipe.tableau.firstSameAsLast ? 'clock.warm' : '0u';
  const attempt = [
    fixed ? FIXED_SIZE : ADAPTIVE_SIZE(recipe),
    `for (var stage = ${first}; stage < ${u32(stages)}; stage++) {\n${block(...evaluate)}\n}`,
    fixed
      ? `if (workgroupUniformLoad(&broken) != 0u) {\n${block(`clock.status = ${u32(FlowStatus.diverged)};`, 'break;')}\n}`
      : '',
    recipe.stopsAtGradient ? `if (clock.status != ${u32(FlowStatus.running)}) {\n  break;\n}` : '',
    'clock.attempts += 1u;',
    fixed ? FIXED_MOVE : ADAPTIVE_MOVE(recipe),
    recipe.tableau.firstSameAsLast ? checkConverged(converged) : '',
  ];
  return `@compute @workgroup_size(${tiling.workgroupSize})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let position = group.x + group.y * plan.flowsPerRow;
  if (position >= plan.flows) {
    return;
  }
  let flow = running[position];
${block(context.scratch.enter('position'))}
  let home = flow * ${u32(stateSize(shape.size, recipe.tableau))};
  if (lane == 0u) {
    sharedClock = clocks[flow];
    broken = 0u;
  }
  var clock = workgroupUniformLoad(&sharedClock);
  clock.slots = 0u;
  clock.attempts = 0u;
  while (clock.status == ${u32(FlowStatus.running)} && clock.attempts < plan.budget && clock.slots < plan.slots) {
${block(block(...attempt))}
  }
  record(lane, home, position, plan.slots, clock);
  if (lane == 0u) {
    clocks[flow] = clock;
  }
}`;
}

const RECORD = `record(lane, home, position, clock.slots, clock);
clock.slots += 1u;
clock.due += 1u;`;

const RECORD_STEP = `if (clock.due < plan.records && clock.step == schedule[clock.due]) {
${block(RECORD)}
}`;

const FIXED_SIZE = 'let size = plan.stepSize;';

const FIXED_MOVE = `advance(lane, home, size);
clock.step += 1u;
${RECORD_STEP}
if (clock.step >= plan.steps) {
  clock.status = ${u32(FlowStatus.finished)};
}`;

/** The size of the next attempt: the proposal, or what is left to the next time that must be hit (flow/march.ts). */
const ADAPTIVE_SIZE = ({ recordBy }: FlowRecipe): string => `let goal = ${
  recordBy === 'time' ? 'schedule[clock.due]' : 'vec2f(plan.endHigh, plan.endLow)'
};
let left = (goal.x - clock.timeHigh) + (goal.y - clock.timeLow);
let clipped = clock.size * ${f32(STRETCH)} >= left;
let size = select(clock.size, left, clipped);
if (!(size > clock.timeHigh * ${f32(1e-13)})) {
  clock.status = ${u32(FlowStatus.underflow)};
  break;
}`;

/** The decision after an attempt: the controller of flow/controller.ts, and what flow/march.ts makes of it. */
const ADAPTIVE_MOVE = ({ tableau, recordBy }: FlowRecipe): string => {
  const { alpha, beta } = controllerExponents(tableau.errorOrder);
  const smallestError = f32(1e-12);
  return `let error = scaledError(lane, home, size);
${tableau.firstSameAsLast ? 'clock.warm = 1u;\n' : ''}let measured = finite(error);
let factor = ${f32(SAFETY)} * pow(max(error, ${smallestError}), ${f32(-alpha)});
if (!measured || error > 1.0f) {
  clock.rejected = 1u;
  clock.size = size * select(${f32(LARGEST_CUT)}, max(${f32(LARGEST_CUT)}, factor), measured);
  continue;
}
let wanted = max(${f32(LARGEST_CUT)}, factor * pow(clock.previousError, ${f32(beta)}));
let next = size * min(select(${f32(LARGEST_GROWTH)}, 1.0f, clock.rejected == 1u), wanted);
advance(lane, home, size);
clock.step += 1u;
if (clipped) {
  clock.size = max(next, clock.size);
  clock.timeHigh = goal.x;
  clock.timeLow = goal.y;
} else {
  clock.size = next;
  clock.previousError = max(error, ${f32(ERROR_FLOOR)});
  let change = clock.timeLow + size;
  let moved = opaque(clock.timeHigh + change);
  clock.timeLow = change - opaque(moved - clock.timeHigh);
  clock.timeHigh = moved;
}
clock.rejected = 0u;
${
  recordBy === 'step'
    ? RECORD_STEP
    : `if (clipped) {
${block(RECORD)}
}`
}
if (${recordBy === 'step' ? 'clipped' : 'clock.due == plan.records'}) {
  clock.status = ${u32(FlowStatus.finished)};
}`;
};
