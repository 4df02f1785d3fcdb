import type { Port, PortEvents } from './client.ts';

/** Starts the worker. `name` reaches it as `self.name`: the page's query string, read for test options (see worker.ts). */
export function spawnWorker(name: string): (events: PortEvents) => Port {
  return (events) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name });
    worker.onmessage = ({ data }) => events.message(data);
    worker.onerror = (event) => {
      event.preventDefault();
      events.crash(event.message ?? '');
    };
    worker.onmessageerror = () => events.crash('a message could not be read');
    return {
      post: (message) => worker.postMessage(message),
      terminate: () => worker.terminate(),
    };
  };
}
