import { getKernel, matMul, memory, randomNormal, setBackend, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSession, type Session } from './session.ts';
import { transposeBeforeWasmProducts } from './wasm-products.ts';

const cases = [
  { transposeA: false, transposeB: false },
  { transposeA: false, transposeB: true },
  { transposeA: true, transposeB: false },
  { transposeA: true, transposeB: true },
];

describe('products on wasm', () => {
  let wasm: Session;
  let cpu: Session;
  beforeAll(async () => {
    [wasm, cpu] = [await openSession('wasm', true), await openSession('cpu', true)];
  });

  it.each(cases)('are those of the cpu backend: %o', async ({ transposeA, transposeB }) => {
    for (const [flowsA, flowsB] of [
      [1, 1],
      [1, 3],
      [3, 3],
    ] as const) {
      const shapeA: [number, number, number] = transposeA ? [flowsA, 4, 5] : [flowsA, 5, 4];
      const shapeB: [number, number, number] = transposeB ? [flowsB, 6, 4] : [flowsB, 4, 6];
      const [a, b] = wasm.compute(() => [
        randomNormal(shapeA, 0, 1, 'float32', 1),
        randomNormal(shapeB, 0, 1, 'float32', 2),
      ]) as [Tensor, Tensor];
      const product = () => matMul(a, b, transposeA, transposeB);
      const tensors = memory().numTensors;
      const actual = await wasm.download(wasm.compute(product));
      expect(memory().numTensors).toBe(tensors);
      const expected = await cpu.download(cpu.compute(product));
      expect(actual).toHaveLength(flowsB * 30);
      actual.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 5);
      });
      a.dispose();
      b.dispose();
    }
  });

  it('are replaced once, and stay so when TF.js sets its kernels up again', async () => {
    const replaced = getKernel('BatchMatMul', 'wasm')?.kernelFunc;
    transposeBeforeWasmProducts();
    await setBackend('cpu');
    await setBackend('wasm');
    expect(getKernel('BatchMatMul', 'wasm')?.kernelFunc).toBe(replaced);
  });

  it('leave no data of TF.js behind', async () => {
    const [a, b] = wasm.compute(() => [randomNormal([1, 3, 4]), randomNormal([1, 5, 4])]) as [Tensor, Tensor];
    const before = memory().numDataBuffers;
    for (let i = 0; i < 5; i++) wasm.compute(() => matMul(a, b, false, true)).dispose();
    expect(memory().numDataBuffers).toBe(before);
    a.dispose();
    b.dispose();
  });
});
