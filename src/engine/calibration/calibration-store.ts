import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Speed } from './speed.ts';

/** Where measured speeds are kept between visits. Never throws: what cannot be read is null, what cannot be written is forgotten. */
export interface CalibrationStore {
  read(key: string): Promise<Speed | null>;
  write(key: string, speed: Speed): Promise<void>;
}

interface Schema extends DBSchema {
  calibration: { key: string; value: Speed };
}

const TABLE = 'calibration';
/** Milliseconds after which a database that does not answer (another page is changing it) counts as unreadable. */
const PATIENCE = 300;

/** The store of this browser, in IndexedDB; null where there is none (Node, some private windows). */
export function browserCalibrationStore(): CalibrationStore | null {
  if (!('indexedDB' in globalThis)) return null;
  let opened: Promise<IDBPDatabase<Schema> | null> | null = null;
  const open = () => {
    opened ??= answered(
      openDB<Schema>('orbitscape', 1, {
        upgrade(database) {
          database.createObjectStore(TABLE);
        },
      }),
    );
    return opened;
  };
  return {
    async read(key) {
      const database = await open();
      return database ? checkedSpeed(await answered(database.get(TABLE, key))) : null;
    },
    async write(key, speed) {
      const database = await open();
      if (database) await answered(database.put(TABLE, speed, key));
    },
  };
}

/** The value of a promise, or null when it rejects or takes too long. */
function answered<T>(work: Promise<T>): Promise<T | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), PATIENCE);
    work.then(resolve, () => resolve(null)).finally(() => clearTimeout(timer));
  });
}

/** A speed as it was kept, or null for anything else. */
export function checkedSpeed(value: unknown): Speed | null {
  if (typeof value !== 'object' || value === null) return null;
  const { step, multiplyAdd, flowStep, flowMultiplyAdd } = value as Record<keyof Speed, unknown>;
  const parts = [step, multiplyAdd, flowStep, flowMultiplyAdd];
  if (!parts.every((part) => Number.isFinite(part) && (part as number) >= 0)) return null;
  return { step, multiplyAdd, flowStep, flowMultiplyAdd } as Speed;
}
