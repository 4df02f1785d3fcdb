/** The part of the platform's AbortSignal that long computations use; the folders that compute know no platform. */
export interface AbortSignalLike {
  throwIfAborted(): void;
}
