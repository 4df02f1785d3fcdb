import type { Problem } from '../../model/problem.ts';
import type { Gpu } from './gpu.ts';
import { BufferUsage, bind, kernelContext, samplesBuffer, scratchBuffer, spread } from './kernel-context.ts';
import { createPacer, type Pacer } from './pacer.ts';
import { type RowKernel, type RowKernelName, RowUniform, rowKernels } from './shader/row-kernels.ts';
import { SCRATCH_BINDING } from './shader/scratch.ts';

/** Bytes of parameters on the device at once, at most: a surface of 256 x 256 points of 10-50-5 takes 188 MiB. */
const LARGEST_UPLOAD = 256 * 2 ** 20;
/** Bytes that one dispatch may use of the storage that stands in for workgroup memory. */
const LARGEST_SCRATCH = 64 * 2 ** 20;
/** Bytes that one dispatch hands back, at most. */
const LARGEST_READ_BACK = 16 * 2 ** 20;
/** Floats that are converted at a time: what the host needs for itself. */
const CONVERTED = 2 ** 20;
const FIRST_ROWS = 64;

/** Evaluates a row kernel on every row of `thetas` ([count][P]), with the rows of `vectors` where it takes them. */
export type RowEvaluator = (
  problem: Problem,
  name: RowKernelName,
  thetas: Float64Array,
  vectors?: Float64Array,
) => Promise<Float64Array>;

/**
 * Builds an evaluator for a device. Rows are uploaded as many at a time as buffers hold and evaluated in one dispatch if
 * that takes no longer than a frame of the display; how long a kernel takes per row is remembered.
 */
export function createRowEvaluator(gpu: Gpu): RowEvaluator {
  const pacers = new WeakMap<GPUComputePipeline, Pacer>();

  return async (problem, name, thetas, vectors) => {
    const kernel: RowKernel = rowKernels[name];
    const { limits, queue } = gpu.device;
    const context = kernelContext(problem, kernel.tape, gpu);
    const { size } = context.shape;
    const width = kernel.width(size);
    const count = thetas.length / size;
    const out = new Float64Array(count * width);
    if (count === 0) return out;
    const pipeline = await gpu.pipeline(name, kernel.source(context));
    const pacer = pacers.get(pipeline) ?? createPacer(FIRST_ROWS);
    pacers.set(pipeline, pacer);
    const rowsIn = (bytes: number, floats: number) => Math.max(1, Math.floor(bytes / (4 * floats)));
    const held = Math.min(count, rowsIn(Math.min(LARGEST_UPLOAD, gpu.largestBuffer), size));
    const most = Math.min(
      held,
      rowsIn(LARGEST_READ_BACK, width),
      rowsIn(Math.min(LARGEST_SCRATCH, gpu.largestBuffer), context.scratch.floats),
    );
    const { allocate, free } = gpu.buffers();

    try {
      const { uniform, rows, directions, result, staging, bindGroup } = await gpu.guard(
        `${name} buffers`,
        () => {
          const { STORAGE, COPY_DST, COPY_SRC, UNIFORM, MAP_READ } = BufferUsage;
          const uniform = allocate(`${name} uniform`, RowUniform.size, UNIFORM | COPY_DST);
          const rows = allocate(`${name} rows`, 4 * held * size, STORAGE | COPY_DST);
          const directions = kernel.takesVectors
            ? allocate(`${name} vectors`, 4 * held * size, STORAGE | COPY_DST)
            : null;
          const result = allocate(`${name} result`, 4 * held * width, STORAGE | COPY_SRC);
          const staging = allocate(`${name} staging`, 4 * most * width, MAP_READ | COPY_DST);
          const bindGroup = bind(gpu.device, name, pipeline, {
            0: uniform,
            1: samplesBuffer(allocate, problem, context),
            2: rows,
            3: directions,
            4: result,
            [SCRATCH_BINDING]: scratchBuffer(allocate, context, most),
          });
          return { uniform, rows, directions, result, staging, bindGroup };
        },
      );
      const parameters = new DataView(new ArrayBuffer(RowUniform.size));
      for (let loaded = 0; loaded < count; loaded += held) {
        const here = Math.min(held, count - loaded);
        const part = (all: Float64Array) => all.subarray(loaded * size, (loaded + here) * size);
        upload(queue, rows, part(thetas));
        if (directions && vectors) upload(queue, directions, part(vectors));
        for (let first = 0; first < here; ) {
          const n = Math.min(pacer.budget, most, here - first);
          const [x, y] = spread(n, limits);
          RowUniform.write(parameters, 0, { first, end: first + n, perRow: x });
          queue.writeBuffer(uniform, 0, parameters.buffer);
          const started = performance.now();
          const data = await gpu.dispatch(name, pipeline, bindGroup, [x, y], {
            from: result,
            offset: 4 * first * width,
            bytes: 4 * n * width,
            staging,
          });
          pacer.learn(n, performance.now() - started);
          out.set(new Float32Array(data), (loaded + first) * width);
          first += n;
        }
      }
      return out;
    } finally {
      free();
    }
  };
}

/** Writes numbers as float32, a piece at a time. */
function upload(queue: GPUQueue, buffer: GPUBuffer, numbers: Float64Array): void {
  const piece = new Float32Array(Math.min(CONVERTED, numbers.length));
  for (let at = 0; at < numbers.length; at += piece.length) {
    const part = numbers.subarray(at, at + piece.length);
    piece.set(part);
    queue.writeBuffer(buffer, 4 * at, piece, 0, part.length);
  }
}
