/** Called with the points of dashes, x, y, z, frame; a point that is null ends a dash. */
export type PushDash = (point: readonly [number, number, number, number] | null) => void;

/** Cuts a line, [n][4] (x, y, z, frame), into dashes of a length with gaps, in world units. Points that are NaN end a dash. */
export function dashed(points: Float32Array, dash: number, gap: number, push: PushDash): void {
  const period = dash + gap;
  let walked = 0;
  let drawing = false;
  const end = () => {
    if (drawing) push(null);
    drawing = false;
  };
  for (let i = 0; i + 4 < points.length; i += 4) {
    const at = (t: number) =>
      [0, 1, 2, 3].map((k) => points[i + k]! + (points[i + 4 + k]! - points[i + k]!) * t) as unknown as [
        number,
        number,
        number,
        number,
      ];
    const length = Math.hypot(
      points[i + 4]! - points[i]!,
      points[i + 5]! - points[i + 1]!,
      points[i + 6]! - points[i + 2]!,
    );
    if (!Number.isFinite(length)) {
      end();
      walked = 0;
      continue;
    }
    if (length === 0) continue;
    const reached = walked + length;
    for (let start = Math.floor(walked / period) * period; start < reached; start += period) {
      const from = Math.max(start, walked);
      const to = Math.min(start + dash, reached);
      if (to <= from) continue;
      if (!drawing) push(at((from - walked) / length));
      drawing = true;
      push(at((to - walked) / length));
      if (to < reached) end();
    }
    walked = reached % period;
  }
  end();
}
