import type { Operand } from './contraction.ts';
import { u32 } from './wgsl.ts';

/**
 * Where a workgroup keeps what its lanes share. Workgroup memory is the fast place on a GPU. A software adapter has no such
 * thing and compiles a store for every number of it (SwiftShader: 0.6 ms each, for the zeroes that WebGPU promises), so
 * there the same arrays live in a storage buffer.
 */
export type ScratchKind = 'workgroup' | 'storage';

/** The shared arrays of a kernel, by name. */
export interface Scratch {
  readonly kind: ScratchKind;
  readonly declarations: string;
  /** Statement that a workgroup runs first; `position` is its index in the dispatch. */
  enter(position: string): string;
  /** An element. */
  at(array: string, index: string): string;
  /** An operand of a contraction. */
  operand(array: string, start: string, stride: number): Operand;
  /** Makes what lanes have written visible to the others. */
  readonly barrier: string;
  /** Floats of storage per workgroup, 0 in workgroup memory. */
  readonly floats: number;
}

/** Binding of the storage buffer. */
export const SCRATCH_BINDING = 7;

/** Lays out named arrays of f32. */
export function createScratch(kind: ScratchKind, arrays: Readonly<Record<string, number>>): Scratch {
  if (kind === 'workgroup') {
    return {
      kind,
      declarations: Object.entries(arrays)
        .map(([name, length]) => `var<workgroup> ${name}: array<f32, ${length}>;`)
        .join('\n'),
      enter: () => '',
      at: (array, index) => `${array}[${index}]`,
      operand: (array, start, stride) => ({ array, start, stride }),
      barrier: 'workgroupBarrier();',
      floats: 0,
    };
  }
  const offsets = new Map<string, number>();
  let floats = 0;
  for (const [name, length] of Object.entries(arrays)) {
    offsets.set(name, floats);
    floats += length;
  }
  const start = (array: string) => `scratchHome + ${u32(offsets.get(array)!)}`;
  return {
    kind,
    declarations: `@group(0) @binding(${SCRATCH_BINDING}) var<storage, read_write> scratch: array<f32>;
var<private> scratchHome: u32;`,
    enter: (position) => `scratchHome = ${position} * ${u32(floats)};`,
    at: (array, index) => `scratch[${start(array)} + ${index}]`,
    operand: (array, from, stride) => ({ array: 'scratch', start: `${start(array)} + ${from}`, stride }),
    barrier: 'storageBarrier();',
    floats,
  };
}
