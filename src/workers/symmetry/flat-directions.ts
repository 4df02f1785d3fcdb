import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Context } from './measurement.ts';
import type { FlatDirections, Measured } from './question.ts';

/** Most parameters of a network whose whole Hessian is taken apart. */
const MOST_PARAMETERS = 300;
/** An eigenvalue counts as zero below this share of the largest. */
const ZERO = 1e-6;

/** The near-zero eigenvalues of the Hessian, from its columns. */
export async function flatDirections({ theta, work, told }: Context): Promise<Measured<FlatDirections>> {
  const size = theta.length;
  if (size > MOST_PARAMETERS) {
    return `The whole Hessian is taken of networks of at most ${MOST_PARAMETERS} parameters and this one has ${size}.`;
  }
  const hessian = Matrix.zeros(size, size);
  const direction = new Float64Array(size);
  const column = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    direction.fill(0);
    direction[k] = 1;
    work.loss.hessianVectorProduct(theta, direction, column);
    hessian.setColumn(k, Array.from(column));
    told(k / size);
    await work.breathe();
  }
  hessian.add(hessian.transpose()).mul(0.5);
  const { realEigenvalues } = new EigenvalueDecomposition(hessian, { assumeSymmetric: true });
  const sizes = realEigenvalues.map(Math.abs).sort((a, b) => a - b);
  const tolerance = ZERO * sizes.at(-1)!;
  const count = sizes.filter((value) => value < tolerance).length;
  const gap = count > 0 && count < size ? sizes[count]! / sizes[count - 1]! : Number.POSITIVE_INFINITY;
  return { count, tolerance, gap };
}
