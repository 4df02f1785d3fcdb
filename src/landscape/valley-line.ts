import type { ChartFlow } from './chart-input.ts';
import { frameOf } from './chart-parts.ts';
import { addMultiple, difference, dot, norm, unit } from './vector.ts';

/** The line of the Q-valley chart from a flow's limit theta* towards its start theta0: theta* + y e with |e| = 1. */
export interface ValleyLine {
  /** theta*, the latest frame while the flow runs. */
  readonly end: Float64Array;
  /** e; zero when the flow has not moved. */
  readonly direction: Float64Array;
  /** |theta0 - theta*|. */
  readonly length: number;
}

/** Where the frames of a flow lie: y along its line and the distance from that line, one entry per frame. */
export interface ValleyCoordinates {
  readonly distance: Float64Array;
  readonly offChart: Float64Array;
}

/** The line of a flow; null when its start or end is not known. */
export function valleyLine({ start, end }: ChartFlow): ValleyLine | null {
  if (start === null || end === null) return null;
  const step = new Float64Array(start.length);
  difference(step, start, end);
  return { end, direction: unit(step), length: norm(step) };
}

/**
 * The Q-valley coordinates of every frame of a flow, computed from its parameters, else as they were recorded. With
 * neither, the start and the end alone (NaN between); null when nothing is known. Trajectory documents keep them.
 */
export function valleyCoordinates(flow: ChartFlow): ValleyCoordinates | null {
  const { count, parameters, valley } = flow;
  const line = valleyLine(flow);
  if (line && parameters) {
    const distance = new Float64Array(count);
    const offChart = new Float64Array(count);
    const rest = new Float64Array(line.end.length);
    for (let i = 0; i < count; i++) {
      difference(rest, frameOf(parameters, rest.length, i), line.end);
      distance[i] = dot(rest, line.direction);
      addMultiple(rest, -distance[i]!, line.direction);
      offChart[i] = norm(rest);
    }
    return { distance, offChart };
  }
  if (valley) {
    return { distance: valley.distance.slice(0, count), offChart: valley.offChart.slice(0, count) };
  }
  if (!line) return null;
  const ends = (first: number) => {
    const values = new Float64Array(count).fill(Number.NaN);
    values[count - 1] = 0;
    values[0] = first;
    return values;
  };
  return { distance: ends(line.length), offChart: ends(0) };
}
