import type { Graphics } from './graphics.ts';

/** How finely the picture is drawn: device pixels per CSS pixel while it moves and once it rests. */
export interface Resolution {
  /** Four samples per pixel at the edges, by the graphics card. */
  readonly antialias: boolean;
  readonly moving: number;
  readonly still: number;
}

/** Milliseconds without a change after which the picture rests. */
export const restAfter = 300;

/**
 * A graphics card draws every frame as finely as the screen shows it. A processor in its place would take a tenth of a second
 * for that: it draws what moves without smoothing of its edges (lines and beads smooth theirs themselves), and what
 * rests once with four pixels for each.
 */
export function resolutionFor({ software }: Graphics, devicePixelRatio: number): Resolution {
  const screen = Math.min(2, devicePixelRatio || 1);
  return software
    ? { antialias: false, moving: 1, still: 2 }
    : { antialias: true, moving: screen, still: screen };
}
