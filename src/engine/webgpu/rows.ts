import type { Problem } from '../../model/problem.ts';
import type { Gpu } from './gpu.ts';
import { BufferUsage, bind, kernelContext, samplesBuffer, scratchBuffer, spread } from './kernel-context.ts';
import { createPacer } from './pacer.ts';
import { type RowKernel, type RowKernelName, RowUniform, rowKernels } from './shader/row-kernels.ts';
import { SCRATCH_BINDING } from './shader/scratch.ts';

/** Bytes of parameters in one dispatch, at most. */
const LARGEST_UPLOAD = 32 * 2 ** 20;
const FIRST_ROWS = 64;

/** Evaluates a row kernel on every row of `thetas` ([count][P]), with the rows of `vectors` where it takes them. */
export async function evaluateRows(
  gpu: Gpu,
  problem: Problem,
  name: RowKernelName,
  thetas: Float64Array,
  vectors?: Float64Array,
): Promise<Float64Array> {
  const kernel: RowKernel = rowKernels[name];
  const { limits } = gpu.device;
  const context = kernelContext(problem, kernel.tape, gpu);
  const { size } = context.shape;
  const width = kernel.width(size);
  const count = thetas.length / size;
  const out = new Float64Array(count * width);
  if (count === 0) return out;
  const pipeline = await gpu.pipeline(name, kernel.source(context));
  const bytesPerRow = 4 * Math.max(size, context.scratch.floats);
  const largest = Math.min(LARGEST_UPLOAD, limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const capacity = Math.max(1, Math.min(count, Math.floor(largest / bytesPerRow)));
  const pacer = createPacer(FIRST_ROWS);

  const { allocate, free } = gpu.buffers();

  try {
    const { uniform, rows, directions, result, staging, bindGroup } = await gpu.guard(
      `${name} buffers`,
      () => {
        const { STORAGE, COPY_DST, COPY_SRC, UNIFORM, MAP_READ } = BufferUsage;
        const uniform = allocate(`${name} uniform`, RowUniform.size, UNIFORM | COPY_DST);
        const rows = allocate(`${name} rows`, 4 * capacity * size, STORAGE | COPY_DST);
        const directions = kernel.takesVectors
          ? allocate(`${name} vectors`, 4 * capacity * size, STORAGE | COPY_DST)
          : null;
        const result = allocate(`${name} result`, 4 * capacity * width, STORAGE | COPY_SRC);
        const staging = allocate(`${name} staging`, 4 * capacity * width, MAP_READ | COPY_DST);
        const bindGroup = bind(gpu.device, name, pipeline, {
          0: uniform,
          1: samplesBuffer(allocate, problem, context),
          2: rows,
          3: directions,
          4: result,
          [SCRATCH_BINDING]: scratchBuffer(allocate, context, capacity),
        });
        return { uniform, rows, directions, result, staging, bindGroup };
      },
    );
    const parameters = new DataView(new ArrayBuffer(RowUniform.size));
    for (let first = 0; first < count; ) {
      const n = Math.min(pacer.budget, capacity, count - first);
      const [x, y] = spread(n, limits);
      RowUniform.write(parameters, 0, { count: n, perRow: x });
      gpu.device.queue.writeBuffer(uniform, 0, parameters.buffer);
      const part = (from: Float64Array) => Float32Array.from(from.subarray(first * size, (first + n) * size));
      gpu.device.queue.writeBuffer(rows, 0, part(thetas));
      if (directions && vectors) gpu.device.queue.writeBuffer(directions, 0, part(vectors));
      const started = performance.now();
      const data = await gpu.dispatch(name, pipeline, bindGroup, [x, y], {
        from: result,
        bytes: 4 * n * width,
        staging,
      });
      pacer.learn(n, performance.now() - started);
      out.set(new Float32Array(data), first * width);
      first += n;
    }
    return out;
  } finally {
    free();
  }
}
