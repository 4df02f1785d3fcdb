import type { Size } from './camera.ts';

/** A rectangle in CSS pixels. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A label with its centre on the screen. */
export interface PlacedLabel {
  readonly text: string;
  readonly kind: 'tick' | 'name' | 'level';
  readonly x: number;
  readonly y: number;
  readonly rect: Rect;
}

/** Free space kept around every label, and between labels and the frame. */
export const labelGap = 3;

export function overlaps(a: Rect, b: Rect, gap = labelGap): boolean {
  return (
    a.left < b.left + b.width + gap &&
    b.left < a.left + a.width + gap &&
    a.top < b.top + b.height + gap &&
    b.top < a.top + a.height + gap
  );
}

export function rectAround(x: number, y: number, width: number, height: number): Rect {
  return { left: x - width / 2, top: y - height / 2, width, height };
}

/** Whether a rectangle lies in the frame. A place that is not finite does not. */
export function isInside(rect: Rect, frame: Size, gap = labelGap): boolean {
  return (
    rect.left >= gap &&
    rect.top >= gap &&
    rect.left + rect.width <= frame.width - gap &&
    rect.top + rect.height <= frame.height - gap
  );
}

/**
 * Of a row of labels, every n-th one with the smallest n at which neighbours do not touch: an axis thinned evenly reads
 * better than one with odd gaps. The one at `anchor` (the zero of the axis) is always among them.
 */
export function thinEvenly<T extends { readonly rect: Rect }>(row: readonly T[], anchor: number): T[] {
  for (let n = 1; n < row.length; n++) {
    const kept = row.filter((_, i) => (i - anchor) % n === 0);
    if (kept.every((label, i) => i === 0 || !overlaps(label.rect, kept[i - 1]!.rect))) return kept;
  }
  return row.length > 0 ? [row[Math.max(0, anchor)] ?? row[0]!] : [];
}
