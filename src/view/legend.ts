import type { Chart } from '../landscape/chart.ts';
import { conservedGradient, lossGradient, sharpnessGradient } from './colour.ts';
import { sharpnessRange } from './floor.ts';
import type { Rect } from './label-layout.ts';
import { formatNumber } from './number-format.ts';
import { conservedRange } from './paths.ts';
import { barTicks, type Scales } from './scales.ts';
import type { FlowStyle, ViewOptions } from './view.ts';

interface Bar {
  readonly name: string;
  readonly gradient: string;
  /** `at` in [0, 1] along the bar. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

/** A sign of the picture and what it stands for. */
interface Key {
  readonly sign: 'jump' | 'twin' | 'orbit';
  readonly name: string;
}

/** The colour bars, each with its name and numbers, and the signs, in the lower left corner of the view. */
export class Legend {
  readonly element = document.createElement('div');
  private shown = '';
  /** Measuring makes the browser lay the page out, so it is done once for what is shown. */
  private measured: Rect | null = null;

  constructor() {
    this.element.className = 'view-legend';
  }

  update(
    chart: Chart | null,
    flows: readonly FlowStyle[],
    scales: Scales | null,
    options: ViewOptions,
  ): void {
    const bars = chart === null || scales === null ? [] : legendBars(chart, flows, scales, options);
    const keys = chart === null ? [] : legendKeys(chart, flows);
    const key = JSON.stringify([bars, keys]);
    if (key === this.shown) return;
    this.shown = key;
    this.measured = null;
    const signs = part('view-keys');
    signs.append(...keys.map(keyElement));
    this.element.replaceChildren(...bars.map(barElement), ...(keys.length > 0 ? [signs] : []));
  }

  /** Where it is in the container, for labels to keep clear of. */
  rect(): Rect {
    if (this.measured) return this.measured;
    const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = this.element;
    this.measured = { left: offsetLeft, top: offsetTop, width: offsetWidth, height: offsetHeight };
    return this.measured;
  }

  /** To be called when the container changes its size. */
  resized(): void {
    this.measured = null;
  }
}

/** The bars that a chart needs: loss for a surface, Q when flows differ in it, sharpness for a floor. */
export function legendBars(
  chart: Chart,
  flows: readonly FlowStyle[],
  { z, box }: Scales,
  { theme, colourMap }: ViewOptions,
): Bar[] {
  const bars: Bar[] = [];
  if (chart.surface !== null) {
    const ticks = z.ticks.map(({ at, text }) => ({ at: at / box.height, text }));
    bars.push({ name: z.label, gradient: lossGradient(colourMap), ticks: thin(ticks, 4) });
  }
  const range = conservedRange(flows, chart.paths);
  if (range[1] > range[0]) {
    const zero = -range[0] / (range[1] - range[0]);
    const middle = zero > 0.3 && zero < 0.7 ? [{ at: zero, text: '0' }] : [];
    const gradient = conservedGradient(range, theme);
    bars.push({ name: 'conserved quantity Q', gradient, ticks: [...ends(range, middle)] });
  }
  if (chart.floor !== null) {
    const sharpness = sharpnessRange(chart.floor);
    if (sharpness[1] > sharpness[0])
      bars.push({
        name: 'sharpness of the floor',
        gradient: sharpnessGradient(),
        ticks: thin(barTicks(sharpness, 4), 4),
      });
  }
  return bars;
}

/** An end of the range of Q below this share of the other is 0. */
const rounding = 1e-9;

/** The signs that a chart needs. */
export function legendKeys({ paths, orbit }: Chart, flows: readonly FlowStyle[]): Key[] {
  const keys: Key[] = [];
  if (paths.some(({ jumps }) => jumps.length > 0))
    keys.push({ sign: 'jump', name: 'teleportation, loss kept' });
  if (paths.some(({ flow }) => flows[flow]?.twin))
    keys.push({ sign: 'twin', name: 'twin that does not jump' });
  if (orbit !== null) keys.push({ sign: 'orbit', name: 'orbit exp(sM) θ' });
  return keys;
}

function ends(range: readonly [number, number], middle: readonly { at: number; text: string }[]) {
  const size = Math.max(Math.abs(range[0]), Math.abs(range[1]));
  const text = (value: number) => formatNumber(Math.abs(value) < rounding * size ? 0 : value);
  return [{ at: 0, text: text(range[0]) }, ...middle, { at: 1, text: text(range[1]) }];
}

function thin<T>(ticks: readonly T[], most: number): T[] {
  const every = Math.max(1, Math.ceil(ticks.length / most));
  return ticks.filter((_, i) => (ticks.length - 1 - i) % every === 0);
}

function barElement({ name, gradient, ticks }: Bar): HTMLElement {
  const element = part('view-bar');
  const title = part('view-bar-name');
  title.textContent = name;
  const strip = part('view-bar-strip');
  strip.style.background = gradient;
  const row = part('view-bar-ticks');
  for (const { at, text } of ticks) {
    const tick = part('view-bar-tick');
    tick.textContent = text;
    tick.style.left = `${(100 * at).toFixed(1)}%`;
    tick.style.transform = `translateX(${at < 0.08 ? '0' : at > 0.92 ? '-100%' : '-50%'})`;
    row.append(tick);
  }
  element.append(title, strip, row);
  return element;
}

const signs: Readonly<Record<Key['sign'], string>> = {
  jump: '<path d="M4 9Q16 1 28 9" stroke-dasharray="4 2.5"/><circle cx="4" cy="9" r="2.6"/><circle cx="28" cy="9" r="2.6"/>',
  twin: '<path d="M2 6H30" stroke-dasharray="3.5 3.5"/>',
  orbit: '<path d="M2 6H30"/><path class="view-key-fill" d="M16 1.5L20.5 6L16 10.5L11.5 6Z"/>',
};

function keyElement({ sign, name }: Key): HTMLElement {
  const element = part('view-key');
  element.innerHTML = `<svg width="32" height="13" viewBox="0 0 32 13" aria-hidden="true">${signs[sign]}</svg>`;
  element.append(name);
  return element;
}

function part(className: string): HTMLDivElement {
  const element = document.createElement('div');
  element.className = className;
  return element;
}
