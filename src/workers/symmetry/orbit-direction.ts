import type { ChartFlow, GeneratorChoice } from '../../landscape/chart-input.ts';
import { type ChosenOrbit, chooseOrbit } from '../../landscape/orbit/generator.ts';
import { isMlp, type Problem } from '../../model/problem.ts';
import { groups } from '../../symmetry/groups.ts';
import type { OrbitExploration } from './question.ts';

/** The orbit of theta that was chosen, where a jump is meant the last one; a string, one sentence, where there is none. */
export function exploredOrbit(
  problem: Problem,
  theta: Float64Array,
  jumps: ChartFlow['jumps'],
  exploration: OrbitExploration,
): ChosenOrbit | string {
  const { group, layerPair } = exploration;
  const reason = groups[group].applies(problem);
  if (reason !== null) return reason;
  const layerPairs = isMlp(problem.architecture) ? [layerPair] : undefined;
  return chooseOrbit(
    { problem, layerPair, flow: { start: theta, ...(jumps && { jumps: jumps.slice(-1) }) }, swept: false },
    { group, ...(layerPairs && { layerPairs }), generator: generatorOf(problem, exploration, layerPairs) },
  );
}

function generatorOf(
  problem: Problem,
  { group, direction, unit, seed }: OrbitExploration,
  layerPairs: readonly number[] | undefined,
): GeneratorChoice {
  if (direction === 'random') return { kind: 'random', seed };
  if (direction !== 'unit') return { kind: direction };
  const { algebra, sizes } = groups[group].create(problem, layerPairs);
  const coordinates = new Float64Array(algebra?.dimension ?? 0);
  coordinates[unitCoordinate(coordinates.length, sizes[0]!, unit)] = 1;
  return { kind: 'coordinates', coordinates };
}

/** Which coordinate belongs to a unit: the diagonal entry of all matrices or of diagonal ones, or its rotation into the next unit. */
function unitCoordinate(dimension: number, size: number, unit: number): number {
  if (dimension === size * size) return unit * (size + 1);
  if (dimension === size || dimension === 1) return Math.min(unit, dimension - 1);
  // so(n) lists the planes (i, j), i < j, row by row.
  const i = Math.min(unit, size - 2);
  return i * size - (i * (i + 1)) / 2;
}
