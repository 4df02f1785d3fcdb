import { EngineLostError } from '../engine.ts';
import { type DeviceProfile, deviceProfile } from './kernel-context.ts';
import { watchDevice } from './watch.ts';

/** A device with what this engine needs of it: counted, labelled buffers, cached pipelines, checked submissions. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly profile: DeviceProfile;
  /** Bytes of a storage buffer, at most. */
  readonly largestBuffer: number;
  /** null, or why the device cannot be used any more. */
  readonly failure: string | null;
  /** Buffers that have been created and not freed. */
  readonly liveBuffers: number;
  /** Runs `body` (allocation, bind groups) inside error scopes. Throws EngineLostError with what they catch. */
  guard<T>(what: string, body: () => T): Promise<T>;
  /** An allocator; the caller calls `free` in a finally. */
  buffers(): { readonly allocate: Allocate; free(): void };
  /** The pipeline of a source, compiled once. Throws EngineLostError with the compiler's message, line and column. */
  pipeline(label: string, source: string): Promise<GPUComputePipeline>;
  /**
   * Runs `pipeline` on `workgroups` (x, y) in one submission and reads the result back in one copy.
   * Throws EngineLostError when the device is lost or refuses.
   */
  dispatch(
    label: string,
    pipeline: GPUComputePipeline,
    bindGroup: GPUBindGroup,
    workgroups: readonly [number, number],
    readBack: ReadBack,
  ): Promise<ArrayBuffer>;
}

/** Creates a buffer of at least `bytes`, filled with `data` if given. */
export type Allocate = (
  label: string,
  bytes: number,
  usage: GPUBufferUsageFlags,
  data?: ArrayBuffer,
) => GPUBuffer;

/** `bytes` of a buffer from `offset` (default 0) on, to be read through `staging`, which no other read uses meanwhile. */
export interface ReadBack {
  readonly from: GPUBuffer;
  readonly offset?: number;
  readonly bytes: number;
  readonly staging: GPUBuffer;
}

/** What tests may take into their own hands. */
export interface GpuOptions {
  /** Changes every shader source before it is compiled (tests corrupt it). */
  readonly transformShader?: (source: string) => string;
  /** Default: what suits the adapter. */
  readonly profile?: DeviceProfile;
  /** Default: what the device allows. */
  readonly largestBuffer?: number;
}

/** GPUMapMode.READ, a global that Node lacks. */
const MAP_READ = 1;

/** Wraps a device. */
export function createGpu(device: GPUDevice, options: GpuOptions = {}): Gpu {
  const { limits } = device;
  const {
    transformShader = (source) => source,
    profile = deviceProfile(device.adapterInfo),
    largestBuffer = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
  } = options;
  const watch = watchDevice(device);
  const pipelines = new Map<string, GPUComputePipeline>();
  let live = 0;

  /** Runs `body` with error scopes around its synchronous part; throws what it or they report. */
  async function scoped<T>(what: string, body: () => Promise<T>): Promise<T> {
    watch.check();
    for (const filter of ['out-of-memory', 'validation', 'internal'] as const) device.pushErrorScope(filter);
    const running = body();
    const scopes = [device.popErrorScope(), device.popErrorScope(), device.popErrorScope()];
    const [result, errors] = await watch.orLost(
      Promise.all([Promise.allSettled([running]), Promise.all(scopes)]),
    );
    const reported = errors.find((error) => error !== null);
    if (result[0].status === 'fulfilled' && !reported) return result[0].value;
    const reason: unknown = result[0].status === 'rejected' ? result[0].reason : null;
    if (reason instanceof EngineLostError) throw reason;
    throw new EngineLostError(`WebGPU refused the ${what}: ${reported?.message ?? String(reason)}`);
  }

  function buffers() {
    const owned: GPUBuffer[] = [];
    return {
      allocate(label: string, bytes: number, usage: GPUBufferUsageFlags, data?: ArrayBuffer) {
        const size = Math.max(16, Math.ceil(bytes / 4) * 4);
        const buffer = device.createBuffer({ label: `orbitscape ${label}`, size, usage });
        owned.push(buffer);
        live++;
        if (data) device.queue.writeBuffer(buffer, 0, data);
        return buffer;
      },
      free() {
        for (const buffer of owned) buffer.destroy();
        live -= owned.length;
        owned.length = 0;
      },
    };
  }

  return {
    device,
    profile,
    largestBuffer,
    get failure() {
      return watch.failure;
    },
    get liveBuffers() {
      return live;
    },
    buffers,
    guard: (what, body) => scoped(what, async () => body()),
    async pipeline(label, original) {
      const source = transformShader(original);
      const known = pipelines.get(source);
      if (known) return known;
      const pipeline = await scoped(`${label} shader`, async () => {
        const module = device.createShaderModule({ label: `orbitscape ${label}`, code: source });
        const compiled = device.createComputePipelineAsync({
          label: `orbitscape ${label}`,
          layout: 'auto',
          compute: { module, entryPoint: 'main' },
        });
        compiled.catch(() => {});
        const { messages } = await module.getCompilationInfo();
        const error = messages.find((message) => message.type === 'error');
        if (error) throw compilationError(label, source, error);
        return compiled;
      });
      pipelines.set(source, pipeline);
      return pipeline;
    },
    async dispatch(label, pipeline, bindGroup, [x, y], { from, offset = 0, bytes, staging }) {
      await scoped(`${label} dispatch`, async () => {
        const encoder = device.createCommandEncoder({ label: `orbitscape ${label}` });
        const pass = encoder.beginComputePass({ label: `orbitscape ${label}` });
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindGroup);
        pass.dispatchWorkgroups(x, y);
        pass.end();
        encoder.copyBufferToBuffer(from, offset, staging, 0, bytes);
        device.queue.submit([encoder.finish()]);
        await staging.mapAsync(MAP_READ, 0, bytes);
      });
      const copy = staging.getMappedRange(0, bytes).slice(0);
      staging.unmap();
      watch.check();
      return copy;
    },
  };
}

/** A compiler's message with its place; the source around it is the cause. */
function compilationError(label: string, source: string, message: GPUCompilationMessage): EngineLostError {
  const { lineNum, linePos } = message;
  const first = Math.max(0, lineNum - 3);
  const excerpt = source
    .split('\n')
    .slice(first, lineNum + 2)
    .map((line, i) => `${first + i + 1}: ${line}`);
  return new EngineLostError(
    `the ${label} shader does not compile (line ${lineNum}, column ${linePos}: ${message.message})`,
    { cause: excerpt.join('\n') },
  );
}
