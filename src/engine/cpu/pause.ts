/**
 * Lets the event loop run its other tasks, so that a cancel message can arrive between chunks. A timer would wait 4 ms
 * in browsers; a message does not. Node has `setImmediate`; there, messages posted while messages are delivered jump the
 * queue of timers. Several flows may wait at once.
 */
export function createPause(): () => Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  if (setImmediate) return () => new Promise((resolve) => setImmediate(resolve));
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
}
