import type { Engine } from '../src/engine/engine.ts';
import { teleportingFlow } from '../src/engine/teleporting.ts';
import type { Experiment } from '../src/experiment/experiment.ts';
import { checkDocumentSize } from '../src/experiment/memory.ts';
import { resolveExperiment } from '../src/experiment/resolve.ts';
import { largestJumpCount } from '../src/experiment/teleportations.ts';
import { createTrajectory, type Trajectory } from '../src/experiment/trajectory.ts';
import type { FlowBatch, FlowChunk } from '../src/flow/chunk.ts';
import type { FlowPlan } from '../src/flow/plan.ts';
import { CommandError } from './command-error.ts';
import type { Progress } from './progress.ts';
import { FlowRecorder } from './record.ts';

/**
 * Runs all flows of an experiment on a cpu engine. Frames are kept, parameters only as far as the document will hold
 * them. Throws DocumentError when the experiment cannot run, CommandError when `signal` aborts.
 */
export async function run(
  experiment: Experiment,
  engine: Engine,
  progress: Progress,
  signal: AbortSignal,
): Promise<Trajectory> {
  const { parameters } = experiment.record;
  checkDocumentSize(experiment, parameters);
  const { problem, plan, flows, conserved, teleportation } = resolveExperiment(experiment, parameters);
  const objection = engine.unsupported(problem);
  if (objection !== null) throw new CommandError(objection);
  if (teleportation && !teleportation.plan && largestJumpCount(experiment) > 0) {
    throw new CommandError(`teleportations.group: ${teleportation.message}`);
  }
  const records = flows.map((flow) => new FlowRecorder(flow.label, parameters));
  let steps = 0;
  const pass = async (numbers: readonly number[], run: (batch: FlowBatch) => AsyncIterable<FlowChunk>) => {
    for await (const part of run(batchOf(numbers.map((i) => flows[i]!)))) {
      const { frames, jumps = [], ended, ...chunk } = part;
      for (const taken of jumps) records[numbers[taken.flow]!]!.pushJump(taken);
      for (let i = 0; i < frames.count; i++) {
        records[numbers[frames.flow[i]!]!]!.push(frames, i, conserved.length);
      }
      for (const { flow, outcome } of ended) records[numbers[flow]!]!.outcome = outcome;
      steps += chunk.steps;
      progress.update(fractionDone(records, plan), steps);
    }
  };
  const numbers = (teleports: boolean) =>
    flows.flatMap((flow, i) => (flow.teleports === teleports ? [i] : []));
  const jumping = teleportation?.plan ?? null;
  await pass(numbers(true), (batch) =>
    jumping
      ? teleportingFlow(engine.flow, problem, batch, plan, jumping, { signal })
      : engine.flow(problem, batch, plan, signal),
  );
  if (numbers(false).length > 0) {
    await pass(numbers(false), (batch) => engine.flow(problem, batch, plan, signal));
  }
  progress.end();
  if (signal.aborted) throw new CommandError('Cancelled: nothing was written.');
  const engineUsed = { engine: 'cpu', precision: engine.precision } as const;
  return createTrajectory(experiment, engineUsed, records, conserved.length, parameters);
}

function batchOf(flows: readonly { readonly parameters: Float64Array }[]): FlowBatch {
  const size = flows[0]!.parameters.length;
  const parameters = new Float64Array(flows.length * size);
  flows.forEach((flow, i) => {
    parameters.set(flow.parameters, i * size);
  });
  return { count: flows.length, parameters };
}

/** Mean over the flows of the time reached; a flow that has ended counts as done. */
function fractionDone(records: readonly FlowRecorder[], plan: FlowPlan): number {
  const end = plan.kind === 'adaptive' ? plan.time : plan.stepSize * plan.steps;
  const done = records.map(({ outcome, time }) =>
    outcome.kind === 'cancelled' ? (time.at(-1) ?? 0) / end : 1,
  );
  return done.reduce((sum, fraction) => sum + fraction, 0) / records.length;
}
