import type { CDPSession, Page } from '@playwright/test';

/** Bytes of JavaScript, objects and array buffers, that are alive after garbage collection. */
export interface Heaps {
  readonly page: number;
  /** Of all workers that the page itself has started. */
  readonly workers: number;
}

interface HeapUsage {
  readonly usedSize: number;
  readonly backingStorageSize?: number;
}

const bytes = ({ usedSize, backingStorageSize = 0 }: HeapUsage): number => usedSize + backingStorageSize;

/** Looks into the heaps of a page and its workers by Chromium's debugging protocol. */
export async function openHeaps(page: Page): Promise<() => Promise<Heaps>> {
  const session = await page.context().newCDPSession(page);
  const workers = new Map<string, (method: string) => Promise<unknown>>();
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') workers.set(sessionId, nested(session, sessionId));
  });
  session.on('Target.detachedFromTarget', ({ sessionId }) => void workers.delete(sessionId));
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  return async () => {
    await session.send('HeapProfiler.collectGarbage');
    const own = (await session.send('Runtime.getHeapUsage')) as HeapUsage;
    const others = [...workers.values()].map(async (send) => {
      await send('HeapProfiler.collectGarbage');
      return bytes((await send('Runtime.getHeapUsage')) as HeapUsage);
    });
    return { page: bytes(own), workers: (await Promise.all(others)).reduce((sum, one) => sum + one, 0) };
  };
}

/** Sends a method to a target by way of the session that it is attached to, and waits for its result. */
function nested(session: CDPSession, sessionId: string): (method: string) => Promise<unknown> {
  const waiting = new Map<number, (result: unknown) => void>();
  let id = 0;
  session.on('Target.receivedMessageFromTarget', (event) => {
    if (event.sessionId !== sessionId) return;
    const reply = JSON.parse(event.message) as { id?: number; result?: unknown };
    if (reply.id === undefined) return;
    waiting.get(reply.id)?.(reply.result);
    waiting.delete(reply.id);
  });
  return (method) => {
    const message = JSON.stringify({ id: ++id, method });
    const result = new Promise<unknown>((resolve) => waiting.set(id, resolve));
    return session.send('Target.sendMessageToTarget', { message, sessionId }).then(() => result);
  };
}
