import type { Chart } from '../landscape/chart.ts';

/** How one flow is drawn: colour by Q on the diverging map, the steered flow emphasised, its twin that does not jump dashed. */
export interface FlowStyle {
  readonly label: string;
  /** Q at its start; after a jump the colour is that of the Q it jumped to. */
  readonly q: number | null;
  readonly steered: boolean;
  readonly twin?: boolean;
}

/** What is under the pointer. */
export interface Hover {
  readonly flow: number;
  readonly frame: number;
  /** CSS pixels within the container. */
  readonly x: number;
  readonly y: number;
}

export interface ViewOptions {
  readonly theme: 'dark' | 'light';
  readonly heightScale: 'linear' | 'log';
  readonly colourMap: 'viridis' | 'cividis';
  readonly reducedMotion: boolean;
}

/** The 3-D view: imperative, no React. Draws on demand: nothing is rendered while nothing changes. */
export interface View {
  /** Shows a chart (null: the empty state). Geometry buffers are reused; the camera stays unless the kind of chart changes. */
  setChart(chart: Chart | null, flows: readonly FlowStyle[]): void;
  /** Moves the beads: a fractional frame index. */
  setCursor(frame: number): void;
  setOptions(options: Partial<ViewOptions>): void;
  /** Puts the point of the orbit explorer at s on the curve `Chart.orbit`; null: nowhere. */
  setOrbitPoint(s: number | null): void;
  /** Emphasises one flow, null: none. */
  setHighlight(flow: number | null): void;
  /** Eases the camera back to where the whole chart fills the frame. */
  fit(): void;
  /** Eases the camera to look straight down. */
  top(): void;
  dispose(): void;
}
