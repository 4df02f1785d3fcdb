import { activation } from '../model/activation.ts';
import { isMlp, isMlpProblem, type Problem } from '../model/problem.ts';
import type { ConservedQuantity } from './conserved-quantity.ts';
import { conservedFormula, conservedFormulas, outerContribution, writeOuterGradient } from './formulas.ts';

/** The conserved quantities of a problem, one per layer pair in order (smooth activations: the first pair only); empty where none is known (`noConservedQuantity` says why). */
export function conservedQuantities(problem: Problem): ConservedQuantity[] {
  if (!isMlpProblem(problem)) return [];
  const { architecture } = problem;
  const name = conservedFormula(architecture);
  if (name === null) return [];
  const formula = conservedFormulas[name];
  const condition = formula.condition(problem);
  return Array.from({ length: formula.pairs(architecture) }, (_, layerPair) => {
    const inner = formula.inner(problem, layerPair);
    const subtractInnerGradient = formula.innerGradient(problem, layerPair);
    const perUnit = (theta: Float64Array): Float64Array => {
      const q = outerContribution(architecture, theta, layerPair);
      const subtracted = inner(theta);
      for (let k = 0; k < q.length; k++) q[k]! -= subtracted[k]!;
      return formula.scalar ? Float64Array.of(sum(q)) : q;
    };
    return {
      layerPair,
      units: formula.scalar ? 1 : architecture.widths[layerPair + 1]!,
      formula: name,
      perUnit,
      total: (theta) => sum(perUnit(theta)),
      gradient(theta, out) {
        writeOuterGradient(architecture, theta, layerPair, out);
        subtractInnerGradient(theta, out);
      },
      condition,
    };
  });
}

/** One sentence on why a problem has no known conserved quantity; empty when it has one. */
export function noConservedQuantity({ architecture }: Problem): string {
  if (conservedFormula(architecture) !== null) return '';
  if (!isMlp(architecture)) {
    return 'A test function has none: its symmetry is a rotation, whose generator is antisymmetric.';
  }
  if (activation(architecture.activation).kind === 'row-inversion')
    return 'Row inversion has one in two layers only.';
  return 'The symmetry of a radial network gives none: the generators of its rotations O(h) are antisymmetric and give only first-order constraints.';
}

const sum = (values: Float64Array): number => values.reduce((total, q) => total + q, 0);
