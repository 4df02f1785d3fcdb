import { describe, expect, it } from 'vitest';
import { currentVersion, type Migration, migrate, migrations, versionAfter } from './migrate.ts';

const renamed: Migration = {
  from: 1,
  migrate: ({ name, ...rest }) => ({ ...rest, title: name }),
};
const doubled: Migration = {
  from: 2,
  migrate: (document) => ({ ...document, seed: 2 * Number(document.seed) }),
};

describe('migration', () => {
  it('takes a document through every later version in order', () => {
    const old = { version: 1, name: 'a', seed: 3 };
    expect(migrate(old, [renamed, doubled])).toEqual({ version: 3, title: 'a', seed: 6 });
    expect(old).toEqual({ version: 1, name: 'a', seed: 3 });
  });

  it('starts at the version of the document', () => {
    expect(migrate({ version: 2, title: 'a', seed: 3 }, [renamed, doubled])).toEqual({
      version: 3,
      title: 'a',
      seed: 6,
    });
    expect(migrate({ version: 3, seed: 3 }, [renamed, doubled])).toEqual({ version: 3, seed: 3 });
  });

  it('refuses newer documents', () => {
    expect(() => migrate({ version: 4 }, [renamed, doubled])).toThrow(
      'version 4 is newer than this application reads (3)',
    );
  });

  it('has no gaps', () => {
    expect(versionAfter(migrations)).toBe(currentVersion);
    expect(() => versionAfter([doubled])).toThrow('Migration 1 must start from version 1, not 2.');
    expect(() => versionAfter([renamed, renamed])).toThrow('Migration 2 must start from version 2, not 1.');
  });
});
