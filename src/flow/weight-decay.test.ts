import { describe, expect, it } from 'vitest';
import type { ActivationName } from '../model/activation.ts';
import { createLoss } from '../model/network.ts';
import { conservedQuantities } from '../symmetry/conserved-quantities.ts';
import { createFrameCollector } from './frames.ts';
import { createObserver } from './observe.ts';
import { timeSchedule } from './record.ts';
import { createSolver } from './solve.ts';
import { genericStart, teacherProblem } from './testing/flows.ts';
import { conservedLaw, decayedLoss } from './weight-decay.ts';

const LAMBDA = 0.3;
const TIME = 2;

/** Largest |Q(t) - Q(0) e^(-rate t)| over a flow with weight decay, in units of |Q(0)|. */
function departure(activation: ActivationName, rate: number, bias = true): number {
  const problem = teacherProblem({ kind: 'mlp', widths: [3, 5, 2], activation, bias }, 3);
  const loss = createLoss(problem);
  const collector = createFrameCollector();
  const solver = createSolver(
    decayedLoss(loss, LAMBDA),
    createObserver(problem, loss),
    {
      kind: 'adaptive',
      integrator: 'dormand-prince',
      tolerance: 1e-10,
      time: TIME,
      record: timeSchedule(TIME, 20, 'linear'),
      stop: {},
    },
    { parameters: genericStart(problem.architecture, 4) },
    (...state) => collector.push(0, ...state),
  );
  while (solver.outcome === null) solver.advance(1000);
  expect(solver.outcome.kind).toBe('completed');
  const { time, conserved, count } = collector.take();
  expect(time[count - 1]).toBe(TIME);
  return (
    Math.max(...Array.from(time, (t, i) => Math.abs(conserved[i]! - conserved[0]! * Math.exp(-rate * t)))) /
    Math.abs(conserved[0]!)
  );
}

describe('weight decay', () => {
  it.each(['linear', 'relu', 'radial-square'] as const)('%s: Q(t) = Q(0) e^(-2 lambda t)', (activation) => {
    const problem = teacherProblem({ kind: 'mlp', widths: [3, 5, 2], activation, bias: true }, 3);
    const law = conservedLaw(conservedQuantities(problem)[0]!.formula, LAMBDA);
    expect(law).toEqual({ kind: 'exponential', rate: 2 * LAMBDA });
    expect(departure(activation, law.rate)).toBeLessThan(1e-7);
    expect(departure(activation, LAMBDA)).toBeGreaterThan(0.1);
    expect(departure(activation, 0)).toBeGreaterThan(0.1);
  });

  it('has no law for a Q that is not quadratic', () => {
    expect(conservedLaw('elementwise', LAMBDA)).toEqual({ kind: 'none', rate: 0 });
    expect(conservedLaw('elementwise')).toEqual({ kind: 'constant', rate: 0 });
    expect(conservedLaw('homogeneous')).toEqual({ kind: 'constant', rate: 0 });
    expect(departure('tanh', 2 * LAMBDA)).toBeGreaterThan(1e-3);
  });

  it('adds lambda/2 |theta|^2 and its derivatives', () => {
    const problem = teacherProblem({ kind: 'mlp', widths: [3, 5, 2], activation: 'tanh', bias: true }, 3);
    const loss = createLoss(problem);
    const decayed = decayedLoss(loss, LAMBDA);
    const theta = genericStart(problem.architecture, 1);
    const direction = genericStart(problem.architecture, 2);
    const [plain, out] = [new Float64Array(theta.length), new Float64Array(theta.length)];
    const squares = theta.reduce((sum, x) => sum + x * x, 0);
    expect(decayed.loss(theta)).toBeCloseTo(loss.loss(theta) + (LAMBDA / 2) * squares, 12);
    loss.gradient(theta, plain);
    expect(decayed.gradient(theta, out)).toBeCloseTo(decayed.loss(theta), 12);
    theta.forEach((x, i) => {
      expect(out[i]).toBeCloseTo(plain[i]! + LAMBDA * x, 12);
    });
    loss.hessianVectorProduct(theta, direction, plain);
    decayed.hessianVectorProduct(theta, direction, out);
    direction.forEach((x, i) => {
      expect(out[i]).toBeCloseTo(plain[i]! + LAMBDA * x, 12);
    });
  });
});
