import type {
  FlatDirections,
  Generators,
  Laws,
  Measured,
  Measurement,
  Predictions,
} from '../../workers/symmetry/question.ts';
import { formatNumber } from '../format.ts';

/** How a measured number stands to the theory. 'more': the theory promises at least so many. 'unclear': there is no gap. */
export type Agreement = 'agrees' | 'more' | 'differs' | 'unclear';

export const agreementWords: Readonly<Record<Agreement, string>> = {
  agrees: 'agrees',
  more: 'more',
  differs: 'differs',
  unclear: 'unclear',
};

/** One line of the table. */
export interface Comparison {
  readonly name: string;
  readonly hint: string;
  readonly predicted: number | null;
  /** true: the theory gives a lower bound. */
  readonly atLeast: boolean;
  readonly measured: number | null;
  readonly agreement: Agreement | null;
  /** How sure the measured number is; empty where there is none. */
  readonly detail: string;
  /** Why it could not be measured; empty where it could. */
  readonly refusal: string;
}

/** What counts and what does not must be so many times apart. */
const CLEAR_GAP = 10;

type Counted = FlatDirections | Generators | Laws;

/** The table: what the theory predicts, and what `measurement` found so far. */
export function comparisons(present: Predictions, measurement: Measurement | null): Comparison[] {
  const { hessian = null, generators = null, laws = null, presentLaws = null } = measurement ?? {};
  const predicted = measurement?.predictions ?? present;
  return [
    compare(
      'Flat directions',
      'Eigenvalues of the Hessian that are zero at a minimum of zero loss',
      hessian,
      predicted.hessian,
      flatWords,
    ),
    compare(
      'Linear generators',
      'Linear maps of two consecutive layers along which no gradient points, found from gradients alone',
      generators,
      predicted.generators,
      ({ symmetric, antisymmetric, gap }) =>
        `${symmetric} symmetric (each conserves a quantity), ${antisymmetric} antisymmetric (constraints only); ${gapWords(gap)}.`,
    ),
    compare(
      'Laws, any data',
      'Independent conservation laws that hold whatever the data are',
      laws,
      predicted.laws,
      lawsWords,
    ),
    compare(
      'Laws, these data',
      'Independent conservation laws that hold for the present samples; few samples can make more of them',
      presentLaws,
      predicted.presentLaws,
      lawsWords,
      true,
    ),
  ];
}

function compare<T extends Counted>(
  name: string,
  hint: string,
  measured: Measured<T>,
  predicted: number | null,
  detail: (value: T) => string,
  atLeast = false,
): Comparison {
  const expected = { name, hint, predicted, atLeast };
  if (measured === null || typeof measured === 'string') {
    return { ...expected, measured: null, agreement: null, detail: '', refusal: measured ?? '' };
  }
  const { count } = measured;
  const agreement =
    predicted === null ? null : measured.gap < CLEAR_GAP ? 'unclear' : agreementOf(count, predicted, atLeast);
  return { ...expected, measured: count, agreement, detail: detail(measured), refusal: '' };
}

function agreementOf(count: number, predicted: number, atLeast: boolean): Agreement {
  if (count === predicted) return 'agrees';
  return atLeast && count > predicted ? 'more' : 'differs';
}

const lawsWords = ({ ranks, gap, doubt }: Laws): string =>
  doubt ?? `Spans of fields and their brackets: ${ranks.join(', ')}; ${gapWords(gap)}.`;

/** Flat directions stand out at a minimum only. */
const flatWords = ({ tolerance, gap }: FlatDirections): string => {
  const counted = `|eigenvalue| below ${formatNumber(tolerance, 2)}`;
  if (!Number.isFinite(gap)) return `${counted}.`;
  if (gap >= CLEAR_GAP) return `${counted}; ${gapWords(gap)} to the next one.`;
  return `${counted}, and others only just above: the flow has not come near enough to a minimum.`;
};

const gapWords = (gap: number): string =>
  Number.isFinite(gap) ? `a gap of ${formatNumber(gap, 2)}` : 'none is left out';
