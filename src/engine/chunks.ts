import type { FlowBatch, FlowChunk, Frames } from '../flow/chunk.ts';

/** The flows of a batch with these numbers, in this order, in fresh arrays. `size` is P. */
export function pickFlows(batch: FlowBatch, flows: readonly number[], size: number): FlowBatch {
  const { step, time } = batch;
  return {
    count: flows.length,
    parameters: pickRows(batch.parameters, flows, size),
    ...(step && { step: pickRows(step, flows, 1) }),
    ...(time && { time: pickRows(time, flows, 1) }),
  };
}

/** Gives the flows of a chunk their numbers in a whole batch: flow i becomes `flows[i]`. */
export function renumber(chunk: FlowChunk, flows: readonly number[]): FlowChunk {
  const frames: Frames = { ...chunk.frames, flow: chunk.frames.flow.map((flow) => flows[flow]!) };
  return {
    ...chunk,
    frames,
    ended: chunk.ended.map(({ flow, outcome }) => ({ flow: flows[flow]!, outcome })),
  };
}

/** Several chunks as one: their frames one after another, all that ended, the steps in sum. */
export function mergeChunks(chunks: readonly FlowChunk[]): FlowChunk {
  if (chunks.length === 1) return chunks[0]!;
  const parts = chunks.map(({ frames }) => frames);
  return {
    frames: {
      count: parts.reduce((sum, { count }) => sum + count, 0),
      flow: Uint32Array.from(concatenate(parts.map(({ flow }) => flow))),
      step: concatenate(parts.map(({ step }) => step)),
      time: concatenate(parts.map(({ time }) => time)),
      loss: concatenate(parts.map(({ loss }) => loss)),
      gradientNorm: concatenate(parts.map(({ gradientNorm }) => gradientNorm)),
      conserved: concatenate(parts.map(({ conserved }) => conserved)),
      parameters: concatenate(parts.map(({ parameters }) => parameters)),
    },
    ended: chunks.flatMap(({ ended }) => ended),
    steps: chunks.reduce((sum, { steps }) => sum + steps, 0),
  };
}

/** A chunk with those frames only for which `wanted` is true; it is asked once per frame, in order, with its flow and index. */
export function filterFrames(chunk: FlowChunk, wanted: (flow: number, frame: number) => boolean): FlowChunk {
  const { frames } = chunk;
  const rows = Array.from(frames.flow.keys()).filter((i) => wanted(frames.flow[i]!, i));
  if (rows.length === frames.count) return chunk;
  const pick = (all: Float64Array) => pickRows(all, rows, all.length / frames.count);
  return {
    ...chunk,
    frames: {
      count: rows.length,
      flow: Uint32Array.from(rows, (row) => frames.flow[row]!),
      step: pick(frames.step),
      time: pick(frames.time),
      loss: pick(frames.loss),
      gradientNorm: pick(frames.gradientNorm),
      conserved: pick(frames.conserved),
      parameters: pick(frames.parameters),
    },
  };
}

/** Some rows of `width` numbers. */
function pickRows(all: Float64Array, rows: readonly number[], width: number): Float64Array {
  const picked = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    picked.set(all.subarray(row * width, (row + 1) * width), i * width);
  });
  return picked;
}

/** Arrays of numbers, one after another. */
export function concatenate(parts: readonly (Float64Array | Uint32Array)[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
