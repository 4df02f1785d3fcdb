import type { StoreApi } from 'zustand/vanilla';
import type { AnswerTo, OrbitExploration, SymmetryKind } from '../workers/symmetry/question.ts';

/** What is known of one kind of question. The last answer stays in sight while a newer one is on its way. */
export interface SymmetrySlot<K extends SymmetryKind> {
  readonly status: 'empty' | 'busy' | 'ready' | 'failed' | 'cancelled';
  readonly answer: AnswerTo<K> | null;
  /** One sentence where it failed, else empty. */
  readonly message: string;
  /** While busy: what is being done, and how much of it is done (0 to 1). */
  readonly doing: string;
  readonly fraction: number;
}

/** What is known and measured of the symmetries of the present run. */
export type SymmetryState = { readonly [K in SymmetryKind]: SymmetrySlot<K> } & {
  /** What the user wants the orbit explorer to follow; null: whatever it begins with. */
  readonly exploration: OrbitExploration | null;
  /** Position on the orbit: the group parameter s. */
  readonly position: number;
};

/** The part of the session that is about symmetries. Frames are those of the steered flow. */
export interface SymmetryActions {
  readonly symmetry: StoreApi<SymmetryState>;
  /** Asks for the groups and the theory at a frame. */
  describeSymmetry(frame: number): void;
  /** Asks for the matrix of a layer pair at a frame. */
  readMatrix(layerPair: number, frame: number): void;
  /** Measures what the theory predicts, at the end of the steered flow. */
  measureSymmetry(): void;
  cancelMeasure(): void;
  /** Chooses what the orbit explorer follows, from s = 0. */
  chooseOrbit(exploration: OrbitExploration): void;
  /** Computes the orbit through the steered flow at a frame and puts it on the chart. */
  exploreOrbit(exploration: OrbitExploration, frame: number): void;
  /** Moves the point on the orbit. */
  setOrbitPosition(position: number): void;
  /** The orbit explorer is out of sight: its curve leaves the charts. */
  closeOrbit(): void;
  /** Aligns the end of flow `second` with that of flow `first`. */
  alignFlows(first: number, second: number): void;
}
