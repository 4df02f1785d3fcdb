/** The charts of parameter space, by the name used in the interface (design.md section 5). */
export type ChartKind = 'q-valley' | 'exact' | 'orbit' | 'plane';

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

/** A point of the chart; NaN where it is not known. */
export interface ChartPlace {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** A teleportation on the chart: where the flow was before and after it, at true losses. */
export interface ChartJump {
  /** The first frame that was recorded at or after it. */
  readonly frame: number;
  readonly from: ChartPlace;
  readonly to: ChartPlace;
  /** Q after it; NaN where there is none. */
  readonly q: number;
}

/**
 * A flow on the chart: one entry per recorded frame. `height` is the flow's true loss, `offChart` its distance from the chart.
 * At a jump the path is broken: it ends at `from` and goes on at `to`, and is not to be drawn from frame - 1 to frame.
 */
export interface ChartPath extends ChartCurve {
  readonly flow: number;
  readonly offChart: Float32Array;
  /** In the order of their frames. */
  readonly jumps: readonly ChartJump[];
}

/** A level set drawn on the chart: of the conserved quantity, or of the loss (an orbit of the symmetry of a test function). */
export interface ChartLevel extends ChartCurve {
  readonly quantity: 'conserved' | 'loss';
  readonly value: number;
}

/** The orbit of one state under exp(s M): the curve along which the orbit explorer moves. */
export interface ChartOrbit extends ChartCurve {
  /** The group parameter of every point, ascending. */
  readonly s: Float32Array;
  readonly offChart: Float32Array;
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
  /** The curve of the orbit explorer; null while it is not used. */
  readonly orbit: ChartOrbit | null;
  /** Sentences under the view: explained variance, greatest distance off the chart, what is missing. */
  readonly notes: readonly string[];
}
