import { createKernels, type FillActivation, type Kernels } from './kernels.ts';

const BYTES = Float64Array.BYTES_PER_ELEMENT;
/** Kernels read and write up to this many bytes at a time, past the end of odd arrays too. */
const BLOCK = 32;
/** An instance whose memory has grown beyond this is not kept: memory never shrinks. */
const LARGEST_KEPT = 2 ** 26;

/** An instance of the kernels and the arrays in its memory. Pointers stay valid, views do not: memory moves as it grows. */
export interface Arena {
  readonly kernels: Kernels;
  /** A zeroed array of `count` doubles. */
  allocate(count: number): number;
  /** A copy of `values`. */
  store(values: ArrayLike<number>): number;
  /** A copy of `words`, unsigned 32-bit integers. */
  storeWords(words: readonly number[]): number;
  /** A view of `count` doubles, until the next allocation. */
  doubles(pointer: number, count: number): Float64Array;
  /** A view of `count` unsigned 32-bit integers, until the next allocation. */
  words(pointer: number, count: number): Uint32Array;
  /** Gives the instance back, once. */
  release(): void;
}

/** An instance that is free, and the activation of whoever has it. */
interface Idle {
  readonly kernels: Kernels;
  readonly host: { fill: FillActivation };
}

const idle: Idle[] = [];

/** An instance of the kernels with empty memory, a used one where there is one; null where SIMD is missing. */
export function createArena(fill: FillActivation): Arena | null {
  const instance = idle.pop() ?? createInstance();
  if (!instance) return null;
  instance.host.fill = fill;
  const { kernels } = instance;
  let released = false;
  const allocateBytes = (bytes: number) => kernels.allocate(Math.ceil(bytes / BLOCK) * BLOCK);
  const doubles = (pointer: number, count: number) => new Float64Array(kernels.memory.buffer, pointer, count);
  const words = (pointer: number, count: number) => new Uint32Array(kernels.memory.buffer, pointer, count);
  return {
    kernels,
    doubles,
    words,
    allocate: (count) => allocateBytes(count * BYTES),
    store(values) {
      const pointer = allocateBytes(values.length * BYTES);
      doubles(pointer, values.length).set(values);
      return pointer;
    },
    storeWords(values) {
      const pointer = allocateBytes(values.length * Uint32Array.BYTES_PER_ELEMENT);
      words(pointer, values.length).set(values);
      return pointer;
    },
    release() {
      if (released) return;
      released = true;
      kernels.reset();
      if (kernels.memory.buffer.byteLength <= LARGEST_KEPT) idle.push(instance);
    },
  };
}

function createInstance(): Idle | null {
  const host: Idle['host'] = { fill: () => {} };
  const kernels = createKernels((...pointers) => host.fill(...pointers));
  return kernels && { kernels, host };
}
