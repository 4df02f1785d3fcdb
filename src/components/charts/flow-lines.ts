import type uPlot from 'uplot';
import type { TeleportationRecord } from '../../experiment/trajectory.ts';
import type { FlowFrames } from '../../store/frame-buffer.ts';
import type { RunState } from '../../store/run.ts';
import { conservedColour } from '../../view/colour.ts';
import { flowJumps, frameOfJump } from '../jumps/run-jumps.ts';
import { shownLayerPair } from '../readings.ts';
import { flowColourRange, steeredFlow, twinFlow } from '../run-colours.ts';
import type { Shared } from '../session-context.ts';
import { plotTime, plotValue, stride } from './extent.ts';
import type { Quantity } from './quantities.ts';
import { thinning } from './thinning.ts';

/** Distance in device pixels below which a point adds nothing that could be seen. */
const RESOLUTION = 0.75;

/** Dashes of the twin, in CSS pixels. */
export const TWIN_DASHES = [5, 3];

/** How one line is drawn. */
interface LineStyle {
  readonly width: number;
  readonly opacity: number;
  readonly dashes?: readonly number[];
}

/** The lines of one chart. */
export interface FlowLines {
  /** Draws every flow on the plot's canvas, the twin, the steered and the highlighted one last, and marks the jumps. */
  readonly draw: (plot: uPlot, markColour: string) => void;
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
    jumps: readonly TeleportationRecord[],
    layerPair: number,
    colour: string,
    { width, opacity, dashes = [] }: LineStyle,
  ) => {
    const { timeScale } = ui.getState();
    const every = stride(flow.count);
    ctx.strokeStyle = colour;
    ctx.globalAlpha = opacity;
    ctx.lineWidth = width * devicePixelRatio;
    ctx.setLineDash(dashes.map((length) => length * devicePixelRatio));
    ctx.beginPath();
    const line = thinning(ctx, RESOLUTION);
    const add = (time: number, value: number) => {
      const x = plotTime(time, timeScale);
      const y = plotValue(value, quantity.floor);
      if (Number.isNaN(y)) line.end();
      else if (Number.isFinite(x)) line.add(plot.valToPos(x, 'x', true), plot.valToPos(y, 'y', true));
    };
    let jumped = 0;
    const point = (frame: number) => {
      for (; jumped < jumps.length && frameOfJump(flow, jumps[jumped]!.time) <= frame; jumped++) {
        const { time, before, after } = jumps[jumped]!;
        add(time, quantity.atJump(before));
        add(time, quantity.atJump(after));
      }
      add(flow.time[frame]!, quantity.read(flow, frame, layerPair));
    };
    for (let frame = 0; frame < flow.count; frame += every) point(frame);
    if (every > 1) point(flow.count - 1);
    line.end();
    ctx.stroke();
  };

  /** A thin vertical line at every jump of a flow. */
  const markJumps = (
    ctx: CanvasRenderingContext2D,
    plot: uPlot,
    run: RunState,
    flow: number,
    colour: string,
  ) => {
    const { timeScale } = ui.getState();
    ctx.strokeStyle = colour;
    ctx.globalAlpha = 1;
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([devicePixelRatio, 2 * devicePixelRatio]);
    ctx.beginPath();
    for (const { time } of flowJumps(run, flow)) {
      const at = plotTime(time, timeScale);
      const x = Math.round(plot.valToPos(Math.max(at, plot.scales.x!.min ?? at), 'x', true)) + 0.5;
      if (!Number.isFinite(x)) continue;
      ctx.moveTo(x, plot.bbox.top);
      ctx.lineTo(x, plot.bbox.top + plot.bbox.height);
    }
    ctx.stroke();
  };

  return {
    draw(plot, markColour) {
      const run = session.run.getState();
      const { summary, frames } = run;
      if (!summary || !ctx) return;
      const { theme, highlight } = ui.getState();
      const { width, height } = plot.ctx.canvas;
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      else ctx.clearRect(0, 0, width, height);
      const range = flowColourRange(run);
      const pair = shownLayerPair(run);
      const twin = twinFlow(summary);
      const front = [steeredFlow(summary), highlight].filter((flow) => flow !== null);
      const { bbox } = plot;
      ctx.save();
      ctx.beginPath();
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
      ctx.clip();
      ctx.lineJoin = 'round';
      const draw = (index: number, style: LineStyle) => {
        const flow = frames.flows[index];
        const q = summary.flows[index]?.q ?? null;
        if (flow)
          drawFlow(ctx, plot, flow, flowJumps(run, index), pair, conservedColour(q, range, theme), style);
      };
      summary.flows.forEach((_, index) => {
        if (!front.includes(index) && index !== twin) draw(index, { width: 1, opacity: 0.75 });
      });
      markJumps(ctx, plot, run, highlight ?? steeredFlow(summary) ?? 0, markColour);
      for (const index of front) {
        if (index !== twin) draw(index, { width: 2.5, opacity: 1 });
      }
      if (twin !== null)
        draw(twin, { width: twin === highlight ? 2.5 : 1.75, opacity: 1, dashes: TWIN_DASHES });
      ctx.restore();
      if (width > 0 && height > 0) plot.ctx.drawImage(canvas, 0, 0);
    },
  };
}
