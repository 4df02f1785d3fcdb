import { describe, expect, it } from 'vitest';
import { createRunStore, type RunState } from '../../store/run.ts';
import { advice, engineWords, estimateWords, outcomeWords, statusTone } from './status-words.ts';

const done = { kind: 'converged', message: '' } as const;
const diverged = { kind: 'diverged', message: 'Use a smaller step size.' } as const;

/** A run on an engine that was expected to take so long. */
const run = (seconds: number | null, remaining: number | null, status: RunState['status'] = 'running') =>
  estimateWords({
    ...createRunStore().getState(),
    status,
    engine: { kind: 'cpu', precision: 'float64', device: '', reason: '', seconds, message: '' },
    remaining,
  });

describe('the status line', () => {
  it.each([
    ['about 12 s', run(12.3, null)],
    ['8 s left', run(12.3, 8.2)],
    ['4 min left', run(null, 240)],
    ['', run(null, null)],
    ['', run(0.6, null)],
    ['', run(12, 0.7)],
    ['', run(12, 3, 'finished')],
    ['', run(12, 3, 'starting')],
  ])('says how long it takes: %j', (words, said) => expect(said).toBe(words));

  it('names engine, precision and reason', () =>
    expect(
      engineWords({
        kind: 'cpu',
        precision: 'float64',
        device: 'x',
        reason: 'no WebGPU adapter',
        seconds: 12,
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
