import { expect, it } from 'vitest';
import { integrator, integratorNames } from '../../../flow/integrator.ts';
import { teacherProblem } from '../../../flow/testing/flows.ts';
import { GPU } from '../kernel-context.ts';
import { flowKernel } from './flow-kernel.ts';
import { parameterHome, registersPerLane } from './parameter-home.ts';
import { GRADIENT_TAPE, type PassContext } from './passes.ts';
import { createScratch } from './scratch.ts';
import { kernelShape } from './shape.ts';
import { sharedArrays, tiling } from './tile.ts';

function contextOf(widths: readonly number[]): PassContext {
  const shape = kernelShape(teacherProblem({ kind: 'mlp', widths, activation: 'tanh', bias: true }, 1));
  const chosen = tiling(shape, GRADIENT_TAPE, { ...GPU, memory: 49152 })!;
  return {
    shape,
    tiling: chosen,
    scratch: createScratch('workgroup', sharedArrays(shape, GRADIENT_TAPE, chosen)),
  };
}

it('a step in registers touches no storage', () => {
  const context = contextOf([10, 50, 5]);
  const { tableau } = integrator('rk4');
  const recipe = { tableau, kind: 'fixed-step', recordBy: 'step', stopsAtGradient: true } as const;
  const functions = (registers: number) =>
    flowKernel(context, recipe, parameterHome(context, tableau, registers))
      .split(/^fn /m)
      .filter((text) => /^(gradient|place|advance|gradientSquares)\b/.test(text));
  expect(functions(GPU.registers)).toHaveLength(4);
  for (const text of functions(GPU.registers)) expect(text).not.toContain('state[');
  for (const text of functions(0)) expect(text).toContain('state[');
});

it('a lane of a GPU has registers for narrow networks with every integrator, and for wide ones with the simplest', () => {
  const needed = (widths: readonly number[], name: (typeof integratorNames)[number]) =>
    registersPerLane(contextOf(widths), integrator(name).tableau);
  for (const name of integratorNames) {
    for (const widths of [
      [2, 3, 1],
      [10, 50, 5],
    ])
      expect(needed(widths, name)).toBeLessThanOrEqual(GPU.registers);
  }
  expect(needed([16, 64, 64, 4], 'gradient-descent')).toBeLessThanOrEqual(GPU.registers);
  expect(needed([16, 64, 64, 4], 'dormand-prince')).toBeGreaterThan(GPU.registers);
});
