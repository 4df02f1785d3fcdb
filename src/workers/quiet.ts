/** Keeps a loop of work still while something is measured on the same thread. */
export interface Quiet {
  /** Runs `work`; a loop that uses `pause` stands still meanwhile. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** The pause of that loop. */
  pause(): Promise<void>;
}

/** `pause`: lets other tasks run. */
export function createQuiet(pause: () => Promise<void>): Quiet {
  const measuring = new Set<Promise<unknown>>();
  return {
    async during(work) {
      const running = work();
      measuring.add(running);
      try {
        return await running;
      } finally {
        measuring.delete(running);
      }
    },
    async pause() {
      await pause();
      while (measuring.size > 0) await Promise.allSettled(measuring);
    },
  };
}
