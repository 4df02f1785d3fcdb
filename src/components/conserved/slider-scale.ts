import type { ConservedSetting } from '../../experiment/resolved-experiment.ts';

export interface Interval {
  readonly minimum: number;
  readonly maximum: number;
}

/** How many standard deviations of the initialisation the slider reaches where no sweep sets its ends. */
const REACH = 6;

/**
 * The ends of the slider: the sweep where there is one, else what the initialisation makes likely. They widen to hold the
 * present value, never leave what can be reached, and stay put while the value moves inside them.
 */
export function sliderInterval(
  setting: ConservedSetting,
  sweep: { readonly from: number; readonly to: number } | undefined,
  value: number,
): Interval {
  const { initial, moments, interval } = setting;
  const centre = moments?.mean ?? initial.total;
  const half = Math.max(
    REACH * (moments?.std ?? 0),
    1.2 * Math.abs(initial.total - centre),
    Math.abs(centre) / 2,
    0.1,
  );
  const low = sweep ? Math.min(sweep.from, sweep.to) : Math.min(centre - half, 0);
  const high = sweep ? Math.max(sweep.from, sweep.to) : Math.max(centre + half, 0);
  return {
    minimum: Math.min(Math.max(low, interval.minimum ?? -Infinity), value),
    maximum: Math.max(Math.min(high, interval.maximum ?? Infinity), value),
  };
}

/** A round value near `value` that a hand could have meant: a multiple of about a thousandth of the interval. */
export function roundTo({ minimum, maximum }: Interval, value: number): number {
  const unit = 10 ** Math.floor(Math.log10((maximum - minimum) / 500));
  if (!Number.isFinite(unit) || unit === 0) return value;
  const rounded = Number((Math.round(value / unit) * unit).toPrecision(12));
  return Math.min(Math.max(rounded, minimum), maximum);
}

/**
 * The value of a slider under a pointer at `x`: the middle of the thumb goes there, as far as the ends let it. `left` and `width`
 * are those of the slider, all in CSS pixels.
 */
export function valueAt(
  { minimum, maximum }: Interval,
  x: number,
  { left, width, thumb }: { readonly left: number; readonly width: number; readonly thumb: number },
): number {
  const part = (x - left - thumb / 2) / (width - thumb);
  return minimum + Math.min(1, Math.max(0, part)) * (maximum - minimum);
}

/** A value worth going to: a mark on the slider that can be clicked. */
export interface Tick {
  readonly value: number;
  /** Short, under the mark. */
  readonly label: string;
  /** What it is, in words. */
  readonly name: string;
}

/** Balance, the mean of the initialisation and one standard deviation either way, as far as they lie on the slider. */
export function sliderTicks(setting: ConservedSetting, interval: Interval): Tick[] {
  const { moments } = setting;
  const candidates: Tick[] = [{ value: 0, label: '0', name: 'Balanced, Q = 0' }];
  if (moments) {
    const { mean, std } = moments;
    candidates.push(
      { value: mean - std, label: '−1 std', name: 'Mean minus one standard deviation of the initialisation' },
      { value: mean, label: 'mean', name: 'Mean of the initialisation' },
      { value: mean + std, label: '+1 std', name: 'Mean plus one standard deviation of the initialisation' },
    );
  }
  const span = interval.maximum - interval.minimum;
  const inside = candidates.filter(
    ({ value }) => value >= interval.minimum && value <= interval.maximum && Number.isFinite(value),
  );
  const merged: Tick[] = [];
  for (const tick of inside) {
    const twin = merged.findIndex(({ value }) => Math.abs(value - tick.value) < span * 1e-6);
    if (twin < 0) merged.push(tick);
    else
      merged[twin] = {
        value: merged[twin]!.value,
        label: `${merged[twin]!.label}, ${tick.label}`,
        name: `${merged[twin]!.name}; ${tick.name.toLowerCase()}`,
      };
  }
  return merged.sort((a, b) => a.value - b.value);
}

/**
 * Centres for labels of given widths that want to sit at `wanted` (ascending) but must not overlap nor leave [0, length]:
 * the least-squares solution, by pooling neighbours that collide (isotonic regression of centre minus room to the left).
 */
export function spread(
  wanted: readonly number[],
  widths: readonly number[],
  length: number,
  gap = 4,
): number[] {
  const room: number[] = [];
  widths.forEach((width, i) => {
    room.push(i === 0 ? width / 2 : room[i - 1]! + widths[i - 1]! / 2 + gap + width / 2);
  });
  const total = (room.at(-1) ?? 0) + (widths.at(-1) ?? 0) / 2;
  const pools: { mean: number; size: number }[] = [];
  wanted.forEach((centre, i) => {
    let pool = { mean: centre - room[i]!, size: 1 };
    while (pools.length > 0 && pools.at(-1)!.mean > pool.mean) {
      const { mean, size } = pools.pop()!;
      pool = { mean: (mean * size + pool.mean * pool.size) / (size + pool.size), size: size + pool.size };
    }
    pools.push(pool);
  });
  return pools
    .flatMap(({ mean, size }) => Array.from({ length: size }, () => mean))
    .map((start, i) => Math.min(Math.max(start, 0), Math.max(0, length - total)) + room[i]!);
}
