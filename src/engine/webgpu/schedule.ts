import type { FlowPlan } from '../../flow/plan.ts';

/** The record points of a plan as the flow kernel takes them: ascending, without the start. */
export interface KernelSchedule {
  readonly by: 'step' | 'time';
  readonly at: Float64Array;
  /** The buffer's contents: u32 steps, or times as pairs of float32. */
  readonly data: ArrayBuffer;
}

/**
 * Fixed steps are recorded by step (a time at the step nearest to it, as flow/solve.ts does). Adaptive schedules by time
 * end with the end of the plan, which must be hit.
 */
export function kernelSchedule(plan: FlowPlan): KernelSchedule {
  const { record } = plan;
  if (plan.kind === 'fixed-step') {
    const { stepSize, steps } = plan;
    const numbers =
      record.by === 'step' ? record.at : record.at.map((time) => Math.ceil(time / stepSize - 0.5));
    return bySteps(numbers.filter((step) => step <= steps));
  }
  if (record.by === 'step') return bySteps(record.at);
  const { time: end } = plan;
  const at = ascending([...record.at.filter((time) => time < end), end]);
  const data = new Float32Array(2 * at.length);
  at.forEach((time, i) => {
    data.set(split(time), 2 * i);
  });
  return { by: 'time', at, data: data.buffer };
}

function bySteps(steps: Float64Array): KernelSchedule {
  const at = ascending([...steps]);
  return { by: 'step', at, data: Uint32Array.from(at).buffer };
}

const ascending = (values: readonly number[]): Float64Array =>
  Float64Array.from(new Set(values.filter((value) => value > 0))).sort();

/** Index of the first entry after `reached`. */
export function firstDue(at: Float64Array, reached: number): number {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle]! <= reached) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Entries that `steps` steps from step `step` on may meet, the next one being `due`: exact by step, a bound by time. */
export function recordsWithin({ by, at }: KernelSchedule, due: number, step: number, steps: number): number {
  return by === 'step' ? firstDue(at, step + steps) - due : Math.min(steps, at.length - due);
}

/** A number as the sum of two float32: about 48 bits of it. */
export function split(value: number): readonly [high: number, low: number] {
  const high = Math.fround(value);
  return [high, Math.fround(value - high)];
}
