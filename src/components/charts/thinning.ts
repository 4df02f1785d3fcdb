/** What a line is drawn on: a canvas context, or a test's record. */
export type LineTarget = Pick<CanvasRenderingContext2D, 'moveTo' | 'lineTo'>;

/** A line that leaves out what cannot be seen. */
export interface ThinnedLine {
  /** The next point, in pixels. */
  add(x: number, y: number): void;
  /** Ends the line at the last point added; the next point begins a new one. */
  end(): void;
}

/**
 * Draws polylines without the points that lie within `resolution` pixels, in both directions, of the last one drawn.
 * First and last points always stay, so no line is off by more than `resolution`.
 */
export function thinning(target: LineTarget, resolution: number): ThinnedLine {
  let drawing = false;
  let [drawnX, drawnY, lastX, lastY] = [0, 0, 0, 0];
  const draw = (x: number, y: number) => {
    if (drawing) target.lineTo(x, y);
    else target.moveTo(x, y);
    drawing = true;
    [drawnX, drawnY] = [x, y];
  };
  return {
    add(x, y) {
      if (!drawing || Math.abs(x - drawnX) >= resolution || Math.abs(y - drawnY) >= resolution) draw(x, y);
      [lastX, lastY] = [x, y];
    },
    end() {
      if (drawing && (lastX !== drawnX || lastY !== drawnY)) draw(lastX, lastY);
      drawing = false;
    },
  };
}
