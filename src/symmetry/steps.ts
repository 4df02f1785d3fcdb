/** A computation in pieces: it may be left for a while, or for good, wherever it yields. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Runs all pieces at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}
