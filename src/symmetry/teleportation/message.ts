import type { Exactness } from '../group-action.ts';
import type { AscentEnd } from './ascent.ts';
import type { TeleportationOptions, TeleportationState } from './options.ts';

/** Why an ascent ended, one clause. `improvement`: what its steps do, 'increases the gradient norm'. */
export function ascentClause(
  improvement: string,
  end: AscentEnd,
  moved: boolean,
  { iterations, maximumDistance, stepSize }: TeleportationOptions,
): string {
  const bound = `too sharp for gradient descent of step size ${stepSize}`;
  if (!moved) {
    if (end === 'attained') return 'Q is at its target already, so nothing moved';
    if (end === 'bound') return `Every step that ${improvement} leads where it is ${bound}, so nothing moved`;
    return `No step along the orbit ${improvement} from here, so nothing moved`;
  }
  const ends: Record<AscentEnd, string> = {
    iterations: `It stopped after ${iterations} ${iterations === 1 ? 'iteration' : 'iterations'}`,
    length: `It stopped at the maximum distance, ${format(maximumDistance)}`,
    level: `It stopped where no step along the orbit ${improvement} any more`,
    attained: 'Q reached its target',
    bound: `It stopped before it became ${bound}`,
  };
  return ends[end];
}

/** Relative change of the loss that is more than rounding. */
const LOSS_CHANGE = 1e-9;
/** Growth of the sharpness that gradient descent should be warned of. */
const SHARPER = 2;

/** What a user should know of a jump beside its end: clauses. */
export function aboutChange(
  { exact }: Exactness,
  before: TeleportationState,
  after: TeleportationState,
): string[] {
  const notes: string[] = [];
  const change = (after.loss - before.loss) / before.loss;
  if (!exact || Math.abs(change) > LOSS_CHANGE) {
    notes.push(`the action is not exact here and changed the loss by ${format(100 * change)} %`);
  }
  if (after.sharpness > SHARPER * before.sharpness && before.sharpness > 0) {
    const factor = format(after.sharpness / before.sharpness);
    notes.push(
      `the sharpness is ${factor} times as large, so gradient descent is stable here only below step size ${format(2 / after.sharpness)}`,
    );
  }
  return notes;
}

const format = (value: number): string => String(Number(value.toPrecision(3)));
