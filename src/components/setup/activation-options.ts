import {
  type Activation,
  type ActivationName,
  activationNames,
  activations,
} from '../../model/activation.ts';
import type { Option } from '../fields/options.tsx';

/** What each kind of activation is called in the menu, and what it does. */
const kinds: Readonly<Record<Activation['kind'], { readonly group: string; readonly hint: string }>> = {
  pointwise: { group: 'Pointwise', hint: 'The function applied to every hidden unit' },
  radial: { group: 'Radial', hint: 'Stretches the hidden vector z of a layer to length h(|z|)' },
  'row-inversion': {
    group: 'Of the weights',
    hint: 'Hidden unit k computes w · x / |w|², where w is row k of its weight',
  },
};

/** Every activation, grouped by what it acts on. */
export const activationOptions: readonly Option<ActivationName>[] = activationNames.map((value) => {
  const { kind, label } = activations[value];
  return { value, label, group: kinds[kind].group };
});

/** One line on an activation, with its formula where it is not known to everyone. */
export function activationHint(name: ActivationName): string {
  const found = activations[name];
  const { hint } = kinds[found.kind];
  return found.kind === 'radial' ? `${hint}: ${found.formula}` : hint;
}
