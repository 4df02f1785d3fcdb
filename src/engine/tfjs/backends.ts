import {
  device_util,
  enableProdMode,
  env,
  findBackend,
  removeBackend,
  setBackend,
} from '@tensorflow/tfjs-core';
import { EngineLostError } from '../engine.ts';
import { obtainDevice } from '../webgpu/device.ts';
import { deviceProfile, SOFTWARE, SOFTWARE_ADAPTER } from '../webgpu/kernel-context.ts';
import { watchDevice } from '../webgpu/watch.ts';
import { transposeBeforeWasmProducts } from './wasm-products.ts';

/** Sees to it that a backend which has gone away is noticed. */
export interface Health {
  /** Throws EngineLostError once the backend cannot be used any more. */
  check(): void;
  /** `promise`, or that rejection, whichever comes first. */
  orLost<T>(promise: Promise<T>): Promise<T>;
}

/** A place where TF.js computes. */
interface Backend {
  /**
   * How many flows one operation may take. On the processor operations on several flows are slower than one flow after the
   * other: optimised products take one pair of matrices, and parts of one flow are copied in one piece.
   */
  readonly rowsAtOnce: number;
  /**
   * Loads the backend and makes it TF.js's own. Rejects with the reason where it is not to be had. `software`: whether a
   * processor that plays a graphics card will do; it is slower than the backends for processors.
   */
  load(software: boolean): Promise<Health>;
}

/** Every backend, by the name that TF.js gives it; in the order in which they are tried. A new backend is one entry. */
export const backends = {
  webgpu: {
    rowsAtOnce: Number.POSITIVE_INFINITY,
    async load(software) {
      const found = await obtainDevice();
      if (!found.device) throw new Error(found.reason);
      if (!software && deviceProfile(found.info) === SOFTWARE) throw new Error('a software adapter');
      await ready('webgpu');
      return watchDevice(found.device);
    },
  },
  webgl: {
    rowsAtOnce: Number.POSITIVE_INFINITY,
    async load(software) {
      const { MathBackendWebGL } = await import('@tensorflow/tfjs-backend-webgl');
      await ready('webgl');
      const webgl = findBackend('webgl');
      if (!(webgl instanceof MathBackendWebGL)) throw new Error('no WebGL context');
      const objection = webglObjection(webgl.gpgpu.gl, software);
      if (objection) {
        removeBackend('webgl');
        throw new Error(objection);
      }
      return untilLost(() => (webgl.gpgpu.gl.isContextLost() ? 'the WebGL context was lost' : null));
    },
  },
  wasm: {
    rowsAtOnce: 1,
    async load() {
      const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
      // Node finds the files beside the package.
      if (device_util.isBrowser()) {
        const { wasmPaths } = await import('./wasm-paths.ts');
        setWasmPaths(wasmPaths);
        // Threads need headers that a static page does not have.
        env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
      }
      await ready('wasm');
      transposeBeforeWasmProducts();
      return untilLost(() => null);
    },
  },
  cpu: {
    rowsAtOnce: 1,
    async load() {
      await import('@tensorflow/tfjs-backend-cpu');
      await ready('cpu');
      return untilLost(() => null);
    },
  },
} as const satisfies Record<string, Backend>;

export type BackendName = keyof typeof backends;

/** The names in the order in which they are tried. */
export const backendNames = Object.keys(backends) as BackendName[];

/** Why a WebGL context will not do; null when it will. */
function webglObjection(gl: WebGLRenderingContext, software: boolean): string | null {
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = names ? String(gl.getParameter(names.UNMASKED_RENDERER_WEBGL)) : '';
  if (!software && SOFTWARE_ADAPTER.test(renderer)) return 'software WebGL';
  // Half floats (some phones) are too coarse to integrate with.
  return env().getBool('WEBGL_RENDER_FLOAT32_ENABLED') ? null : 'WebGL without float32';
}

/** Initialises a registered backend. */
async function ready(name: BackendName): Promise<void> {
  enableProdMode();
  if (!(await setBackend(name))) throw new Error(`TF.js cannot start its ${name} backend here`);
}

function untilLost(failure: () => string | null): Health {
  const check = () => {
    const reason = failure();
    if (reason !== null) throw new EngineLostError(reason);
  };
  return {
    check,
    async orLost(promise) {
      const value = await promise;
      check();
      return value;
    },
  };
}
