import { integrator } from '../../flow/integrator.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import type { Problem } from '../../model/problem.ts';
import type { Gpu } from './gpu.ts';
import { BufferUsage, bind, kernelContext, samplesBuffer, scratchBuffer, spread } from './kernel-context.ts';
import { type KernelSchedule, split } from './schedule.ts';
import { type FlowRecipe, flowKernel } from './shader/flow-kernel.ts';
import { FlowClock, FlowUniform, RECORD_HEADER, recordSize } from './shader/flow-structs.ts';
import { parameterHome } from './shader/parameter-home.ts';
import { GRADIENT_TAPE } from './shader/passes.ts';
import { SCRATCH_BINDING } from './shader/scratch.ts';

/**
 * The smallest tolerance that float32 resolves. The error estimate of a step carries the rounding of the gradients, about
 * 1e-7 of the step's movement at the size where stability bounds it; a smaller tolerance would only make the steps small.
 */
export const SMALLEST_TOLERANCE = 1e-6;

/** Bytes of recorded states that one dispatch hands back, about. */
const LARGEST_READ_BACK = 8 * 2 ** 20;

export type Clock = ReturnType<typeof FlowClock.read>;

/** A state as the device hands it back. */
export interface DeviceState {
  readonly step: number;
  readonly time: number;
  /** Decodes theta, length P: sums of two float32. */
  theta(): Float64Array;
}

/** What a dispatch did to one flow: where it is now, and the states it recorded on the way. */
export interface FlowProgress {
  readonly clock: Clock;
  readonly recorded: readonly DeviceState[];
}

/** A batch of flows on the device. */
export interface FlowDispatcher {
  /** Recorded states that one dispatch can take, of all its flows together. */
  readonly recordCapacity: number;
  /**
   * Takes up to `budget` steps of each of `flows`, recording up to `slots` states of each. Two calls may be under way at a
   * time, not more.
   */
  dispatch(flows: readonly number[], budget: number, slots: number): Promise<FlowProgress[]>;
  /** The present states of `flows`; counts as a call of `dispatch`. */
  present(flows: readonly number[]): Promise<DeviceState[]>;
  free(): void;
}

/** What a plan and a problem make of the kernel. */
function kernelParts(gpu: Gpu, problem: Problem, plan: FlowPlan) {
  const context = kernelContext(problem, GRADIENT_TAPE, gpu);
  const { tableau } = integrator(plan.integrator);
  return { context, tableau, home: parameterHome(context, tableau, gpu.profile.registers) };
}

/** Flows that the device's buffers can hold at once. */
export function flowCapacity(gpu: Gpu, problem: Problem, plan: FlowPlan): number {
  const { limits } = gpu.device;
  const { context, home } = kernelParts(gpu, problem, plan);
  const { shape, scratch } = context;
  const output = FlowClock.size / 4 + recordSize(shape.size);
  const floats = Math.max(home.stateSize, output, scratch.floats);
  return Math.floor((gpu.largestBuffer - limits.minStorageBufferOffsetAlignment) / (4 * floats));
}

