import { Group } from 'three';
import type { ChartLevel } from '../landscape/chart.ts';
import { conservedRgb, type Theme } from './colour.ts';
import { formatNumber } from './number-format.ts';
import { Polylines } from './polylines.ts';
import type { Scales } from './scales.ts';
import { type ThemeColours, themes } from './themes.ts';

const levelWidth = 1.2;

/** Where the label of a level may stand: world places, best first. */
export interface LevelLabel {
  readonly text: string;
  readonly places: readonly (readonly [number, number, number])[];
}

/** Level sets of Q in its colours and of the loss in ink: thin lines with the value at an end. */
export class Levels {
  readonly object = new Group();
  readonly lines = new Polylines({ renderOrder: 15, dim: 0.6, ghost: 0.2, casing: 0.5, lift: 0.03 });
  labels: readonly LevelLabel[] = [];

  constructor() {
    this.object.add(this.lines.object);
    this.lines.setCursor(-1, 1);
  }

  /** `range` of Q sets the colours, as for the paths. */
  update(
    levels: readonly ChartLevel[],
    range: readonly [number, number],
    scales: Scales,
    theme: Theme,
  ): void {
    const { x, y, z, box } = scales;
    this.lines.begin(levels.reduce((sum, level) => sum + level.x.length + 1, 0));
    for (const level of levels) {
      const colour = level.quantity === 'loss' ? themes[theme].ink : conservedRgb(level.value, range, theme);
      for (let i = 0; i < level.x.length; i++)
        this.lines.push(
          x.at(level.x[i]!),
          y.at(level.y[i]!),
          z.at(level.height[i]!),
          0,
          colour,
          -2,
          levelWidth,
        );
      this.lines.break();
    }
    this.lines.commit();
    this.lines.setBox(box);
    this.labels = levels.map((level) => levelLabel(level, scales));
  }

  setTheme(theme: ThemeColours): void {
    this.lines.setTheme({ ...theme, casingOpacity: 0.25 });
  }

  dispose(): void {
    this.lines.dispose();
  }
}

/** Candidate places: the ends of the drawn parts of the curve, then their middles. */
export function levelLabel(level: ChartLevel, { x, y, z, box }: Scales): LevelLabel {
  const ends: [number, number, number][] = [];
  const middles: [number, number, number][] = [];
  const place = (i: number): [number, number, number] => [
    x.at(level.x[i]!),
    y.at(level.y[i]!),
    z.at(level.height[i]!),
  ];
  const drawn = (i: number) => {
    const [px, py, pz] = place(i);
    return Math.abs(px) <= box.width / 2 && Math.abs(py) <= box.depth / 2 && pz >= 0 && pz <= box.height;
  };
  let from = -1;
  for (let i = 0; i <= level.x.length; i++) {
    const inside = i < level.x.length && drawn(i);
    if (inside && from < 0) from = i;
    if (!inside && from >= 0) {
      ends.push(place(from), place(i - 1));
      middles.push(place((from + i - 1) >> 1));
      from = -1;
    }
  }
  const name = level.quantity === 'loss' ? 'loss' : 'Q';
  return { text: `${name} = ${formatNumber(level.value)}`, places: [...ends, ...middles] };
}
