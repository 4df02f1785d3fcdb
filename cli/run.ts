import type { Engine } from '../src/engine/engine.ts';
import type { Experiment } from '../src/experiment/experiment.ts';
import { checkDocumentSize } from '../src/experiment/memory.ts';
import { resolveExperiment } from '../src/experiment/resolve.ts';
import { createTrajectory, type Trajectory } from '../src/experiment/trajectory.ts';
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
  const { problem, plan, flows, conserved } = resolveExperiment(experiment, parameters);
  const objection = engine.unsupported(problem);
  if (objection !== null) throw new CommandError(objection);
  const size = flows[0]!.parameters.length;
  const thetas = new Float64Array(flows.length * size);
  flows.forEach((flow, i) => {
    thetas.set(flow.parameters, i * size);
  });
  const records = flows.map((flow) => new FlowRecorder(flow.label, parameters));
  let steps = 0;
  for await (const chunk of engine.flow(problem, { count: flows.length, parameters: thetas }, plan, signal)) {
    for (let i = 0; i < chunk.frames.count; i++) {
      records[chunk.frames.flow[i]!]!.push(chunk.frames, i, conserved.length);
    }
    for (const { flow, outcome } of chunk.ended) records[flow]!.outcome = outcome;
    steps += chunk.steps;
    progress.update(fractionDone(records, plan), steps);
  }
  progress.end();
  if (signal.aborted) throw new CommandError('Cancelled: nothing was written.');
  const engineUsed = { engine: 'cpu', precision: engine.precision } as const;
  return createTrajectory(experiment, engineUsed, records, conserved.length, parameters);
}

/** Mean over the flows of the time reached; a flow that has ended counts as done. */
function fractionDone(records: readonly FlowRecorder[], plan: FlowPlan): number {
  const end = plan.kind === 'adaptive' ? plan.time : plan.stepSize * plan.steps;
  const done = records.map(({ outcome, time }) =>
    outcome.kind === 'cancelled' ? (time.at(-1) ?? 0) / end : 1,
  );
  return done.reduce((sum, fraction) => sum + fraction, 0) / records.length;
}
