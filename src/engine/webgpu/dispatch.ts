import { integrator } from '../../flow/integrator.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import type { Problem } from '../../model/problem.ts';
import type { Gpu } from './gpu.ts';
import { BufferUsage, bind, kernelContext, samplesBuffer, scratchBuffer, spread } from './kernel-context.ts';
import { type KernelSchedule, split } from './schedule.ts';
import {
  FlowClock,
  type FlowRecipe,
  FlowUniform,
  flowKernel,
  RECORD_HEADER,
  recordSize,
  stateSize,
} from './shader/flow-kernel.ts';
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

/** What a dispatch did to one flow: the states it recorded, and where the flow is now. */
export interface FlowProgress {
  readonly clock: Clock;
  readonly recorded: readonly DeviceState[];
  readonly present: DeviceState;
}

/** A batch of flows on the device. */
export interface FlowDispatcher {
  /** Recorded states per flow that one dispatch can take. */
  readonly slotCapacity: number;
  /** Takes up to `budget` steps of each flow in `running`, recording up to `slots` states of each. */
  dispatch(running: readonly number[], budget: number, slots: number): Promise<FlowProgress[]>;
  free(): void;
}

/** Flows that the device's buffers can hold at once. */
export function flowCapacity(gpu: Gpu, problem: Problem, plan: FlowPlan): number {
  const { limits } = gpu.device;
  const { shape, scratch } = kernelContext(problem, GRADIENT_TAPE, gpu);
  const floats = Math.max(
    stateSize(shape.size, integrator(plan.integrator).tableau),
    2 * recordSize(shape.size),
    scratch.floats,
  );
  const bytes = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  return Math.floor(bytes / (4 * floats));
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
  const context = kernelContext(problem, GRADIENT_TAPE, gpu);
  const { tableau } = integrator(plan.integrator);
  const recipe: FlowRecipe = {
    tableau,
    kind: plan.kind,
    recordBy: schedule.by,
    stopsAtGradient: plan.stop.gradientNorm !== undefined,
  };
  const pipeline = await gpu.pipeline(`${plan.integrator} flow`, flowKernel(context, recipe));
  const { size } = context.shape;
  const count = clocks.length;
  const row = recordSize(size);
  const rowCapacity = Math.max(2, Math.floor(LARGEST_READ_BACK / (4 * row * count)));
  const slotCapacity = Math.max(1, Math.min(rowCapacity - 1, schedule.at.length));
  const stateBytes = 4 * stateSize(size, tableau);
  const clockBytes = FlowClock.size * count;
  const recordBytes = 4 * row * (slotCapacity + 1) * count;
  const { STORAGE, COPY_DST, COPY_SRC, UNIFORM, MAP_READ } = BufferUsage;
  const { allocate, free } = gpu.buffers();

  try {
    const { uniform, running, clockBuffer, recorded, staging, bindGroup } = await gpu.guard(
      'flow buffers',
      () => {
        const uniform = allocate('flow uniform', FlowUniform.size, UNIFORM | COPY_DST);
        const running = allocate('running flows', 4 * count, STORAGE | COPY_DST);
        const times = allocate(
          'record schedule',
          schedule.data.byteLength,
          STORAGE | COPY_DST,
          schedule.data,
        );
        const clockBuffer = allocate('clocks', clockBytes, STORAGE | COPY_SRC | COPY_DST, packClocks(clocks));
        const state = allocate('flow states', count * stateBytes, STORAGE | COPY_DST);
        for (let i = 0; i < count; i++) {
          const theta = parameters.subarray(i * size, (i + 1) * size);
          queue.writeBuffer(state, i * stateBytes, splitParameters(theta));
        }
        const recorded = allocate('recorded states', recordBytes, STORAGE | COPY_SRC);
        const staging = allocate('flow staging', clockBytes + recordBytes, MAP_READ | COPY_DST);
        const bindGroup = bind(gpu.device, 'flow', pipeline, {
          0: uniform,
          1: samplesBuffer(allocate, problem, context),
          2: running,
          3: times,
          4: clockBuffer,
          5: state,
          6: recorded,
          [SCRATCH_BINDING]: scratchBuffer(allocate, context, count),
        });
        return { uniform, running, clockBuffer, recorded, staging, bindGroup };
      },
    );
    const values = planValues(plan, schedule);
    const view = new DataView(new ArrayBuffer(FlowUniform.size));

    return {
      slotCapacity,
      free,
      async dispatch(flows, budget, slots) {
        const [x, y] = spread(flows.length, limits);
        FlowUniform.write(view, 0, { ...values, flows: flows.length, flowsPerRow: x, budget, slots });
        queue.writeBuffer(uniform, 0, view.buffer);
        queue.writeBuffer(running, 0, Uint32Array.from(flows));
        const used = 4 * row * (slots + 1) * flows.length;
        const data = await gpu.submit(
          'flow',
          (encoder) => {
            const pass = encoder.beginComputePass({ label: 'orbitscape flow' });
            pass.setPipeline(pipeline);
            pass.setBindGroup(0, bindGroup);
            pass.dispatchWorkgroups(x, y);
            pass.end();
          },
          {
            staging,
            pieces: [
              { buffer: clockBuffer, bytes: clockBytes },
              { buffer: recorded, bytes: used },
            ],
          },
        );
        const clockView = new DataView(data);
        return flows.map((flow, position) => {
          const clock = FlowClock.read(clockView, FlowClock.size * flow);
          const at = (slot: number) =>
            readState(data, clockBytes + 4 * row * (position * (slots + 1) + slot), size);
          return {
            clock,
            recorded: Array.from({ length: clock.slots }, (_, slot) => at(slot)),
            present: at(slots),
          };
        });
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
