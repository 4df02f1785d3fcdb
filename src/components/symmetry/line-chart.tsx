import { useEffect, useRef } from 'react';
import { useInterface } from '../session-context.ts';
import { createLinePlot, type LinePlot, type PlotData } from './line-plot.ts';

interface LineChartProps {
  readonly data: PlotData;
  /** Where the cursor stands; null: none. */
  readonly at?: number | null;
  readonly onSeek?: (x: number) => void;
  /** What is drawn, with its numbers: the accessible name. */
  readonly label: string;
  readonly small?: boolean;
  /** Whether the axis may be logarithmic. */
  readonly decades?: boolean;
}

/** A few lines over one axis, in the style of the charts over time. The number of lines never changes. */
export function LineChart({
  data,
  at = null,
  onSeek,
  label,
  small = false,
  decades = false,
}: LineChartProps) {
  const container = useRef<HTMLDivElement>(null);
  const plot = useRef<LinePlot>(null);
  const theme = useInterface((state) => state.theme);
  const seek = useRef(onSeek);
  seek.current = onSeek;
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const made = createLinePlot(container.current!, {
      data: latest.current,
      decades,
      seek: seek.current ? (x) => seek.current?.(x) : null,
    });
    plot.current = made;
    return () => made.dispose();
  }, [decades]);
  useEffect(() => plot.current?.show(data), [data]);
  useEffect(() => plot.current?.cursor(at), [at]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is read from the page.
  useEffect(() => plot.current?.recolour(), [theme]);
  return (
    <div
      className={small ? 'chart-plot chart-plot-small' : 'chart-plot'}
      ref={container}
      role="img"
      aria-label={label}
    />
  );
}
