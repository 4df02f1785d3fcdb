import { expect, it } from 'vitest';
import { activation, activationNames, pointwise } from './activation.ts';
import { pointwiseNames } from './pointwise.ts';

it('every activation has a label of its own', () => {
  const labels = activationNames.map((name) => activation(name).label);
  expect(new Set(labels).size).toBe(activationNames.length);
});

it('looks up the pointwise ones, and refuses the others by name', () => {
  for (const name of activationNames) {
    const { kind, label } = activation(name);
    expect(kind === 'pointwise').toBe((pointwiseNames as string[]).includes(name));
    if (kind === 'pointwise') expect(pointwise(name)).toBe(activation(name));
    else expect(() => pointwise(name)).toThrow(RangeError(`${label} is not a function of single numbers.`));
  }
});
