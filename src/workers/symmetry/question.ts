import type { GroupName } from '../../symmetry/group-action.ts';
import type { SymmetrySummary } from '../../symmetry/summary.ts';

/** What the page may ask about the symmetries of the present run. Frames are those of the steered flow. */
export type SymmetryQuestion =
  /** Which groups act on the parameters at a frame, and what the theory says. */
  | { readonly kind: 'description'; readonly frame: number }
  /** The matrix of conserved quantities of a layer pair at a frame. */
  | { readonly kind: 'matrix'; readonly frame: number; readonly layerPair: number }
  /** What can be measured: Hessian at the end of the steered flow, generators from gradients, conservation laws. */
  | { readonly kind: 'measurement' }
  /** The orbit through the steered flow at a frame. */
  | { readonly kind: 'orbit'; readonly frame: number; readonly exploration: OrbitExploration }
  /** Two flows' ends (indices of flows), the second brought to the canonical form of the first. */
  | { readonly kind: 'alignment'; readonly first: number; readonly second: number };

export type SymmetryKind = SymmetryQuestion['kind'];

export type SymmetryAnswer = Description | MatrixReading | Measurement | OrbitReading | AlignmentReading;

/** The answer to a question of one kind. */
export type AnswerTo<K extends SymmetryKind> = Extract<SymmetryAnswer, { kind: K }>;

/** How far a long answer is. */
export interface SymmetryProgress {
  /** What is being done, a few words. */
  readonly doing: string;
  /** 0 to 1. */
  readonly fraction: number;
  /** What is known so far; null where nothing is. */
  readonly sofar: SymmetryAnswer | null;
}

export interface Description {
  readonly kind: 'description';
  readonly summary: SymmetrySummary;
  readonly predictions: Predictions;
}

/** What the theory predicts of each measured number; null where it says nothing. */
export interface Predictions {
  readonly hessian: number | null;
  readonly generators: number | null;
  readonly laws: number | null;
  /** At least so many: few samples can make more. */
  readonly presentLaws: number | null;
}

/** The matrix of a layer pair. */
export interface MatrixReading {
  readonly kind: 'matrix';
  readonly layerPair: number;
  /** Hidden units between the two layers. */
  readonly units: number;
  readonly content: ConservedMatrixReading | ConstraintReading | NoMatrix;
}

/** Q of a linear layer pair at a frame. */
export interface ConservedMatrixReading {
  readonly kind: 'conserved';
  /** [cells][cells], row-major; each the mean of Q over `unitsPerCell` x `unitsPerCell` entries. */
  readonly entries: Float64Array;
  readonly cells: number;
  readonly unitsPerCell: number;
  /** Eigenvalues, largest first. */
  readonly spectrum: Float64Array;
  readonly trace: number;
  /** Frobenius norm. */
  readonly norm: number;
  /** |Q - Q(start)| in the Frobenius norm. */
  readonly drift: number;
  /** Independent conserved quantities of the whole network, of `parameters`; null where unknown. */
  readonly independent: number | null;
  readonly parameters: number;
}

/** What rotations leave instead of a conserved quantity: a matrix that is zero at every moment. */
export interface ConstraintReading {
  readonly kind: 'constraint';
  /** Largest entry of the antisymmetric part at the frame, over |theta| |theta'|. */
  readonly present: number;
  /** The largest over the frames that were looked at. */
  readonly largest: number;
  /** How many frames. */
  readonly frames: number;
  /** Number of constraints: h (h - 1)/2. */
  readonly constraints: number;
}

/** There is no matrix, and why: one sentence. */
export interface NoMatrix {
  readonly kind: 'none';
  readonly reason: string;
}

/** A measured value; a string says in one sentence why there is none, null that it is not there yet. */
export type Measured<T> = T | string | null;

/** What was measured, without using the theory, beside what it predicts. */
export interface Measurement {
  readonly kind: 'measurement';
  /** The point at which the Hessian was taken: the end of the steered flow. */
  readonly point: { readonly loss: number; readonly gradientNorm: number };
  /** Of the theory at that point. */
  readonly predictions: Predictions;
  readonly hessian: Measured<FlatDirections>;
  readonly generators: Measured<Generators>;
  readonly laws: Measured<Laws>;
  readonly presentLaws: Measured<Laws>;
}

/** Near-zero eigenvalues of the Hessian. */
export interface FlatDirections {
  readonly count: number;
  /** Absolute value below which an eigenvalue counts as zero. */
  readonly tolerance: number;
  /** The smallest |eigenvalue| that counts over the largest that does not; Infinity where none is left. */
  readonly gap: number;
}

/** Linear generators found from gradients alone. */
export interface Generators {
  readonly count: number;
  readonly symmetric: number;
  readonly antisymmetric: number;
  readonly gap: number;
}

/** Independent conservation laws. */
export interface Laws {
  readonly count: number;
  /** Dimensions of the spans as brackets are added; the last is that of the Lie algebra. */
  readonly ranks: readonly number[];
  readonly gap: number;
  /** One sentence, or null. */
  readonly doubt: string | null;
}

/** Which way the orbit is followed. */
export type OrbitDirection =
  /** The direction of the algebra that changes Q fastest. */
  | 'fastest-q'
  /** The same scaling of all hidden units. */
  | 'uniform'
  /** One hidden unit; for rotations, it and the next one. */
  | 'unit'
  | 'random'
  /** That of the last jump of the steered flow. */
  | 'jump';

/** What the orbit explorer follows. */
export interface OrbitExploration {
  readonly group: GroupName;
  readonly layerPair: number;
  readonly direction: OrbitDirection;
  /** Counted from 0; with 'unit'. */
  readonly unit: number;
  /** With 'random'. */
  readonly seed: number;
}

/** Quantities along theta(s) = exp(s X) . theta; NaN where they do not exist or were not computed. */
export interface OrbitReading {
  readonly kind: 'orbit';
  readonly exploration: OrbitExploration;
  readonly frame: number;
  /** Rising, 0 in the middle; X has length 1 in the Lie algebra. */
  readonly s: Float64Array;
  readonly loss: Float64Array;
  readonly gradientNorm: Float64Array;
  readonly sharpness: Float64Array;
  /** Total Q of the layer pair. */
  readonly q: Float64Array;
  /** Whether the action keeps the loss here, and why: one sentence. */
  readonly exact: boolean;
  readonly message: string;
}

/** Losses along the straight line between two ends, at even steps, both ends included. */
export interface SegmentReading {
  readonly loss: Float64Array;
  /** How far the losses rise above the straight line between those of the ends. */
  readonly barrier: number;
  /** Euclidean distance of the ends. */
  readonly distance: number;
}

/** The ends of two flows before and after alignment. */
export interface AlignmentReading {
  readonly kind: 'alignment';
  readonly first: number;
  readonly second: number;
  readonly before: SegmentReading;
  readonly after: SegmentReading;
  /** The groups that were used. */
  readonly groups: readonly GroupName[];
  /** Hidden units in all, those that changed places, and those that changed sign. */
  readonly units: number;
  readonly moved: number;
  readonly flipped: number;
}
