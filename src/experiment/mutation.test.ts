import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { DocumentError } from './document-error.ts';
import { experimentArbitrary, trajectoryArbitrary } from './testing/arbitraries.ts';
import { parseDocument } from './validate.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Container = Json[] | { [key: string]: Json };

/** Every place in a document: the container and the key within it. */
function places(value: Json): { container: Container; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [{ container: value, key }, ...places(child)]);
}

/** Text that stands for something JSON.stringify cannot write; put in by `write`. */
const raw: Record<string, string> = {
  'raw:infinity': '1e999',
  'raw:deep': `${'['.repeat(2000)}${']'.repeat(2000)}`,
  'raw:proto': '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  'raw:long': `[${'0,'.repeat(2000)}0]`,
  'raw:wide': `[${'{},'.repeat(1000)}{}]`,
};
const write = (document: Json): string =>
  JSON.stringify(document).replace(/"(raw:\w+)"/g, (_, name: string) => raw[name]!);

const replacement: fc.Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json> },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Json>(
      null,
      'NaN',
      'Infinity',
      '',
      0,
      -1,
      0.5,
      1e308,
      2 ** 53,
      true,
      [],
      {},
      [[]],
      '1',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(...Object.keys(raw)) },
);

const change = fc.record({
  place: fc.nat(),
  kind: fc.constantFrom('delete', 'replace', 'rename', 'swap', 'duplicate', 'pollute'),
  value: replacement,
});

function mutate(document: Json, { place, kind, value }: { place: number; kind: string; value: Json }): void {
  const all = places(document);
  if (all.length === 0) return;
  const { container, key } = all[place % all.length]!;
  const other = all[(place * 7 + 3) % all.length]!;
  const fields = container as { [key: string]: Json };
  const old = fields[key]!;
  if (kind === 'replace') fields[key] = value;
  else if (kind === 'swap') {
    fields[key] = structuredClone((other.container as { [key: string]: Json })[other.key]!);
  } else if (Array.isArray(container)) {
    if (kind === 'delete') container.splice(Number(key), 1);
    else container.push(kind === 'duplicate' ? structuredClone(old) : value);
  } else if (kind === 'delete') delete fields[key];
  else if (kind === 'rename') {
    delete fields[key];
    fields[`${key.slice(1)}${key[0] ?? ''}`] = old;
  } else if (kind === 'pollute') {
    Object.defineProperty(fields, '__proto__', {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else fields[`${key}2`] = old;
}

/** The error that importing raises, or null. */
function importing(text: string): unknown {
  try {
    parseDocument(text);
    return null;
  } catch (error) {
    return error;
  }
}

const document = fc
  .oneof(experimentArbitrary, trajectoryArbitrary)
  .map((value) => structuredClone(value) as unknown as Json);

describe('damaged documents', () => {
  const counts = { accepted: 0, refused: 0 };
  afterAll(() => {
    // Both must happen, or the mutations test nothing.
    expect(counts.accepted).toBeGreaterThan(100);
    expect(counts.refused).toBeGreaterThan(5000);
  });

  it('are refused with one sentence and nothing else, 9000 times', () => {
    fc.assert(
      fc.property(document, fc.array(change, { minLength: 1, maxLength: 3 }), (value, changes) => {
        for (const one of changes) mutate(value, one);
        const error = importing(write(value));
        if (error === null) counts.accepted++;
        else {
          counts.refused++;
          expect(error).toBeInstanceOf(DocumentError);
          const { message } = error as DocumentError;
          expect(message).toMatch(/^\S[^\n]*[.?]$/);
          expect(message.length).toBeLessThan(600);
        }
      }),
      { seed: 3, numRuns: 9000 },
    );
    expect({}).not.toHaveProperty('polluted');
  });

  it('are refused when characters are lost or changed, 1000 times', () => {
    fc.assert(
      fc.property(document, fc.nat(), fc.string({ maxLength: 3 }), fc.nat(5), (value, at, put, lost) => {
        const text = JSON.stringify(value);
        const position = at % text.length;
        const error = importing(text.slice(0, position) + put + text.slice(position + lost));
        if (error !== null) expect(error).toBeInstanceOf(DocumentError);
      }),
      { seed: 4, numRuns: 1000 },
    );
  });

  it.each([
    [
      'deep nesting',
      `{"type":"orbitscape/experiment","version":1,"title":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    ],
    ['deep nesting of objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    [
      'a long list',
      `{"type":"orbitscape/trajectory","version":1,"experiment":{},"flows":[${'{},'.repeat(500_000)}{}]}`,
    ],
    ['a long name', `{"type":"orbitscape/experiment","version":1,"${'x'.repeat(1_000_000)}":1}`],
  ])('are refused at once in spite of %s', (_, text) => {
    const error = importing(text);
    expect(error).toBeInstanceOf(DocumentError);
    expect((error as Error).message.length).toBeLessThan(600);
  });

  it('are refused when they are any JSON at all', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(importing(text)).toBeInstanceOf(DocumentError);
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
