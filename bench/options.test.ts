import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.ts';

const groups = ['cpu', 'page'];
const parse = (...words: string[]) => parseOptions(words, groups);

describe('the command line of the bench', () => {
  it('has defaults', () => {
    expect(parse()).toEqual({
      help: false,
      only: null,
      json: 'bench/results/bench.json',
      quick: false,
      gpu: false,
      minutes: 10,
    });
  });

  it('takes groups, a file, minutes and switches', () => {
    expect(
      parse('--only', 'cpu, page', '--json', 'a.json', '--quick', '--gpu', '--minutes', '0.5'),
    ).toMatchObject({ only: ['cpu', 'page'], json: 'a.json', quick: true, gpu: true, minutes: 0.5 });
  });

  it.each([
    [['--only', 'cpu,gpu'], /no group "gpu": choose from cpu, page/],
    [['--minutes', 'ten'], /--minutes takes a number greater than 0, not "ten"/],
    [['--minutes', '0'], /--minutes/],
    [['--fast'], /--fast/],
    [['cpu'], /cpu/],
  ])('refuses %j in a sentence', (words, sentence) => {
    expect(() => parse(...words)).toThrow(sentence);
  });
});
