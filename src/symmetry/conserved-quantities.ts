import { activation } from '../model/activation.ts';
import { layerCount, layerPairCount } from '../model/architecture.ts';
import type { Problem } from '../model/problem.ts';
import type { ConservedQuantity } from './conserved-quantity.ts';
import { conservedFormula, conservedFormulas, outerContribution } from './formulas.ts';

/** The conserved quantities of a problem, one per layer pair in order; empty where none is known (`noConservedQuantity` says why). */
export function conservedQuantities(problem: Problem): ConservedQuantity[] {
  const { architecture } = problem;
  const name = conservedFormula(architecture);
  if (name === null) return [];
  const formula = conservedFormulas[name];
  const condition = formula.condition(problem);
  return Array.from({ length: layerPairCount(architecture) }, (_, layerPair) => {
    const inner = formula.inner(problem, layerPair);
    const perUnit = (theta: Float64Array): Float64Array => {
      const q = outerContribution(architecture, theta, layerPair);
      const subtracted = inner(theta);
      for (let k = 0; k < q.length; k++) q[k]! -= subtracted[k]!;
      return q;
    };
    return {
      layerPair,
      units: architecture.widths[layerPair + 1]!,
      formula: name,
      perUnit,
      total: (theta) => perUnit(theta).reduce((sum, q) => sum + q, 0),
      condition,
    };
  });
}

/** One sentence on why a problem has no known conserved quantity; empty when it has one. */
export function noConservedQuantity({ architecture }: Problem): string {
  if (conservedFormula(architecture) !== null) return '';
  const { label } = activation(architecture.activation);
  return `No conserved quantity is known for ${label} networks with ${layerCount(architecture)} layers: choose two layers, or a linear or (leaky) ReLU activation.`;
}
