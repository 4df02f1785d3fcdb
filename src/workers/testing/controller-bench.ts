import type { Engine, EngineChoice } from '../../engine/engine.ts';
import { defaultExperiment } from '../../experiment/defaults.ts';
import type { Experiment, MlpExperiment } from '../../experiment/experiment.ts';
import type { Trajectory } from '../../experiment/trajectory.ts';
import type { ClientMessage, WorkerMessage } from '../protocol.ts';
import { createRunController } from '../run-controller.ts';

/** The scalar net u v with one steered flow and a sweep of three: small enough to reason about. */
export const scalarExperiment: MlpExperiment = {
  ...defaultExperiment,
  title: 'scalar',
  architecture: { kind: 'mlp', widths: [1, 1, 1], activation: 'linear', bias: false },
  data: { kind: 'explicit', inputs: [[1]], targets: [[1]] },
  initialisation: { kind: 'explicit', parameters: [{ weight: [[1]] }, { weight: [[0.5]] }] },
  conservedQuantity: { kind: 'total', layerPair: 0, value: 0.5, sweep: { from: -1, to: 1, count: 3 } },
  flow: { integrator: 'dormand-prince', tolerance: 1e-8, time: 1 },
  record: { count: 5, spacing: 'linear', parameters: 'final' },
};

/** The same set-up with another Q of the steered flow. */
export const steeredTo = (value: number): Experiment => ({
  ...scalarExperiment,
  conservedQuantity: { ...scalarExperiment.conservedQuantity!, kind: 'total', value },
});

export interface BenchOptions {
  readonly choose?: () => Promise<EngineChoice>;
  readonly fallback?: Engine;
}

/** A controller on a manual clock, with everything it posts and a way to speak to it in the middle of its work. */
export function createBench(engine: Engine, options: BenchOptions = {}) {
  const posts: WorkerMessage[] = [];
  const reactions: { readonly when: () => boolean; readonly then: () => void }[] = [];
  const clock = { time: 0 };
  const controller = createRunController({
    choose: options.choose ?? (async () => ({ engine, reason: 'the only one', seconds: null })),
    fallback: options.fallback ?? engine,
    // Cloned as a worker would, so that what cannot travel fails here.
    post: (message) => posts.push(structuredClone(message)),
    now: () => clock.time,
    async pause() {
      clock.time += 1;
      await new Promise((resolve) => setImmediate(resolve));
      const due = reactions.findIndex(({ when }) => when());
      if (due >= 0) reactions.splice(due, 1)[0]!.then();
    },
  });
  const send = (message: ClientMessage) => controller.receive(message);
  let requests = 0;

  return {
    posts,
    clock,
    send,
    run: (run: number, experiment: Experiment, restart = false) =>
      send({ type: 'run', run, experiment, chart: 'q-valley', restart }),
    replay: (run: number, trajectory: Trajectory) =>
      send({ type: 'replay', run, trajectory, chart: 'q-valley' }),
    /** Once `when` holds, between two pieces of work, `then` happens. */
    once(when: () => boolean, then: () => void) {
      reactions.push({ when, then });
    },
    idle: () => controller.idle(),
    of: <T extends WorkerMessage['type']>(type: T, run?: number) =>
      posts.filter(
        (message): message is Extract<WorkerMessage, { type: T }> =>
          message.type === type && (run === undefined || ('run' in message && message.run === run)),
      ),
    async export(parameters: 'none' | 'final' | 'all'): Promise<Trajectory> {
      const request = ++requests;
      send({ type: 'export', request, parameters });
      await controller.idle();
      const answer = posts.findLast(
        (message) => 'request' in message && message.request === request,
      ) as Extract<WorkerMessage, { type: 'exported' | 'export-failed' }>;
      if (answer.type === 'export-failed') throw new Error(answer.message);
      return answer.trajectory;
    },
  };
}
