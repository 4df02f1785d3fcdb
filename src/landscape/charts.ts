import type { ChartKind } from './chart.ts';
import type { ChartContext, ChartDefinition } from './chart-input.ts';
import { exact } from './exact.ts';
import { orbit } from './orbit/orbit.ts';
import { plane } from './plane.ts';
import { qValley } from './q-valley.ts';

/** Every chart of parameter space, in the order of the menu. A new chart is one entry. */
export const charts: Readonly<Record<ChartKind, ChartDefinition>> = {
  'q-valley': qValley,
  exact,
  orbit,
  plane,
};

/** The names in table order. */
export const chartKinds = Object.keys(charts) as ChartKind[];

/** The charts that fit a run, in the order of the menu. */
export const fittingCharts = (context: ChartContext): ChartKind[] =>
  chartKinds.filter((kind) => charts[kind].applies(context) === null);
