/** What draws WebGL on this device. */
export interface Graphics {
  /** true: the processor does the work of a graphics card. */
  readonly software: boolean;
}

const softwareNames = /swiftshader|llvmpipe|softpipe|basic render|software/i;

/**
 * Asks for the name of the renderer in a worker of its own: the first WebGL context of a browser can take half a second,
 * in which the page would stand still; once there is one, the page's own comes at once. Where workers have no WebGL,
 * a graphics card is assumed.
 */
export function probeGraphics(): Promise<Graphics> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./graphics-worker.ts', import.meta.url), { type: 'module' });
    const answer = (name: string) => {
      worker.terminate();
      resolve({ software: softwareNames.test(name) });
    };
    worker.onmessage = ({ data }: MessageEvent<string>) => answer(data);
    worker.onerror = (event) => {
      event.preventDefault();
      answer('');
    };
  });
}
