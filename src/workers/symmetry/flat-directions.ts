import { hessianSpectrum } from '../../landscape/spectrum.ts';
import type { Context } from './measurement.ts';
import type { FlatDirections, Measured } from './question.ts';

/** The near-zero eigenvalues of the Hessian. */
export async function flatDirections({ theta, work, told }: Context): Promise<Measured<FlatDirections>> {
  const { loss, pause, signal } = work;
  const { zeros: count, tolerance, gap } = await hessianSpectrum(loss, theta, { pause, signal, told });
  return { count, tolerance, gap };
}
