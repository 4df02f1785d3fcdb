import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Contender } from '../contest.ts';

/**
 * The step of torch_step.py as a TF.js user would write it: operations on the whole batch, one after another, gradients by
 * autodiff, on its webgpu backend. A unit of work is one step of all flows.
 */
export async function opByOp(flows: number): Promise<Contender> {
  const tf = await import('@tensorflow/tfjs-core');
  await import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
  const [inputs, hidden, outputs, stepSize] = [10, 50, 5, 0.1];
  const draw = (rows: number) =>
    tf.tidy(() =>
      tf.mul(tf.randomNormal(flows === 1 ? [rows, hidden] : [flows, rows, hidden]), 0.1),
    ) as Tensor;
  const targets = tf.randomNormal([outputs, inputs]);
  let U = draw(outputs);
  let V = draw(inputs);
  const loss = (u: Tensor, v: Tensor): Scalar =>
    tf.sum(tf.mean(tf.squaredDifference(tf.matMul(u, tf.tanh(v), false, true), targets), [-1, -2]));
  const gradients = tf.grads(loss);
  return {
    label: 'TF.js op by op',
    async run(steps) {
      await tf.setBackend('webgpu');
      const start = performance.now();
      for (let step = 0; step < steps; step++) {
        const [nextU, nextV] = tf.tidy(() => {
          const [dU, dV] = gradients([U, V]) as [Tensor, Tensor];
          return [tf.sub(U, tf.mul(dU, stepSize)), tf.sub(V, tf.mul(dV, stepSize))] as [Tensor, Tensor];
        });
        U.dispose();
        V.dispose();
        [U, V] = [nextU, nextV];
      }
      await Promise.all([U.data(), V.data()]);
      return performance.now() - start;
    },
  };
}
