import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  BatchMatMul,
  type BatchMatMulAttrs,
  getKernel,
  type KernelConfig,
  type KernelFunc,
  registerKernel,
  type TensorInfo,
  Transpose,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

/** What this module has put in place of TF.js's kernel. */
let replacement: KernelFunc | null = null;

/**
 * Makes products of the wasm backend fast: its optimised kernel (XNNPACK) takes one pair of matrices as they are stored, a
 * product with a transposed operand takes ten times as long (1000 x 784 times 784 x 256: 110 ms against 10 ms with the
 * transposition done first). So operands are transposed first. Call it once the backend is there; may be called again.
 */
export function transposeBeforeWasmProducts(): void {
  const product = getKernel(BatchMatMul, 'wasm');
  const transposition = getKernel(Transpose, 'wasm');
  if (!product || !transposition || product.kernelFunc === replacement) return;

  replacement = ({ inputs, backend, attrs }) => {
    const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
    const { transposeA, transposeB } = attrs as unknown as BatchMatMulAttrs;
    const temporary: TensorInfo[] = [];
    const transposed = (x: TensorInfo): TensorInfo => {
      const perm = x.shape.map((_, axis) => axis);
      perm.push(...perm.splice(-2).reverse());
      const result = transposition.kernelFunc({ inputs: { x }, backend, attrs: { perm } }) as TensorInfo;
      temporary.push(result);
      return result;
    };
    const operands = { a: transposeA ? transposed(a) : a, b: transposeB ? transposed(b) : b };
    const plain = { transposeA: false, transposeB: false };
    const result = product.kernelFunc({ inputs: operands, backend, attrs: plain });
    for (const { dataId } of temporary) (backend as BackendWasm).disposeData(dataId);
    return result;
  };
  const config: KernelConfig = { ...product, kernelFunc: replacement };
  unregisterKernel(BatchMatMul, 'wasm');
  registerKernel(config);
}
