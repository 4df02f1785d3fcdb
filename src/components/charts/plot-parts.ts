import type uPlot from 'uplot';
import { type PlotColours, plotFont } from './plot-theme.ts';

/** How all axes look; `colours` may change with the theme. */
export const axisStyle = (colours: () => PlotColours) =>
  ({
    stroke: () => colours().text,
    font: plotFont,
    ticks: { show: false },
    border: { show: false },
    grid: { stroke: () => colours().grid, width: 1 },
  }) satisfies uPlot.Axis;

/** Width and height of a plot that fills its container. */
export const plotSize = ({ clientWidth, clientHeight }: HTMLElement) => ({
  width: Math.max(120, clientWidth),
  height: clientHeight,
});

/** The vertical line of the cursor and its dot, on top of a plot. */
export function addCursor({ over }: uPlot): { readonly line: HTMLElement; readonly dot: HTMLElement } {
  const line = document.createElement('div');
  line.className = 'plot-cursor';
  const dot = document.createElement('div');
  dot.className = 'plot-dot';
  over.append(line, dot);
  return { line, dot };
}

/** Calls `seek` with the plot's x under the pointer on press and drag. Returns what ends it. */
export function seekByPointer(plot: uPlot, seek: (x: number) => void): () => void {
  const { over } = plot;
  const follow = (event: PointerEvent) => {
    if (event.buttons & 1) seek(plot.posToVal(event.clientX - over.getBoundingClientRect().left, 'x'));
  };
  const press = (event: PointerEvent) => {
    over.setPointerCapture(event.pointerId);
    follow(event);
  };
  over.addEventListener('pointerdown', press);
  over.addEventListener('pointermove', follow);
  return () => {
    over.removeEventListener('pointerdown', press);
    over.removeEventListener('pointermove', follow);
  };
}
