import { describe, expect, it } from 'vitest';
import { advice, engineWords, outcomeWords } from './status-words.ts';

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
  it('gives each advice once', () =>
    expect(advice([diverged, done, diverged])).toEqual([{ text: 'Use a smaller step size.', flows: 2 }]));
});
