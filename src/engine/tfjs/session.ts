import {
  backend,
  findBackend,
  getBackend,
  setBackend,
  type Tensor,
  type TensorContainer,
  tidy,
} from '@tensorflow/tfjs-core';
import { EngineLostError } from '../engine.ts';
import { type BackendName, backends } from './backends.ts';
import { registerGradients } from './gradients.ts';

/** TF.js on one backend, shared with whoever else uses TF.js in this thread. */
export interface Session {
  readonly backend: BackendName;
  /** See `backends`. */
  readonly rowsAtOnce: number;
  /**
   * Runs tensor code on this backend. The tensors that it makes and neither keeps nor returns (alone, or in plain objects and
   * arrays) are freed. What fails in it is an EngineLostError: out of memory, a lost context, an operation that the backend
   * lacks.
   */
  compute<T>(work: () => T): T;
  /** The numbers of a tensor, which is freed. Throws as `compute` does. */
  download(tensor: Tensor): Promise<Float32Array>;
}

/** Loads a backend (see `backends`). Rejects with the reason where it is not to be had. */
export async function openSession(name: BackendName, software: boolean): Promise<Session> {
  const { load, rowsAtOnce } = backends[name];
  const health = await load(software);
  registerGradients();
  const own = findBackend(name);
  const lost = (cause: unknown): EngineLostError =>
    cause instanceof EngineLostError
      ? cause
      : new EngineLostError(`TF.js ${name}: ${cause instanceof Error ? cause.message : cause}`, { cause });

  return {
    backend: name,
    rowsAtOnce,
    compute<T>(work: () => T): T {
      try {
        // The active backend is global in TF.js. Once a backend is initialised, this takes effect before it returns.
        if (getBackend() !== name || backend() !== own) void setBackend(name);
        return tidy(work as () => TensorContainer) as T;
      } catch (error) {
        throw lost(error);
      }
    },
    async download(tensor) {
      try {
        return (await health.orLost(tensor.data())) as Float32Array;
      } catch (error) {
        throw lost(error);
      } finally {
        tensor.dispose();
      }
    },
  };
}
