import { type FieldPath, fail, plural, within } from './document-error.ts';
import type { Experiment } from './experiment.ts';
import { checkExperiment, checkLayers } from './rules.ts';
import type { Trajectory, TrajectoryFlow } from './trajectory.ts';

/** The rules of a trajectory: those of its experiment, and lists that must have one entry per frame. */
export function checkTrajectory(trajectory: Trajectory): void {
  within('experiment', () => checkExperiment(trajectory.experiment));
  if (trajectory.flows.length === 0) fail(['flows'], 'must have at least one flow');
  trajectory.flows.forEach((flow, index) => {
    checkFlow(trajectory.experiment, flow, ['flows', index]);
  });
}

function checkFlow(
  { architecture }: Experiment,
  { frames, parameters, teleportations }: TrajectoryFlow,
  path: FieldPath,
): void {
  const count = frames.step.length;
  const perFrame = { ...frames, ...frames.valley };
  for (const name of ['time', 'loss', 'gradientNorm', 'conserved', 'distance', 'offChart'] as const) {
    const values = perFrame[name];
    if (values === undefined || values.length === count) continue;
    const parent = name === 'distance' || name === 'offChart' ? ['frames', 'valley'] : ['frames'];
    fail(
      [...path, ...parent, name],
      `must have ${count} entries, one per frame, but it has ${values.length}`,
    );
  }
  const pairs = frames.conserved[0]?.length ?? 0;
  const ragged = frames.conserved.findIndex((row) => row.length !== pairs);
  if (ragged >= 0)
    fail(
      [...path, 'frames', 'conserved', ragged],
      `must have ${plural(pairs, 'number')}, as the first frame has`,
    );
  for (const name of ['initial', 'final'] as const) {
    if (parameters[name].length > 0)
      checkLayers(architecture, parameters[name], [...path, 'parameters', name]);
  }
  checkJumps(architecture, teleportations, count === 0 ? null : pairs, [...path, 'teleportations']);
  if (!parameters.frames) return;
  if (parameters.frames.length !== count) {
    fail(
      [...path, 'parameters', 'frames'],
      `must have ${count} entries, one per frame, but it has ${parameters.frames.length}`,
    );
  }
  parameters.frames.forEach((layers, index) => {
    checkLayers(architecture, layers, [...path, 'parameters', 'frames', index]);
  });
}

/** Jumps in the order in which the flow took them, with one Q per layer pair and parameters of the architecture's shapes. */
function checkJumps(
  architecture: Experiment['architecture'],
  jumps: TrajectoryFlow['teleportations'],
  pairs: number | null,
  path: FieldPath,
): void {
  jumps.forEach((jump, index) => {
    const at = [...path, index];
    const before = jumps[index - 1];
    if (before && jump.step < before.step) {
      fail(
        [...at, 'step'],
        `must be at least that of the jump before (${before.step}), but it is ${jump.step}`,
      );
    }
    for (const state of ['before', 'after'] as const) {
      if (pairs !== null && jump[state].conserved.length !== pairs) {
        fail([...at, state, 'conserved'], `must have ${plural(pairs, 'number')}, as the frames have`);
      }
      if (jump.parameters) checkLayers(architecture, jump.parameters[state], [...at, 'parameters', state]);
    }
  });
}
