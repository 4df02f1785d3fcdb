import { createStore } from 'zustand/vanilla';
import type { Asked, Client, ClientEvent } from '../workers/client.ts';
import type { SymmetryAnswer, SymmetryKind, SymmetryQuestion } from '../workers/symmetry/question.ts';
import type { SymmetryActions, SymmetrySlot, SymmetryState } from './symmetry-types.ts';

const empty = { status: 'empty', answer: null, message: '', doing: '', fraction: 0 } as const;

const emptyState: SymmetryState = {
  description: empty,
  matrix: empty,
  measurement: empty,
  orbit: empty,
  alignment: empty,
  exploration: null,
  position: 0,
};

/** Asked for by hand, about a run as it is now: they do not outlive it. */
const ofOneRun = ['measurement', 'alignment'] as const satisfies readonly SymmetryKind[];

export interface SymmetryDesk extends SymmetryActions {
  receive(event: ClientEvent): void;
}

/**
 * The page's side of the questions about symmetries. Of each kind one is asked and one waits, the latest; what lies between is
 * never asked, so that a moving cursor gets answers as fast as they come.
 */
export function createSymmetry(client: Client): SymmetryDesk {
  const store = createStore<SymmetryState>()(() => emptyState);
  const asked = new Map<SymmetryKind, Asked>();
  const waiting = new Map<SymmetryKind, SymmetryQuestion>();

  const write = (kind: SymmetryKind, patch: Partial<SymmetrySlot<SymmetryKind>>) =>
    store.setState((state) => ({ [kind]: { ...state[kind], ...patch } }) as Partial<SymmetryState>);

  const show = (answer: SymmetryAnswer) => write(answer.kind, { answer });

  function ask(question: SymmetryQuestion): void {
    const { kind } = question;
    if (asked.has(kind)) {
      waiting.set(kind, question);
      return;
    }
    const mine = client.ask(question, ({ doing, fraction, sofar }) => {
      if (asked.get(kind) !== mine) return;
      write(kind, { doing, fraction });
      if (sofar) show(sofar);
    });
    asked.set(kind, mine);
    write(kind, { status: 'busy', doing: '', fraction: 0 });
    mine.answer.then(
      (answer) => {
        if (!settled(kind, mine)) return;
        if (answer) show(answer);
        write(kind, { status: answer ? 'ready' : 'cancelled', message: '', fraction: 0 });
        next(kind);
      },
      (error: Error) => {
        if (!settled(kind, mine)) return;
        write(kind, { status: 'failed', message: error.message, answer: null, fraction: 0 });
        next(kind);
      },
    );
  }

  /** Takes a question off the list; false where it is not the one that was waited for any more. */
  function settled(kind: SymmetryKind, mine: Asked): boolean {
    if (asked.get(kind) !== mine) return false;
    asked.delete(kind);
    return true;
  }

  function next(kind: SymmetryKind): void {
    const question = waiting.get(kind);
    waiting.delete(kind);
    if (question) ask(question);
  }

  function giveUp(kind: SymmetryKind): void {
    waiting.delete(kind);
    asked.get(kind)?.cancel();
    asked.delete(kind);
  }

  return {
    symmetry: store,
    describeSymmetry: (frame) => ask({ kind: 'description', frame }),
    readMatrix: (layerPair, frame) => ask({ kind: 'matrix', layerPair, frame }),
    measureSymmetry() {
      write('measurement', empty);
      ask({ kind: 'measurement' });
    },
    cancelMeasure() {
      giveUp('measurement');
      write('measurement', { status: 'cancelled', doing: '', fraction: 0 });
    },
    chooseOrbit: (exploration) => store.setState({ exploration, position: 0 }),
    exploreOrbit: (exploration, frame) => ask({ kind: 'orbit', frame, exploration }),
    setOrbitPosition: (position) => store.setState({ position }),
    closeOrbit() {
      giveUp('orbit');
      client.closeOrbit();
      store.setState({ orbit: empty });
    },
    alignFlows(first, second) {
      write('alignment', empty);
      ask({ kind: 'alignment', first, second });
    },
    receive(event) {
      if (event.type !== 'started') return;
      for (const kind of ofOneRun) {
        giveUp(kind);
        write(kind, empty);
      }
    },
  };
}
