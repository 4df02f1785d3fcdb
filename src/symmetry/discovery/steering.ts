import type { AbortSignalLike } from '../../model/abort-signal.ts';

/** How a caller stays in charge of a long computation. */
export interface Steering<Progress> {
  /** Awaited between pieces of work of some milliseconds, so that the caller can answer messages. */
  readonly pause?: () => Promise<void>;
  /** When it aborts, the computation rejects with its reason at the next pause. */
  readonly signal?: AbortSignalLike;
  /** Told how far it is, at every pause. */
  readonly progress?: (progress: Progress) => void;
}

/** One pause: tells, waits, and stops here when the caller has aborted. */
export async function rest<Progress>(steering: Steering<Progress>, progress: Progress): Promise<void> {
  steering.progress?.(progress);
  await steering.pause?.();
  steering.signal?.throwIfAborted();
}
