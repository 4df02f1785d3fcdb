import type { OrbitCurve } from '../../landscape/chart-input.ts';
import type { LossFunction } from '../../model/loss-function.ts';
import { createLoss } from '../../model/network.ts';
import type { Problem } from '../../model/problem.ts';
import type { ClientMessage, WorkerMessage } from '../protocol.ts';
import { sentence } from '../sentence.ts';
import { answer } from './answers.ts';
import type { SymmetryKind } from './question.ts';
import type { SymmetrySubject } from './subject.ts';
import { createWork } from './work.ts';

export interface SymmetryDeskOptions {
  /** The present run; null before the first. */
  subject(): SymmetrySubject | null;
  /** Puts the curve of the orbit explorer on the charts. */
  drawOrbit(curve: OrbitCurve): void;
  post(message: WorkerMessage): void;
  /** Milliseconds. */
  now(): number;
  /** Resolves in a later task, after the messages that have arrived. */
  pause(): Promise<void>;
}

type Ask = Extract<ClientMessage, { type: 'symmetry-ask' }>;
export type SymmetryMessage = Extract<ClientMessage, { type: 'symmetry-ask' | 'symmetry-cancel' }>;

/** Answers questions about symmetries beside the run: its work and theirs take turns at every pause. */
export interface SymmetryDesk {
  receive(message: SymmetryMessage): void;
  /** Whether a question is open. */
  isBusy(): boolean;
  /** Resolves when none is. */
  idle(): Promise<void>;
}

class GivenUp extends Error {}

/** Milliseconds between two progress messages of a question. */
const PROGRESS_INTERVAL = 100;

/**
 * Builds the desk. Latest wins: a question of a kind takes the place of the one of that kind that is being worked on. Every
 * question gets one answer or one 'symmetry-failed', whose message is empty when it was given up (cancelled,
 * replaced, or its run is no longer the present one).
 */
export function createSymmetryDesk(options: SymmetryDeskOptions): SymmetryDesk {
  const { subject, drawOrbit, post, now, pause } = options;
  const current = new Map<SymmetryKind, number>();
  const open = new Set<Promise<void>>();
  const lossOf = rememberLast((problem: Problem): LossFunction => createLoss(problem));

  const isWanted = ({ run, request, question }: Ask) =>
    current.get(question.kind) === request && subject()?.id === run;

  async function work(ask: Ask): Promise<void> {
    const { request, question } = ask;
    let told = Number.NEGATIVE_INFINITY;
    const signal = {
      throwIfAborted() {
        if (!isWanted(ask)) throw new GivenUp();
      },
    };
    try {
      // A later question of the same kind may have arrived with this one.
      await pause();
      signal.throwIfAborted();
      const about = subject()!;
      const progress = (step: Extract<WorkerMessage, { type: 'symmetry-progress' }>['progress']) => {
        if (!step.sofar && now() - told < PROGRESS_INTERVAL) return;
        told = now();
        post({ type: 'symmetry-progress', request, progress: step });
      };
      const work = createWork({ pause, signal, progress, drawOrbit, loss: lossOf(about.problem) }, now);
      const found = await answer(about, question, work);
      signal.throwIfAborted();
      post({ type: 'symmetry-answer', request, answer: found });
    } catch (error) {
      const message = error instanceof GivenUp ? '' : sentence(error);
      post({ type: 'symmetry-failed', request, message });
    } finally {
      if (current.get(question.kind) === request) current.delete(question.kind);
    }
  }

  return {
    receive(message) {
      if (message.type === 'symmetry-cancel') {
        for (const [kind, request] of current) if (request === message.request) current.delete(kind);
        return;
      }
      current.set(message.question.kind, message.request);
      const working = work(message).finally(() => open.delete(working));
      open.add(working);
    },
    isBusy: () => open.size > 0,
    async idle() {
      while (open.size > 0) await Promise.all(open);
    },
  };
}

/** A function that keeps its last result for the same argument. */
function rememberLast<A extends object, B>(make: (of: A) => B): (of: A) => B {
  let last: { readonly of: A; readonly made: B } | null = null;
  return (of) => {
    if (last?.of !== of) last = { of, made: make(of) };
    return last.made;
  };
}
