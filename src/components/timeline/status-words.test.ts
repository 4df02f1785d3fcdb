import { describe, expect, it } from 'vitest';
import { advice, engineWords, outcomeWords, statusTone } from './status-words.ts';

const done = { kind: 'converged', message: '' } as const;
const diverged = { kind: 'diverged', message: 'Use a smaller step size.' } as const;

describe('the status line', () => {
  it('names engine, precision and reason', () =>
    expect(
      engineWords({
        kind: 'cpu',
        precision: 'float64',
        device: 'x',
        reason: 'no WebGPU adapter',
        message: '',
      }).text,
    ).toBe('cpu, float64 (no WebGPU adapter)'));
  it('counts flows by outcome', () =>
    expect(outcomeWords([done, done, diverged, null], 'running')).toBe(
      '4 flows: 2 converged, 1 diverged, 1 running',
    ));
  it('gives the advice of the steered flow, and counts the others', () => {
    expect(advice([done, diverged, diverged], 2)).toEqual({ text: diverged.message, others: 1 });
    expect(advice([done, diverged], 0)).toEqual({ text: diverged.message, others: 0 });
    expect(advice([done, null], 0)).toEqual({ text: '', others: 0 });
  });
  it('warns of flows that ended badly', () => {
    expect(statusTone('finished', [done])).toBe('good');
    expect(statusTone('finished', [done, diverged])).toBe('warning');
    expect(statusTone('running', [diverged])).toBe('busy');
  });
});
