const INTERVAL = 100;

/** Shows how far a run is, on a terminal only and at most ten times a second. */
export interface Progress {
  /** `fraction` of the work, 0 to 1; `steps` taken so far. */
  update(fraction: number, steps: number): void;
  /** Clears the line. */
  end(): void;
}

export function createProgress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { update() {}, end() {} };
  let last = 0;
  return {
    update(fraction, steps) {
      const now = performance.now();
      if (now - last < INTERVAL) return;
      last = now;
      stream.write(`\r\x1b[K${Math.floor(fraction * 100)} %, ${steps.toLocaleString('en')} steps`);
    },
    end() {
      stream.write('\r\x1b[K');
    },
  };
}
