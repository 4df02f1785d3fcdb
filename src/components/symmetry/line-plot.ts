import uPlot from 'uplot';
import { formatDecade } from '../../view/number-format.ts';
import { decadeSplits } from '../charts/extent.ts';
import { addCursor, axisStyle, plotSize, seekByPointer } from '../charts/plot-parts.ts';
import { type PlotColours, plotColours } from '../charts/plot-theme.ts';
import { formatShort } from '../format.ts';

/** One line of a plot; NaN leaves out a point, and the line goes on to the next one. */
export interface PlotLine {
  readonly values: Float64Array;
  /** A custom property of the page: '--accent'. */
  readonly colour: string;
  readonly dashed?: boolean;
}

export interface PlotData {
  /** Rising. */
  readonly x: Float64Array;
  readonly lines: readonly PlotLine[];
}

/** A plot of a few lines over one axis. */
export interface LinePlot {
  /** Same number of lines every time. */
  show(data: PlotData): void;
  /** A vertical line at x, with a dot on the first line; null: none. */
  cursor(x: number | null): void;
  /** The colours of the page have changed. */
  recolour(): void;
  dispose(): void;
}

/** Ratio of the largest to the smallest value from which the axis is logarithmic. */
const LOG_FROM = 50;

export interface LinePlotOptions {
  /** What is shown first. */
  readonly data: PlotData;
  /** Values far apart get a logarithmic axis where they are all positive. */
  readonly decades: boolean;
  /** Hears the x under the pointer on press and drag; null: nobody does. */
  readonly seek: ((x: number) => void) | null;
}

/** Builds a plot in `container`. */
export function createLinePlot(
  container: HTMLElement,
  { data: first, decades, seek }: LinePlotOptions,
): LinePlot {
  let colours: PlotColours = plotColours(container);
  let data = first;
  let logarithmic = false;
  let at: number | null = null;
  const axis = axisStyle(() => colours);
  const shown = (value: number) => (logarithmic ? Math.log10(value) : value);
  /** As uPlot takes them: logarithms on a logarithmic axis, null where there is no value. */
  const columns = ({ x, lines }: PlotData): uPlot.AlignedData => {
    logarithmic = decades && spansDecades(lines);
    return [
      Array.from(x),
      ...lines.map(({ values }) =>
        Array.from(values, (value) => (Number.isFinite(value) ? shown(value) : null)),
      ),
    ];
  };
  const size = () => plotSize(container);
  const plot = new uPlot(
    {
      ...size(),
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false }, y: { range: (_self, low, high) => widened(low, high) } },
      axes: [
        {
          ...axis,
          size: 24,
          gap: 4,
          space: 56,
          values: (_self, splits) => splits.map((value) => formatShort(value, 3)),
        },
        {
          ...axis,
          size: 66,
          gap: 6,
          space: 24,
          splits: (_self, _axis, low, high, increment) =>
            logarithmic ? decadeSplits([low, high], 4) : evenSplits(low, high, increment),
          values: (_self, splits) =>
            splits.map((value) => (logarithmic ? formatDecade(value) : formatShort(value, 3))),
        },
      ],
      // Scales settle after the data: only then is the place of the cursor known.
      hooks: { draw: [() => place()] },
      series: [
        {},
        ...first.lines.map(({ colour, dashed }) => ({
          stroke: () => resolved(container, colour),
          width: 2,
          spanGaps: true,
          points: { show: false },
          ...(dashed && { dash: [6, 4] }),
        })),
      ],
    },
    columns(first),
    container,
  );
  const { line, dot } = addCursor(plot);

  const place = () => {
    const left = at === null ? Number.NaN : plot.valToPos(at, 'x');
    line.hidden = dot.hidden = !Number.isFinite(left);
    if (line.hidden) return;
    line.style.transform = `translateX(${left.toFixed(1)}px)`;
    const top = plot.valToPos(shown(valueAt(data.x, data.lines[0]!.values, at!)), 'y');
    dot.hidden = !Number.isFinite(top);
    dot.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
  };
  const resized = new ResizeObserver(() => {
    plot.setSize(size());
    place();
  });
  resized.observe(container);
  const stopSeeking = seek && seekByPointer(plot, seek);

  return {
    show(next) {
      data = next;
      plot.setData(columns(next));
    },
    cursor(x) {
      at = x;
      place();
    },
    recolour() {
      colours = plotColours(container);
      // Paths stay: rebuilding them would set the range from before the data.
      plot.redraw(false);
    },
    dispose() {
      stopSeeking?.();
      resized.disconnect();
      plot.destroy();
    },
  };
}

/** Whether values are all positive and far apart. */
function spansDecades(lines: readonly PlotLine[]): boolean {
  const finite = lines.flatMap(({ values }) => Array.from(values).filter(Number.isFinite));
  const smallest = Math.min(...finite);
  return smallest > 0 && Math.max(...finite) / smallest > LOG_FROM;
}

/** Multiples of the increment; the middle where the range is too small for any. */
function evenSplits(low: number, high: number, increment: number): number[] {
  const first = Math.ceil(low / increment);
  const last = Math.floor(high / increment + 1e-9);
  if (!(last >= first)) return [(low + high) / 2];
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * increment);
}

/** The colour that a custom property stands for in the present theme. */
function resolved(container: HTMLElement, property: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  container.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** A range in which a constant stays a flat line in the middle, also where rounding makes it rough. */
function widened(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const least = 0.05 * Math.max(Math.abs(low), Math.abs(high)) || 1;
  const margin = Math.max(least - (high - low) / 2, 0.08 * (high - low));
  return [low - margin, high + margin];
}

/** Between the two nearest points that have a value, linearly; NaN outside. */
export function valueAt(x: Float64Array, values: Float64Array, at: number): number {
  const known = Array.from(x.keys()).filter((i) => Number.isFinite(values[i]!));
  const after = known.find((i) => x[i]! >= at);
  const before = known.findLast((i) => x[i]! <= at);
  if (after === undefined || before === undefined) return Number.NaN;
  const span = x[after]! - x[before]!;
  const part = span > 0 ? (at - x[before]!) / span : 0;
  return values[before]! + part * (values[after]! - values[before]!);
}
