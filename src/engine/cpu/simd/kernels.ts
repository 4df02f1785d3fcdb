import { binary } from './binary.ts';

/** What assembly/ exports; its docstrings say what each does. Pointers and sizes are in bytes, counts are of doubles. */
export interface Kernels {
  readonly memory: WebAssembly.Memory;
  allocate(bytes: number): number;
  reset(): void;
  setProblem(
    firstLayer: number,
    layers: number,
    samples: number,
    inputs: number,
    identityInputs: boolean,
    targets: number,
    activation: number,
    rowLoss: number,
    scale: number,
    zeroRow: number,
  ): void;
  pack(theta: number, to: number, count: number): void;
  unpack(theta: number, to: number, count: number): void;
  loss(theta: number): number;
  gradient(theta: number, out: number): number;
  hessianVectorProduct(theta: number, vector: number, out: number): void;
  descend(out: number, theta: number, h: number, slope: number, count: number): void;
  point(
    out: number,
    theta: number,
    h: number,
    weights: number,
    vectors: number,
    terms: number,
    count: number,
  ): void;
  scaledErrorSquares(
    theta: number,
    candidate: number,
    h: number,
    tolerance: number,
    weights: number,
    vectors: number,
    terms: number,
    count: number,
  ): number;
  squares(x: number, count: number): number;
  fillExp(x: number, out: number, count: number): void;
  fillTanh(x: number, out: number, count: number): void;
  fillSigmoid(x: number, out: number, count: number): void;
}

/** Fills an activation for the kernels; pointers as in assembly/activations.ts, `second` may be 0. */
export type FillActivation = (
  z: number,
  value: number,
  derivative: number,
  second: number,
  count: number,
) => void;

let compiled: WebAssembly.Module | null | undefined;

/** The compiled kernels; null where WebAssembly or its SIMD instructions are missing. */
function compile(): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(binary), (character) => character.charCodeAt(0)));
  } catch {
    return null;
  }
}

/** An instance with a memory of its own; null where SIMD is missing. */
export function createKernels(fill: FillActivation): Kernels | null {
  compiled ??= compile();
  if (!compiled) return null;
  const abort = () => {
    throw new Error('A kernel of the cpu engine stopped.');
  };
  const { exports } = new WebAssembly.Instance(compiled, { env: { abort }, host: { activate: fill } });
  return exports as unknown as Kernels;
}
