import { isMlpProblem } from '../../model/problem.ts';
import { countConservationLaws, type LawData } from '../../symmetry/discovery/count-conservation-laws.ts';
import { discoverGenerators } from '../../symmetry/discovery/discover-generators.ts';
import type { Steering } from '../../symmetry/discovery/steering.ts';
import type { Answerer } from './answers.ts';
import { flatDirections } from './flat-directions.ts';
import { predictions } from './predictions.ts';
import type { Generators, Laws, Measured, Measurement } from './question.ts';
import { endOf, type SymmetrySubject } from './subject.ts';
import { theoryAt } from './theory.ts';
import type { Work } from './work.ts';

/** What is measured, in order: a key of `Measurement`, the words for its progress, and its share of the bar. */
const parts = [
  { key: 'hessian', doing: 'Eigenvalues of the Hessian', share: 0.2, measure: flatDirections },
  { key: 'generators', doing: 'Generators from gradients', share: 0.3, measure: generators },
  {
    key: 'laws',
    doing: 'Laws for any data',
    share: 0.25,
    measure: (context: Context) => laws(context, 'any'),
  },
  {
    key: 'presentLaws',
    doing: 'Laws for the present data',
    share: 0.25,
    measure: (context: Context) => laws(context, 'present'),
  },
] as const;

/** What a part is measured on; `told` hears how much of it is done, 0 to 1. */
export interface Context {
  readonly subject: SymmetrySubject;
  readonly theta: Float64Array;
  readonly work: Work;
  told(fraction: number): void;
}

/** Measures what the theory predicts, part by part; what is too large for a part becomes a sentence in its place. */
export const measurement: Answerer<'measurement'> = async (subject, _question, work) => {
  const flow = subject.flows[0]!;
  const theta = endOf(flow);
  const last = flow.count - 1;
  let found: Measurement = {
    kind: 'measurement',
    point: { loss: flow.loss[last]!, gradientNorm: flow.gradientNorm[last]! },
    predictions: predictions(subject.problem, await theoryAt(subject.problem, theta, work)),
    hessian: null,
    generators: null,
    laws: null,
    presentLaws: null,
  };
  let done = 0;
  for (const { key, doing, share, measure } of parts) {
    work.progress({ doing, fraction: done, sofar: found });
    let most = 0;
    const told = (fraction: number) => {
      most = Math.max(most, Math.min(1, fraction));
      work.progress({ doing, fraction: done + share * most, sofar: null });
    };
    found = { ...found, [key]: await orSentence<unknown>(measure({ subject, theta, work, told })) };
    done += share;
  }
  return found;
};

/** A RangeError says in a sentence what is too large or not defined; other errors go on. */
async function orSentence<T>(measured: Promise<Measured<T>>): Promise<Measured<T>> {
  try {
    return await measured;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

const steering = <P>({ work, told }: Context, fraction: (progress: P) => number): Required<Steering<P>> => ({
  pause: work.pause,
  signal: work.signal,
  progress: (progress) => told(fraction(progress)),
});

async function generators(context: Context): Promise<Measured<Generators>> {
  const { problem } = context.subject;
  if (!isMlpProblem(problem)) return 'A test function has no layers whose generators could be looked for.';
  const found = await discoverGenerators(
    problem,
    steering(context, ({ layerPair, layerPairs, gradients }) => {
      const units = problem.architecture.widths[layerPair + 1]!;
      // About as many gradients as unknowns, for all matrices, symmetric and antisymmetric ones.
      return (layerPair + gradients / (4 * units ** 2 + 24)) / layerPairs;
    }),
  );
  const total = (count: (pair: (typeof found)[number]) => number) =>
    found.reduce((sum, pair) => sum + count(pair), 0);
  return {
    count: total(({ dimension }) => dimension),
    symmetric: total(({ symmetric }) => symmetric.length),
    antisymmetric: total(({ antisymmetric }) => antisymmetric.length),
    gap: Math.min(...found.map(({ gap }) => gap)),
  };
}

async function laws(context: Context, data: LawData): Promise<Measured<Laws>> {
  const { problem } = context.subject;
  if (!isMlpProblem(problem)) return 'A test function has no data, so its laws are not counted.';
  const {
    laws: count,
    ranks,
    gap,
    doubt,
  } = await countConservationLaws(problem, {
    data,
    ...steering(context, ({ draw, ranks, parameters }) => (draw - 1 + (ranks.at(-1) ?? 0) / parameters) / 2),
  });
  return { count, ranks, gap, doubt };
}
