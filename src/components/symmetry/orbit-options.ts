import type { RunState } from '../../store/run.ts';
import type { GroupSummary } from '../../symmetry/summary.ts';
import { directionsOf } from '../../workers/symmetry/offered-directions.ts';
import type { OrbitDirection, OrbitExploration } from '../../workers/symmetry/question.ts';

/** The names of the directions in the interface. */
export const directionLabels: Readonly<Record<OrbitDirection, string>> = {
  'fastest-q': 'changes Q fastest',
  uniform: 'all units alike',
  unit: 'one unit',
  random: 'random',
  jump: 'that of the last jump',
};

/** The groups that have an orbit to follow. */
export const explorable = (groups: readonly GroupSummary[]): GroupSummary[] =>
  groups.filter(({ refusal, dimension }) => !refusal && dimension !== null && dimension > 0);

/** The directions that a run offers on the orbits of a group. */
export const offeredDirections = (
  group: GroupSummary,
  { summary, jumps }: Pick<RunState, 'summary' | 'jumps'>,
): readonly OrbitDirection[] =>
  directionsOf[group.name].filter(
    (direction) =>
      (direction !== 'fastest-q' || (summary?.conserved.length ?? 0) > 0) &&
      (direction !== 'jump' || (jumps[0]?.length ?? 0) > 0),
  );

/** What was asked for, as far as the present run has it; else what the explorer begins with. Null where there is no orbit. */
export function explorationFor(
  wanted: OrbitExploration | null,
  groups: readonly GroupSummary[],
  run: Pick<RunState, 'summary' | 'jumps'>,
): OrbitExploration | null {
  const { summary } = run;
  const group = groups.find(({ name }) => name === wanted?.group) ?? groups[0];
  if (!group || !summary) return null;
  const { experiment } = summary;
  const widths = experiment.architecture.kind === 'mlp' ? experiment.architecture.widths : [];
  const pairs = Math.max(1, widths.length - 2);
  const layerPair = Math.min(wanted?.layerPair ?? summary.setting?.layerPair ?? 0, pairs - 1);
  const directions = offeredDirections(group, run);
  const direction = directions.find((offered) => offered === wanted?.direction) ?? directions[0];
  if (!direction) return null;
  const units = widths[layerPair + 1] ?? 1;
  return {
    group: group.name,
    layerPair,
    direction,
    unit: Math.min(wanted?.unit ?? 0, units - 1),
    seed: wanted?.seed ?? 1,
  };
}
