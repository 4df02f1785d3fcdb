import { EngineLostError } from '../engine.ts';

/** Watches one device for what it reports outside of any call: its loss and uncaptured errors. */
export interface DeviceWatch {
  /** null, or why the device cannot be used any more. */
  readonly failure: string | null;
  /** Throws EngineLostError once the device is lost or has reported an uncaptured error. */
  check(): void;
  /** `promise`, or the rejection that `check` would throw, whichever comes first. */
  orLost<T>(promise: Promise<T>): Promise<T>;
}

const watches = new WeakMap<GPUDevice, DeviceWatch>();

/** Starts watching a device, once per device: call it as soon as the device exists. */
export function watchDevice(device: GPUDevice): DeviceWatch {
  const known = watches.get(device);
  if (known) return known;
  let failure: EngineLostError | null = null;
  // A set and not one promise that is raced: that would keep every result of a long session alive.
  const waiting = new Set<(error: EngineLostError) => void>();
  const fail = (text: string) => {
    failure ??= new EngineLostError(text);
    for (const reject of waiting) reject(failure);
    waiting.clear();
  };
  device.lost.then(({ message }) => fail(`the WebGPU device was lost (${message || 'no reason given'})`));
  device.addEventListener('uncapturederror', ({ error }) =>
    fail(`WebGPU reported an error: ${error.message}`),
  );

  const watch: DeviceWatch = {
    get failure() {
      return failure?.message ?? null;
    },
    check() {
      if (failure) throw failure;
    },
    orLost: (promise) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        waiting.add(reject);
        promise.then(resolve, reject).finally(() => waiting.delete(reject));
      }),
  };
  watches.set(device, watch);
  return watch;
}
