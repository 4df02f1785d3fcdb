/// <reference lib="webworker" />
export {};

declare const self: DedicatedWorkerGlobalScope;

/** Says the name of the WebGL renderer; empty where workers have no WebGL 2. */
const context = new OffscreenCanvas(1, 1).getContext('webgl2');
const names = context?.getExtension('WEBGL_debug_renderer_info');
self.postMessage(String(context?.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER) ?? ''));
context?.getExtension('WEBGL_lose_context')?.loseContext();
