import { activation } from '../model/activation.ts';
import { layerCount, layerPairCount } from '../model/architecture.ts';
import { isMlp, isMlpProblem, type Problem } from '../model/problem.ts';
import type { ConservedQuantity } from './conserved-quantity.ts';
import { conservedFormula, conservedFormulas, outerContribution, writeOuterGradient } from './formulas.ts';

/** The conserved quantities of a problem, one per layer pair in order; empty where none is known (`noConservedQuantity` says why). */
export function conservedQuantities(problem: Problem): ConservedQuantity[] {
  if (!isMlpProblem(problem)) return [];
  const { architecture } = problem;
  const name = conservedFormula(architecture);
  if (name === null) return [];
  const formula = conservedFormulas[name];
  const condition = formula.condition(problem);
  return Array.from({ length: layerPairCount(architecture) }, (_, layerPair) => {
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
  const { kind } = activation(architecture.activation);
  if (kind === 'radial') {
    return 'A radial network has none: the generators of its rotations O(h) are antisymmetric and give only first-order constraints.';
  }
  const { label } = activation(architecture.activation);
  return `No conserved quantity is known for ${label} networks with ${layerCount(architecture)} layers: choose two layers, or a linear or (leaky) ReLU activation.`;
}

const sum = (values: Float64Array): number => values.reduce((total, q) => total + q, 0);
