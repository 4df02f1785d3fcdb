import { type ReactNode, useEffect, useRef } from 'react';
import { useShared } from '../session-context.ts';
import { createFlowPlot } from './flow-plot.ts';
import { type QuantityName, quantities } from './quantities.ts';

interface FlowChartProps {
  readonly quantity: QuantityName;
  /** A sentence between title and plot: what breaks or is missing. */
  readonly note?: ReactNode;
}

/** One chart of the right column. Click or drag to move the cursor. */
export function FlowChart({ quantity, note }: FlowChartProps) {
  const shared = useShared();
  const container = useRef<HTMLDivElement>(null);
  const { title } = quantities[quantity];
  useEffect(() => createFlowPlot(container.current!, quantities[quantity], shared), [quantity, shared]);
  return (
    <section className="chart">
      <h2 className="panel-heading">{title}</h2>
      {note}
      <div
        className="chart-plot"
        ref={container}
        role="img"
        aria-label={`${title} of every flow over time, logarithmic. The table of flows gives the numbers.`}
      />
    </section>
  );
}
