import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Experiment } from '../experiment/experiment.ts';
import type { ExperimentState } from './session-types.ts';

/** The experiment with its past and future. The experiments themselves are immutable. */
export interface ExperimentHistory {
  readonly store: StoreApi<ExperimentState>;
  /** Begins with `experiment`: nothing can be undone. */
  begin(experiment: Experiment): void;
  /** Makes `experiment` the present one. Consecutive edits with the same `gesture` make one undo step. */
  edit(experiment: Experiment, gesture?: string): void;
  /** Takes the latest edit back for good (it cannot be redone): an import that could not start. */
  revert(): void;
  /** The experiment before, now the present one; null where there is none. */
  undo(): Experiment | null;
  redo(): Experiment | null;
}

/** Builds the history. At most `limit` undo steps are kept. */
export function createExperimentHistory(initial: Experiment, limit = 100): ExperimentHistory {
  let past: Experiment[] = [];
  let future: Experiment[] = [];
  let lastGesture: string | undefined;
  const store = createStore<ExperimentState>()(() => ({
    experiment: initial,
    canUndo: false,
    canRedo: false,
  }));
  const present = () => store.getState().experiment;

  const show = (experiment: Experiment): Experiment => {
    store.setState({ experiment, canUndo: past.length > 0, canRedo: future.length > 0 });
    return experiment;
  };

  return {
    store,
    begin(experiment) {
      past = [];
      future = [];
      lastGesture = undefined;
      show(experiment);
    },
    edit(experiment, gesture) {
      if (gesture === undefined || gesture !== lastGesture) past = [...past, present()].slice(-limit);
      lastGesture = gesture;
      future = [];
      show(experiment);
    },
    revert() {
      lastGesture = undefined;
      const before = past.pop();
      if (before) show(before);
    },
    undo() {
      lastGesture = undefined;
      const before = past.pop();
      if (!before) return null;
      future.push(present());
      return show(before);
    },
    redo() {
      lastGesture = undefined;
      const after = future.pop();
      if (!after) return null;
      past.push(present());
      return show(after);
    },
  };
}
