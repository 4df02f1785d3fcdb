import { createContext, useContext } from 'react';
import { type StoreApi, useStore } from 'zustand';
import { type Experiment, isMlpExperiment, type MlpExperiment } from '../experiment/experiment.ts';
import type { RunState } from '../store/run.ts';
import type { ExperimentState, NoticeState, PreferencesState, Session } from '../store/session-types.ts';
import type { InterfaceState } from './interface-store.ts';

/** What every component may reach: the session, and the state of the interface itself. */
export interface Shared {
  readonly session: Session;
  readonly ui: StoreApi<InterfaceState>;
}

export const SharedContext = createContext<Shared | null>(null);

/** The session and the interface store. Throws outside `SharedContext`. */
export function useShared(): Shared {
  const shared = useContext(SharedContext);
  if (!shared) throw new Error('This component must be rendered inside <App>.');
  return shared;
}

export const useSession = (): Session => useShared().session;

export const useInterface = <T>(select: (state: InterfaceState) => T): T => useStore(useShared().ui, select);

export const useExperimentState = <T>(select: (state: ExperimentState) => T): T =>
  useStore(useSession().experiment, select);

export const useExperiment = <T>(select: (experiment: Experiment) => T): T =>
  useExperimentState((state) => select(state.experiment));

/** What an experiment with a network has and one with a test function lacks; null for the latter. */
export const useNetwork = <T>(select: (experiment: MlpExperiment) => T): T | null =>
  useExperiment((experiment) => (isMlpExperiment(experiment) ? select(experiment) : null));

/** Slow facts about the run; frames are read with `useSampled`. */
export const useRun = <T>(select: (state: RunState) => T): T => useStore(useSession().run, select);

export const usePreferences = <T>(select: (state: PreferencesState) => T): T =>
  useStore(useSession().preferences, select);

export const useNotice = <T>(select: (state: NoticeState) => T): T => useStore(useSession().notice, select);
