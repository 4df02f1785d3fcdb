/** What the loop asks of the browser; tests give their own clock. */
export interface FrameClock {
  request(callback: (now: number) => void): number;
  cancel(handle: number): void;
}

export const browserClock: FrameClock = {
  request: (callback) => requestAnimationFrame(callback),
  cancel: (handle) => cancelAnimationFrame(handle),
};

/** Draws on demand. `draw` returns true to be called again at the next frame; otherwise the loop sleeps. */
export interface RenderLoop {
  /** Asks for one frame; asking again before it comes asks for the same one. */
  invalidate(): void;
  /** No frame is drawn until `resume`. */
  pause(): void;
  resume(): void;
  dispose(): void;
}

export function createRenderLoop(
  draw: (now: number) => boolean,
  clock: FrameClock = browserClock,
): RenderLoop {
  let pending: number | null = null;
  let paused = false;
  let disposed = false;
  const frame = (now: number) => {
    pending = null;
    if (draw(now)) invalidate();
  };
  const invalidate = () => {
    if (pending === null && !paused && !disposed) pending = clock.request(frame);
  };
  const stop = () => {
    if (pending !== null) clock.cancel(pending);
    pending = null;
  };
  return {
    invalidate,
    pause() {
      paused = true;
      stop();
    },
    resume() {
      paused = false;
      invalidate();
    },
    dispose() {
      disposed = true;
      stop();
    },
  };
}
