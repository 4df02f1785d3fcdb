import { existsSync } from 'node:fs';
import { constants } from 'node:os';

/** Where Chromium ships the software Vulkan driver and the loader that Dawn needs. */
const CHROMIUM_DIRECTORIES = [
  '/usr/lib/chromium',
  '/usr/lib/chromium-browser',
  '/usr/lib64/chromium-browser',
  '/opt/google/chrome',
];

/** dlopen's RTLD_NODELETE, which Node does not name: keeps the library although it is no Node add-on. */
const RTLD_NODELETE = 0x1000;

const POLL_MILLISECONDS = 1;

/**
 * Dawn for Node looks for its events by `setImmediate` without a pause and so keeps one processor busy, which a software
 * adapter needs for itself. Its calls, those of native functions, come every millisecond instead.
 */
function restBetweenPolls(): void {
  const { setImmediate } = globalThis;
  if ('restful' in setImmediate) return;
  const restful = (callback: (...values: unknown[]) => void, ...values: unknown[]) =>
    /\[native code\]/.test(Function.prototype.toString.call(callback))
      ? setTimeout(callback, POLL_MILLISECONDS, ...values)
      : setImmediate(callback, ...values);
  Object.assign(globalThis, { setImmediate: Object.assign(restful, setImmediate, { restful: true }) });
}

/** The one Dawn instance: Dawn for Node crashes when it is collected before its devices. */
let instance: GPU | null = null;

/** `navigator.gpu` of the npm package `webgpu` (Dawn) on the software driver. null when there is no driver to be found. */
export async function nodeGpu(): Promise<GPU | null> {
  const directory = CHROMIUM_DIRECTORIES.find((path) => existsSync(`${path}/vk_swiftshader_icd.json`));
  if (directory) {
    process.env.VK_ICD_FILENAMES ??= `${directory}/vk_swiftshader_icd.json`;
    preload(`${directory}/libvulkan.so.1`);
  }
  const { create } = await import('webgpu');
  restBetweenPolls();
  instance ??= create([]);
  return instance;
}

/** A fresh device with the limits that TF.js asks for; null without an adapter. */
export async function nodeDevice(): Promise<GPUDevice | null> {
  const gpu = await nodeGpu();
  const adapter = await gpu?.requestAdapter();
  if (!adapter) return null;
  const { limits } = adapter;
  return adapter.requestDevice({
    label: 'orbitscape test',
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
}

/** Loads the Vulkan loader under its own name, so that Dawn finds it where the system has none. */
function preload(library: string) {
  if (!existsSync(library)) return;
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch {
    // Node complains that it is no add-on; it stays loaded all the same.
  }
}
