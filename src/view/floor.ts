import { Group } from 'three';
import type { ChartFloor } from '../landscape/chart.ts';
import { Beads } from './beads.ts';
import { parseColour, sharpnessColour } from './colour.ts';
import type { LevelLabel } from './levels.ts';
import { formatNumber } from './number-format.ts';
import { Polylines } from './polylines.ts';
import type { Scales } from './scales.ts';
import type { ThemeColours } from './themes.ts';

const floorWidth = 3.5;

/** The valley floor: the curve of minima, coloured by sharpness; a single minimum is a cross with its coordinates. */
export class Floor {
  readonly object = new Group();
  readonly lines = new Polylines({ renderOrder: 16, dim: 1, ghost: 0.35, casing: 1, lift: 0.05 });

  readonly marks = new Beads();
  labels: readonly LevelLabel[] = [];
  private ink: ThemeColours['ink'] = [1, 1, 1];

  constructor() {
    this.object.add(this.lines.object, this.marks.object);
  }

  update(floor: ChartFloor | null, { x, y, z, box }: Scales): void {
    const count = floor?.x.length ?? 0;
    this.lines.begin(count);
    if (floor !== null) {
      const [low, high] = sharpnessRange(floor);
      for (let i = 0; i < count; i++) {
        const fraction = high > low ? (floor.sharpness[i]! - low) / (high - low) : 0.5;
        const colour = parseColour(sharpnessColour(Number.isFinite(fraction) ? fraction : 0));
        this.lines.push(
          x.at(floor.x[i]!),
          y.at(floor.y[i]!),
          z.at(floor.height[i]!),
          0,
          colour,
          -2,
          floorWidth,
        );
      }
    }
    this.lines.commit();
    this.lines.setBox(box);
    const single = count === 1 && floor !== null;
    const place = single ? ([x.at(floor.x[0]!), y.at(floor.y[0]!), z.at(floor.height[0]!)] as const) : null;
    this.marks.write(place ? [{ flow: -2, place, colour: this.ink, shape: 'cross' }] : []);
    this.labels = place
      ? [
          {
            text: `minimum (${formatNumber(floor!.x[0]!)}, ${formatNumber(floor!.y[0]!)})`,
            places: beside(place),
          },
        ]
      : [];
  }

  setTheme(theme: ThemeColours): void {
    this.ink = theme.ink;
    this.lines.setTheme({ ...theme, casingOpacity: 0.35 });
    this.marks.setTheme(theme);
  }

  setPixelRatio(pixelRatio: number): void {
    this.marks.setPixelRatio(pixelRatio);
  }

  dispose(): void {
    this.lines.dispose();
    this.marks.dispose();
  }
}

/** Places for a name that do not cover what it names: in front of it, beside it, behind it. */
const beside = ([x, y, z]: readonly [number, number, number]) =>
  [
    [0.05, -0.3],
    [0.35, 0],
    [-0.35, 0],
    [0, 0.3],
  ].map(([dx, dy]) => [x + dx!, y + dy!, z] as const);

/** Sharpness is computed to about this relative error: less of a range is none. */
const precision = 5e-3;

/** Smallest and largest finite sharpness, equal where they differ by no more than their error; [0, 0] when there is none. */
export function sharpnessRange(floor: ChartFloor): readonly [number, number] {
  const finite = floor.sharpness.filter(Number.isFinite);
  if (finite.length === 0) return [0, 0];
  const low = finite.reduce((a, b) => Math.min(a, b), finite[0]!);
  const high = finite.reduce((a, b) => Math.max(a, b), finite[0]!);
  return high - low > precision * Math.abs(high) ? [low, high] : [high, high];
}
