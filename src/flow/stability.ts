import type { LossFunction } from '../model/loss-function.ts';
import { norm } from './norm.ts';

const ITERATIONS = 50;

/**
 * A step size that gradient descent is likely to survive from `theta`: 2 / sharpness there (math.md B9), and at most half
 * of the one that failed. The sharpness is the curvature along the dominant Hessian eigenvector, by power iteration from
 * the gradient; where that is not positive only the second bound counts.
 */
export function suggestStepSize(network: LossFunction, theta: Float64Array, failed: number): number {
  const vector = new Float64Array(network.size);
  const image = new Float64Array(network.size);
  network.gradient(theta, vector);
  let curvature = 0;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const length = norm(vector);
    if (!(length > 0)) break;
    for (let i = 0; i < vector.length; i++) vector[i] = vector[i]! / length;
    network.hessianVectorProduct(theta, vector, image);
    curvature = vector.reduce((sum, value, i) => sum + value * image[i]!, 0);
    vector.set(image);
  }
  return curvature > 0 ? Math.min(2 / curvature, failed / 2) : failed / 2;
}
