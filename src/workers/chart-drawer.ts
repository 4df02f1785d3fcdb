import type { Chart, ChartKind } from '../landscape/chart.ts';
import type { ChartInput, OrbitCurve } from '../landscape/chart-input.ts';
import { charts } from '../landscape/charts.ts';
import type { Problem } from '../model/problem.ts';
import { chartFlow, type FlowHistory, valleyFlow } from './history.ts';

/** Milliseconds between two previews. */
const PREVIEW_INTERVAL = 200;
/** Previews may take one part in this many of the time. */
const PREVIEW_SHARE = 5;
/** Milliseconds that a chart may take before a newer message cuts it short. */
const PATIENCE = 50;

/** The run as it is drawn. Counters grow with the frames of the steered flow and of the others. */
export interface Drawable {
  readonly problem: Problem;
  readonly layerPair: number | null;
  readonly flows: readonly FlowHistory[];
  readonly steeredRevision: number;
  readonly othersRevision: number;
  /** The curve of the orbit explorer; null while it is closed. */
  readonly orbitCurve: OrbitCurve | null;
}

export interface DrawOptions {
  readonly loss: ChartInput['loss'];
  readonly pause: () => Promise<void>;
  /** true: something newer is waiting. */
  readonly stale: () => boolean;
}

interface Drawn {
  readonly chart: Chart;
  readonly detail: ChartInput['detail'];
  readonly steeredRevision: number;
  readonly othersRevision: number;
  readonly orbitCurve: OrbitCurve | null;
}

/** Draws the charts of one run and remembers the latest of each kind. */
export interface ChartDrawer {
  /** The chart as the run stands, or null when something newer cut it short. A surface that still holds is not computed again. */
  draw(kind: ChartKind, detail: ChartInput['detail'], options: DrawOptions): Promise<Chart | null>;
  /** Whether `kind` was drawn in this detail or a finer one since the last frame or orbit came. */
  isCurrent(kind: ChartKind, detail: ChartInput['detail']): boolean;
  /** Whether the next preview may be drawn. */
  isDue(): boolean;
}

class CutShort extends Error {}

/** Flows are placed on the Q-valley once, but for a steered flow that jumped: its place depends on its twin as well. */
const seenByValley: typeof chartFlow = (flow, layerPair) =>
  (flow.role === 'steered' && flow.jumps.length > 0 ? chartFlow : valleyFlow)(flow, layerPair);

/** `now`: milliseconds. */
export function createChartDrawer(run: Drawable, now: () => number): ChartDrawer {
  const latest = new Map<ChartKind, Drawn>();
  let due = Number.NEGATIVE_INFINITY;

  const covers = (drawn: Drawn, detail: ChartInput['detail']) =>
    drawn.othersRevision === run.othersRevision && (detail === 'preview' || drawn.detail === 'final');

  return {
    async draw(kind, detail, { loss, pause, stale }) {
      const began = now();
      const { steeredRevision, othersRevision, orbitCurve } = run;
      const before = latest.get(kind);
      const reused = before && covers(before, detail) ? before : null;
      try {
        const chart = await charts[kind].build({
          problem: run.problem,
          layerPair: run.layerPair,
          flows: run.flows.map((flow) =>
            (kind === 'q-valley' ? seenByValley : chartFlow)(flow, run.layerPair),
          ),
          loss,
          detail,
          pause,
          signal: {
            throwIfAborted() {
              if (stale() && now() - began > PATIENCE) throw new CutShort();
            },
          },
          ...(orbitCurve && { orbitCurve }),
          ...(reused && { reuse: reused.chart }),
        });
        const drawnDetail = reused ? reused.detail : detail;
        latest.set(kind, { chart, detail: drawnDetail, steeredRevision, othersRevision, orbitCurve });
        return chart;
      } catch (error) {
        if (error instanceof CutShort) return null;
        throw error;
      } finally {
        const cost = now() - began;
        due = now() + Math.max(PREVIEW_INTERVAL, (PREVIEW_SHARE - 1) * cost);
      }
    },
    isCurrent(kind, detail) {
      const drawn = latest.get(kind);
      return (
        drawn !== undefined &&
        covers(drawn, detail) &&
        drawn.steeredRevision === run.steeredRevision &&
        drawn.orbitCurve === run.orbitCurve
      );
    },
    isDue: () => now() >= due,
  };
}
