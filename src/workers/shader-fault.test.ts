import { expect, test } from 'vitest';
import { withoutALine } from './shader-fault.ts';

test('takes the one line that moves the parameters, and nothing from other shaders', () => {
  const source = 'let moved = high + change;\n    state[at] = moved;\nstate[at + 2u] = change;\n';
  expect(withoutALine(source)).toBe('let moved = high + change;\nstate[at + 2u] = change;\n');
  expect(withoutALine('losses[row] = 0.0;\n')).toBe('losses[row] = 0.0;\n');
});
