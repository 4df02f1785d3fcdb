import uPlot from 'uplot';
import { formatDecade } from '../../view/number-format.ts';
import { formatShort } from '../format.ts';
import { cursorAt, frameAt, longestFlow, shownLayerPair, timeAt } from '../readings.ts';
import { steeredFlow } from '../run-colours.ts';
import type { Shared } from '../session-context.ts';
import { throttle } from '../throttle.ts';
import { decadeSplits, type Extent, extentOf, plotTime, plotValue } from './extent.ts';
import { createFlowLines } from './flow-lines.ts';
import { addCursor, axisStyle, plotSize, seekByPointer } from './plot-parts.ts';
import { type PlotColours, plotColours } from './plot-theme.ts';
import type { Quantity } from './quantities.ts';

/**
 * One chart of a quantity over time. uPlot keeps scales, axes and canvas; the lines are drawn straight from the frame
 * buffer in its draw hook, so that new frames cost one `setData`. Returns what takes it down.
 */
export function createFlowPlot(container: HTMLElement, quantity: Quantity, shared: Shared): () => void {
  const { session, ui } = shared;
  let extent: Extent = { x: [0, 1], y: [-1, 0] };
  let colours: PlotColours = plotColours(container);
  const timeScale = () => ui.getState().timeScale;

  const lines = createFlowLines(quantity, shared);
  const size = () => plotSize(container);
  const axis = axisStyle(() => colours);
  const plot = new uPlot(
    {
      ...size(),
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => [...extent.x] as [number, number] },
        y: { range: () => [...extent.y] as [number, number] },
      },
      axes: [
        {
          ...axis,
          size: 24,
          gap: 4,
          space: 56,
          splits: (self, _axis, low, high, increment) =>
            timeScale() === 'log'
              ? decadeSplits([low, high], Math.max(2, Math.floor(self.bbox.width / devicePixelRatio / 56)))
              : linearSplits(low, high, increment),
          values: (_self, splits) =>
            splits.map((at) => (timeScale() === 'log' ? formatDecade(at) : formatShort(at))),
        },
        {
          ...axis,
          size: 44,
          gap: 6,
          splits: (_self, _axis, low, high) => decadeSplits([low, high], 5),
          values: (_self, splits) => splits.map(formatDecade),
        },
      ],
      series: [{}, { paths: () => null, points: { show: false } }],
      hooks: { draw: [(self) => lines.draw(self, colours.text)] },
    },
    [
      [0, 1],
      [0, 1],
    ],
    container,
  );

  const { line, dot } = addCursor(plot);

  const moveCursor = () => {
    const { frames, summary } = session.run.getState();
    const { cursor } = session.playback.getState();
    const longest = longestFlow(frames);
    const x = longest ? plotTime(timeAt(longest, cursor), timeScale()) : Number.NaN;
    const left = plot.valToPos(Math.max(x, extent.x[0]), 'x');
    line.hidden = dot.hidden = !longest || !Number.isFinite(left);
    if (line.hidden || !summary) return;
    line.style.transform = `translateX(${left.toFixed(1)}px)`;
    const shown = ui.getState().highlight ?? steeredFlow(summary) ?? 0;
    const flow = frames.flows[shown];
    const frame = flow ? frameAt(flow, cursor) : -1;
    const y =
      flow && frame >= 0 ? quantity.read(flow, frame, shownLayerPair(session.run.getState())) : Number.NaN;
    const top = plot.valToPos(Math.max(plotValue(y, quantity.floor), extent.y[0]), 'y');
    dot.hidden = !Number.isFinite(top);
    const place = Math.max(plotTime(flow?.time[frame] ?? Number.NaN, timeScale()), extent.x[0]);
    dot.style.transform = `translate(${plot.valToPos(place, 'x').toFixed(1)}px, ${top.toFixed(1)}px)`;
  };

  const update = throttle(100, () => {
    const run = session.run.getState();
    extent = extentOf(run.frames, quantity, shownLayerPair(run), timeScale());
    plot.setData([[...extent.x], [...extent.y]]);
    moveCursor();
  });

  const stop = [
    session.run.subscribe((run, before) => {
      if (run.revision !== before.revision || run.frames !== before.frames || run.summary !== before.summary)
        update.call();
    }),
    session.playback.subscribe(moveCursor),
    ui.subscribe((state, before) => {
      if (state.theme !== before.theme) colours = plotColours(container);
      if (
        state.theme !== before.theme ||
        state.timeScale !== before.timeScale ||
        state.highlight !== before.highlight
      )
        update.call();
    }),
    seekByPointer(plot, (x) => {
      const longest = longestFlow(session.run.getState().frames);
      if (longest) session.seek(cursorAt(longest, timeScale() === 'log' ? 10 ** x : x));
    }),
  ];
  const resized = new ResizeObserver(() => {
    plot.setSize(size());
    moveCursor();
  });
  resized.observe(container);
  update.call();

  return () => {
    for (const unsubscribe of stop) unsubscribe();
    update.cancel();
    resized.disconnect();
    plot.destroy();
  };
}

function linearSplits(low: number, high: number, increment: number): number[] {
  const splits: number[] = [];
  for (let at = Math.ceil(low / increment) * increment; at <= high + increment * 1e-9; at += increment)
    splits.push(at);
  return splits;
}
