/** The charts of parameter space, by the name used in the interface (design.md section 5). */
export type ChartKind = 'q-valley' | 'exact' | 'plane';

/** One axis of a chart. */
export interface ChartAxis {
  readonly label: string;
  readonly range: readonly [number, number];
}

/** A grid of true losses of true parameters: `height` is [rows][columns]. `x` has one entry per column; `y` is [rows][columns]. */
export interface ChartSurface {
  readonly columns: number;
  readonly rows: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly height: Float32Array;
}

/** A curve on the chart; NaN breaks it. */
export interface ChartCurve {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly height: Float32Array;
}

/** The curve of minima, with the top Hessian eigenvalue at each point; NaN where it is not computed (yet). */
export interface ChartFloor extends ChartCurve {
  readonly sharpness: Float32Array;
}

/** A flow on the chart: one entry per recorded frame. `height` is the flow's true loss, `offChart` its distance from the chart. */
export interface ChartPath extends ChartCurve {
  readonly flow: number;
  readonly offChart: Float32Array;
}

/** A level set of the conserved quantity drawn on the chart. */
export interface ChartLevel extends ChartCurve {
  readonly value: number;
}

/** Everything a view needs to draw a chart. Plain transferable data. */
export interface Chart {
  readonly kind: ChartKind;
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  /** Range of the loss over the paths; the view clips the surface a little above it. */
  readonly height: ChartAxis;
  readonly surface: ChartSurface | null;
  readonly floor: ChartFloor | null;
  readonly levels: readonly ChartLevel[];
  readonly paths: readonly ChartPath[];
  /** Sentences under the view: explained variance, greatest distance off the chart, what is missing. */
  readonly notes: readonly string[];
}
