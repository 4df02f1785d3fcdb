import type { Problem } from '../../model/problem.ts';
import { layered } from '../layered.ts';
import type { Allocate, Gpu } from './gpu.ts';
import type { PassContext } from './shader/passes.ts';
import { createScratch, type ScratchKind } from './shader/scratch.ts';
import { kernelShape } from './shader/shape.ts';
import { leastMemory, paddedSamples, sharedArrays, type Tape, tiling } from './shader/tile.ts';

/** GPUBufferUsage, a global that Node lacks. */
export const BufferUsage = { MAP_READ: 1, COPY_SRC: 4, COPY_DST: 8, UNIFORM: 64, STORAGE: 128 } as const;

/** How kernels are laid out on a kind of device. */
export interface DeviceProfile {
  readonly scratch: ScratchKind;
  /** Lanes of a workgroup, between these powers of two. */
  readonly fewestLanes: number;
  readonly mostLanes: number;
  /** Registers that a lane may spend on parameters. */
  readonly registers: number;
}

/** GPUs run 32 or 64 lanes in step. Of their 256 registers the passes take some 50. */
export const GPU: DeviceProfile = { scratch: 'workgroup', fewestLanes: 32, mostLanes: 256, registers: 160 };
/**
 * SwiftShader runs four lanes as one vector: more only add switches between them at every barrier. Its registers are memory,
 * and code that is unrolled for them takes long to compile.
 */
export const SOFTWARE: DeviceProfile = { scratch: 'storage', fewestLanes: 4, mostLanes: 4, registers: 0 };

/** Names of processors that play a graphics card. */
export const SOFTWARE_ADAPTER = /swiftshader|llvmpipe|lavapipe|basic render/i;

/** The profile of an adapter: a GPU's, or that of a processor which plays one. */
export function deviceProfile(info: GPUAdapterInfo | undefined): DeviceProfile {
  const { architecture = '', device = '', description = '' } = info ?? {};
  return SOFTWARE_ADAPTER.test(`${architecture} ${device} ${description}`) ? SOFTWARE : GPU;
}

/** The context of a kernel on a device. Throws RangeError with the sentence of `doesNotFit` when there is none. */
export function kernelContext(problem: Problem, tape: Tape, { device, profile }: Gpu): PassContext {
  const { limits } = device;
  const shape = kernelShape(problem);
  const chosen = tiling(shape, tape, {
    memory: limits.maxComputeWorkgroupStorageSize,
    fewestLanes: profile.fewestLanes,
    mostLanes: Math.min(
      profile.mostLanes,
      limits.maxComputeInvocationsPerWorkgroup,
      limits.maxComputeWorkgroupSizeX,
    ),
  });
  if (!chosen) throw new RangeError(doesNotFit(problem, tape, limits) ?? 'the problem does not fit');
  return {
    shape,
    tiling: chosen,
    scratch: createScratch(profile.scratch, sharedArrays(shape, tape, chosen)),
  };
}

/** null when a workgroup can hold the problem, else one sentence with the sizes. */
export function doesNotFit(problem: Problem, tape: Tape, limits: GPUSupportedLimits): string | null {
  const shape = kernelShape(problem);
  const needed = leastMemory(shape, tape);
  if (needed <= limits.maxComputeWorkgroupStorageSize) return null;
  const kibibytes = (bytes: number) => `${Number((bytes / 1024).toPrecision(3))} KiB`;
  return (
    `the ${shape.size} parameters of ${shape.widths.join('-')} do not fit in workgroup memory ` +
    `(${kibibytes(needed)} of ${kibibytes(limits.maxComputeWorkgroupStorageSize)})`
  );
}

/** The samples as the passes read them: inputs, then targets, each padded with zero rows to whole tiles. */
export function samplesBuffer(allocate: Allocate, problem: Problem, { tiling }: PassContext): GPUBuffer {
  const { dataset } = layered(problem);
  const rows = paddedSamples(tiling);
  const data = new Float32Array(rows * (dataset.inputWidth + dataset.outputWidth));
  data.set(dataset.inputs);
  data.set(dataset.targets, rows * dataset.inputWidth);
  return allocate('samples', data.byteLength, BufferUsage.STORAGE | BufferUsage.COPY_DST, data.buffer);
}

/** Workgroup counts that cover `count` in two dimensions, as [x, y]. */
export function spread(count: number, limits: GPUSupportedLimits): readonly [number, number] {
  const x = Math.min(count, limits.maxComputeWorkgroupsPerDimension);
  return [x, Math.ceil(count / x)];
}

/** The shared arrays of `workgroups` workgroups; null where they live in workgroup memory. */
export function scratchBuffer(
  allocate: Allocate,
  { scratch }: PassContext,
  workgroups: number,
): GPUBuffer | null {
  return scratch.floats === 0
    ? null
    : allocate('scratch', 4 * scratch.floats * workgroups, BufferUsage.STORAGE);
}

/** A bind group from buffers, or parts of them, by binding; null leaves one out. */
export function bind(
  device: GPUDevice,
  label: string,
  pipeline: GPUComputePipeline,
  buffers: Readonly<Record<number, GPUBuffer | GPUBufferBinding | null>>,
): GPUBindGroup {
  return device.createBindGroup({
    label: `orbitscape ${label}`,
    layout: pipeline.getBindGroupLayout(0),
    entries: Object.entries(buffers).flatMap(([binding, buffer]) =>
      buffer ? [{ binding: Number(binding), resource: 'buffer' in buffer ? buffer : { buffer } }] : [],
    ),
  });
}
