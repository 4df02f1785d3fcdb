import type uPlot from 'uplot';
import type { FlowFrames } from '../../store/frame-buffer.ts';
import { conservedColour } from '../../view/colour.ts';
import { shownLayerPair } from '../readings.ts';
import { flowColourRange, steeredFlow } from '../run-colours.ts';
import type { Shared } from '../session-context.ts';
import { plotTime, plotValue, stride } from './extent.ts';
import type { Quantity } from './quantities.ts';
import { thinning } from './thinning.ts';

/** Distance in device pixels below which a point adds nothing that could be seen. */
const RESOLUTION = 0.75;

/** The lines of one chart. */
export interface FlowLines {
  /** Draws every flow on the plot's canvas, the steered and the highlighted one last. */
  readonly draw: (plot: uPlot) => void;
}

/**
 * The lines are drawn on a canvas that asks to stay in main memory, and copied as one image: hundreds of long
 * antialiased strokes stall an accelerated canvas where the GPU is emulated, for seconds, and gain nothing elsewhere.
 */
export function createFlowLines(quantity: Quantity, { session, ui }: Shared): FlowLines {
  const canvas = document.createElement('canvas');
  const ctx = canvas.getContext('2d', { willReadFrequently: true });

  const drawFlow = (
    ctx: CanvasRenderingContext2D,
    plot: uPlot,
    flow: FlowFrames,
    layerPair: number,
    colour: string,
    width: number,
    opacity: number,
  ) => {
    const { timeScale } = ui.getState();
    const every = stride(flow.count);
    ctx.strokeStyle = colour;
    ctx.globalAlpha = opacity;
    ctx.lineWidth = width * devicePixelRatio;
    ctx.beginPath();
    const line = thinning(ctx, RESOLUTION);
    const point = (frame: number) => {
      const x = plotTime(flow.time[frame]!, timeScale);
      const y = plotValue(quantity.read(flow, frame, layerPair), quantity.floor);
      if (Number.isNaN(y)) line.end();
      else if (Number.isFinite(x)) line.add(plot.valToPos(x, 'x', true), plot.valToPos(y, 'y', true));
    };
    for (let frame = 0; frame < flow.count; frame += every) point(frame);
    if (every > 1) point(flow.count - 1);
    line.end();
    ctx.stroke();
  };

  return {
    draw(plot) {
      const run = session.run.getState();
      const { summary, frames } = run;
      if (!summary || !ctx) return;
      const { theme, highlight } = ui.getState();
      const { width, height } = plot.ctx.canvas;
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      else ctx.clearRect(0, 0, width, height);
      const range = flowColourRange(summary);
      const pair = shownLayerPair(run);
      const front = [steeredFlow(summary), highlight].filter((flow) => flow !== null);
      const { bbox } = plot;
      ctx.save();
      ctx.beginPath();
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
      ctx.clip();
      ctx.lineJoin = 'round';
      const draw = (index: number, lineWidth: number, opacity: number) => {
        const flow = frames.flows[index];
        const q = summary.flows[index]?.q ?? null;
        if (flow) drawFlow(ctx, plot, flow, pair, conservedColour(q, range, theme), lineWidth, opacity);
      };
      summary.flows.forEach((_, index) => {
        if (!front.includes(index)) draw(index, 1, 0.75);
      });
      for (const index of front) draw(index, 2.5, 1);
      ctx.restore();
      if (width > 0 && height > 0) plot.ctx.drawImage(canvas, 0, 0);
    },
  };
}
