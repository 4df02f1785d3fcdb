import type { Field } from './field.ts';
import { extend, type Jets, minus, part } from './jet.ts';

/**
 * The nested bracket [X_k, [.., [X_2, X_1]]] of `fields` X_1, .., X_k at theta, where [X, Y] = DY X - DX Y. The
 * derivatives are exact: DY X is what Y makes of theta + X(theta) eps. Nested brackets of generators span the Lie algebra
 * that these generate (Jacobi's identity). With k fields the algebra grows to k - 1 eps; a level costs three times the one before.
 */
export function nestedBracket(fields: readonly Field[], theta: Jets): Jets {
  const outer = fields.at(-1)!;
  const x = outer(theta);
  if (fields.length === 1) return x;
  const y = nestedBracket(fields.slice(0, -1), extend(theta, x));
  return minus(part('derivative', y), part('derivative', outer(extend(theta, part('value', y)))));
}
