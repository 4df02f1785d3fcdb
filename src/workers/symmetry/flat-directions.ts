import { hessianSpectrum } from '../../landscape/spectrum.ts';
import type { Context } from './measurement.ts';
import type { FlatDirections, Measured } from './question.ts';

/** The near-zero eigenvalues of the Hessian. */
export async function flatDirections({ theta, work, told }: Context): Promise<Measured<FlatDirections>> {
  try {
    const options = { pause: () => work.breathe(), told };
    const { zeros, tolerance, gap } = await hessianSpectrum(work.loss, theta, options);
    return { count: zeros, tolerance, gap };
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
