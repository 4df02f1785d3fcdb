import { createStore } from 'zustand/vanilla';

/**
 * The cursor shared by the timeline, the charts and the beads. It counts frames (fractions between two frames), because
 * frames are what was recorded; all flows of a run share the recording schedule. Fast: subscribe, do not render from it.
 */
export interface PlaybackState {
  readonly cursor: number;
  /** Index of the last frame of the longest flow. */
  readonly last: number;
  readonly playing: boolean;
  /** Multiple of the normal speed (one pass in about 8 seconds). */
  readonly speed: number;
}

export const createPlaybackStore = () =>
  createStore<PlaybackState>()(() => ({ cursor: 0, last: 0, playing: false, speed: 1 }));
