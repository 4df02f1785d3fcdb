import { div, mul, norm, sum, type Tensor, tensor2d } from '@tensorflow/tfjs-core';
import type { TensorNetwork } from './network.ts';
import type { Session } from './session.ts';

const ITERATIONS = 50;
/** The curvature is good enough for advice when it changes by less than this. */
const ACCURACY = 0.01;

/**
 * `suggestStepSize` of flow/stability.ts at several origins: 2 / sharpness by power iteration from the gradient, and at most
 * half of the step size that failed.
 */
export async function stableStepSizes(
  session: Session,
  network: TensorNetwork,
  origins: readonly Float64Array[],
  failed: number,
): Promise<number[]> {
  if (origins.length === 0) return [];
  const flat = Float32Array.from(origins.flatMap((origin) => [...origin]));
  const held: Tensor[] = [];
  try {
    const theta = session.compute(() => tensor2d(flat, [origins.length, network.size]));
    held.push(theta);
    let image = session.compute(() => network.gradient(theta).gradient);
    held.push(image);
    let curvatures = origins.map(() => 0);
    for (let iteration = 0; iteration < ITERATIONS; iteration++) {
      const next = session.compute(() => {
        const vector = div(image, norm(image, 2, 1, true));
        const product = network.hessianVectorProduct(theta, vector);
        return { image: product, curvature: sum(mul(vector, product), 1) };
      });
      held.push(next.image);
      image.dispose();
      image = next.image;
      const before = curvatures;
      curvatures = [...(await session.download(next.curvature))];
      const settled = curvatures.every(
        (value, i) => !(Math.abs(value - before[i]!) > ACCURACY * Math.abs(value)),
      );
      if (settled) break;
    }
    return curvatures.map((curvature) => (curvature > 0 ? Math.min(2 / curvature, failed / 2) : failed / 2));
  } finally {
    for (const tensor of held) tensor.dispose();
  }
}