/** Uploads a batch ([clocks.length][P]) and compiles its kernel. */
export async function createFlowDispatcher(
  gpu: Gpu,
  problem: Problem,
  plan: FlowPlan,
  schedule: KernelSchedule,
  parameters: Float64Array,
  clocks: readonly Clock[],
): Promise<FlowDispatcher> {
  const { limits, queue } = gpu.device;
  const { context, tableau, home } = kernelParts(gpu, problem, plan);
  const recipe: FlowRecipe = {
    tableau,
    kind: plan.kind,
    recordBy: schedule.by,
    stopsAtGradient: plan.stop.gradientNorm !== undefined,
  };
  const pipeline = await gpu.pipeline(`${plan.integrator} flow`, flowKernel(context, recipe, home));
  const { size } = context.shape;
  const count = clocks.length;
  const recordBytes = 4 * recordSize(size);
  const recordCapacity = Math.max(count, Math.floor(LARGEST_READ_BACK / recordBytes));
  const stateBytes = 4 * home.stateSize;
  const clockBytes = FlowClock.size * count;
  const alignment = limits.minStorageBufferOffsetAlignment;
  const recordsFrom = Math.ceil(clockBytes / alignment) * alignment;
  const outputBytes = recordsFrom + recordCapacity * recordBytes;
  const { STORAGE, COPY_DST, COPY_SRC, UNIFORM, MAP_READ } = BufferUsage;
  const { allocate, free } = gpu.buffers();

  try {
    const { uniform, running, output, stagings, bindGroup } = await gpu.guard('flow buffers', () => {
      const uniform = allocate('flow uniform', FlowUniform.size, UNIFORM | COPY_DST);
      const running = allocate('running flows', 4 * count, STORAGE | COPY_DST);
      const times = allocate('record schedule', schedule.data.byteLength, STORAGE | COPY_DST, schedule.data);
      const state = allocate('flow states', count * stateBytes, STORAGE | COPY_DST);
      for (let i = 0; i < count; i++) {
        const theta = parameters.subarray(i * size, (i + 1) * size);
        queue.writeBuffer(state, i * stateBytes, splitParameters(theta));
      }
      const output = allocate('clocks and records', outputBytes, STORAGE | COPY_SRC | COPY_DST);
      queue.writeBuffer(output, 0, packClocks(clocks));
      const staging = () => allocate('flow staging', outputBytes, MAP_READ | COPY_DST);
      const bindGroup = bind(gpu.device, 'flow', pipeline, {
        0: uniform,
        1: samplesBuffer(allocate, problem, context),
        2: running,
        3: times,
        4: { buffer: output, offset: 0, size: clockBytes },
        5: state,
        6: { buffer: output, offset: recordsFrom },
        [SCRATCH_BINDING]: scratchBuffer(allocate, context, count),
      });
      return { uniform, running, output, stagings: [staging(), staging()] as const, bindGroup };
    });
    const values = planValues(plan, schedule);
    const view = new DataView(new ArrayBuffer(FlowUniform.size));
    let turn = 0;

    const run = async (flows: readonly number[], budget: number, slots: number) => {
      const [x, y] = spread(flows.length, limits);
      FlowUniform.write(view, 0, { ...values, flows: flows.length, flowsPerRow: x, budget, slots });
      queue.writeBuffer(uniform, 0, view.buffer);
      queue.writeBuffer(running, 0, Uint32Array.from(flows));
      const bytes = recordsFrom + flows.length * slots * recordBytes;
      const staging = stagings[turn++ % 2]!;
      const data = await gpu.dispatch('flow', pipeline, bindGroup, [x, y], { from: output, bytes, staging });
      const clockView = new DataView(data);
      return flows.map((flow, position) => ({
        clock: FlowClock.read(clockView, FlowClock.size * flow),
        at: (slot: number) => readState(data, recordsFrom + (position * slots + slot) * recordBytes, size),
      }));
    };

    return {
      recordCapacity,
      free,
      async dispatch(flows, budget, slots) {
        const results = await run(flows, budget, slots);
        return results.map(({ clock, at }) => ({
          clock,
          recorded: Array.from({ length: clock.slots }, (_, slot) => at(slot)),
        }));
      },
      async present(flows) {
        const results = await run(flows, 0, 1);
        return results.map(({ at }) => at(0));
      },
    };
  } catch (error) {
    free();
    throw error;
  }
}

/** The uniform's values that stay the same over a run. */
function planValues(plan: FlowPlan, schedule: KernelSchedule) {
  const tolerance = plan.kind === 'adaptive' ? Math.max(plan.tolerance, SMALLEST_TOLERANCE) : 0;
  const [endHigh, endLow] = split(plan.kind === 'adaptive' ? plan.time : 0);
  return {
    zero: 0,
    records: schedule.at.length,
    steps: plan.kind === 'fixed-step' ? plan.steps : 0,
    stepSize: plan.kind === 'fixed-step' ? plan.stepSize : 0,
    tolerance,
    endHigh,
    endLow,
    gradientSquares: (plan.stop.gradientNorm ?? 0) ** 2,
  };
}

function packClocks(clocks: readonly Clock[]): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(FlowClock.size * clocks.length));
  clocks.forEach((clock, i) => {
    FlowClock.write(view, FlowClock.size * i, clock);
  });
  return view.buffer;
}

/** theta as all high parts, then all low parts. */
function splitParameters(theta: Float64Array): Float32Array<ArrayBuffer> {
  const parts = new Float32Array(2 * theta.length);
  theta.forEach((value, p) => {
    const [high, low] = split(value);
    parts[p] = high;
    parts[theta.length + p] = low;
  });
  return parts;
}

function readState(data: ArrayBuffer, offset: number, size: number): DeviceState {
  const [step] = new Uint32Array(data, offset, 1);
  const [high, low] = new Float32Array(data, offset + 4, 2);
  const theta = () => {
    const parts = new Float32Array(data, offset + 4 * RECORD_HEADER, 2 * size);
    const sums = new Float64Array(size);
    for (let p = 0; p < size; p++) sums[p] = parts[p]! + parts[size + p]!;
    return sums;
  };
  return { step: step!, time: high! + low!, theta };
}
