import type { CDPSession, Page } from '@playwright/test';

/*
 * What the page does, measured from outside: input events on the slider of Q, the frames that the 3-D view says it has drawn
 * (`data-steered` of its container), tasks of the main thread from Chromium's trace, memory.
 */

/** A task of the main thread, in milliseconds: by the wall clock, and the processor time that its thread took. */
export interface Task {
  readonly wall: number;
  readonly processor: number;
}

/** How long the picture lagged behind the hand, in milliseconds, one entry per input event. */
export interface DragFigures {
  /** Input event to the end of the first animation frame that shows a path as new as that event or newer. */
  readonly firstFrame: readonly number[];
  /** Input event to the frame that shows the whole path; only of events that were not followed by another. */
  readonly wholePath: readonly number[];
}

/** Memory at one moment, after garbage collection. Bytes, except where a count is said. */
export interface MemorySample {
  readonly seconds: number;
  readonly pageHeap: number;
  readonly workerHeap: number;
  /** Bytes of WebGL buffers and textures that are not deleted. */
  readonly graphics: number;
  /** Numbers of WebGL buffers and textures, of DOM nodes and of event listeners. */
  readonly graphicsObjects: number;
  readonly nodes: number;
  readonly listeners: number;
}

const slider = (page: Page) => page.getByRole('slider', { name: 'Conserved quantity Q' });

/** The `part` quantile of a sample, 0 to 1; 0 of nothing. */
export function quantile(sample: readonly number[], part: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(part * sorted.length) - 1))] ?? 0;
}

/** Puts the recorder into every document that the page opens from now on. */
export const instrument = (page: Page): Promise<unknown> =>
  page.addInitScript({ path: new URL('page-recorder.js', import.meta.url).pathname });

/** Opens `url` in an instrumented page and returns the milliseconds from navigation to the end of the first frame with a flow on it. */
export async function firstPicture(page: Page, url: string): Promise<number> {
  await page.goto(url);
  await page.waitForFunction(() => (window as unknown as Recorder).recording.firstPicture > 0);
  return (await recorded(page)).firstPicture;
}

/** Waits until nothing is computed any more. */
export async function finished(page: Page): Promise<void> {
  await page
    .locator('button:disabled', { hasText: 'Cancel' })
    .waitFor({ state: 'attached', timeout: 120_000 });
}

/** Waits until nothing is computed any more and the picture of it is drawn. */
async function settled(page: Page): Promise<void> {
  await finished(page);
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 100)));
      }),
  );
}

/** What page-recorder.js notes. */
interface Recording {
  readonly firstPicture: number;
  readonly graphics: Map<object, number>;
  readonly inputs: { readonly time: number; readonly value: number }[];
  readonly frames: { readonly time: number; readonly q: number; readonly points: number }[];
}

type Recorder = { readonly recording: Recording };

const forget = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const { inputs, frames } = (window as unknown as Recorder).recording;
    inputs.length = 0;
    frames.length = 0;
  });

const recorded = (page: Page): Promise<Omit<Recording, 'graphics'>> =>
  page.evaluate(() => {
    const { firstPicture, inputs, frames } = (window as unknown as Recorder).recording;
    return { firstPicture, inputs, frames };
  });

/** Which input event a frame shows: the nearest Q. */
const shownInput = ({ inputs }: Pick<Recording, 'inputs'>, q: number): number =>
  inputs.reduce(
    (best, { value }, i) => (Math.abs(value - q) <= Math.abs(inputs[best]!.value - q) ? i : best),
    0,
  );

function lags(recording: Pick<Recording, 'inputs' | 'frames'>): number[] {
  const shown = recording.frames.map(({ time, q }) => ({ time, input: shownInput(recording, q) }));
  return recording.inputs.map(({ time }, i) => {
    const frame = shown.find((one) => one.time >= time && one.input >= i);
    return frame ? frame.time - time : Number.POSITIVE_INFINITY;
  });
}

/**
 * Drags the slider of Q across its middle part by the mouse, there and back, `times` times, at the pace at which the page takes
 * the movements, then presses an arrow key `times` times, each when the path before is whole. The page shows a finished run with a
 * steered flow.
 */
export async function drag(page: Page, times: number): Promise<DragFigures> {
  const firstFrame: number[] = [];
  const wholePath: number[] = [];
  const box = (await slider(page).boundingBox())!;
  const place = async (part: number, steps: number) =>
    page.mouse.move(box.x + part * box.width, box.y + box.height / 2, { steps });
  for (let i = 0; i < times; i++) {
    const [from, to] = i % 2 === 0 ? [0.3, 0.7] : [0.7, 0.3];
    await place(from, 1);
    await page.mouse.down();
    await settled(page);
    await forget(page);
    await place(to, 30);
    await page.mouse.up();
    await settled(page);
    firstFrame.push(...lags(await recorded(page)));
  }
  for (let i = 0; i < times; i++) {
    await forget(page);
    await slider(page).press(i % 20 < 10 ? 'ArrowRight' : 'ArrowLeft');
    await settled(page);
    const recording = await recorded(page);
    firstFrame.push(...lags(recording));
    wholePath.push(recording.frames.at(-1)!.time - recording.inputs[0]!.time);
  }
  return { firstFrame, wholePath };
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Every task of the page's main thread while `work` runs. */
export async function mainThreadTasks(page: Page, work: () => Promise<void>): Promise<Task[]> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && mains.has(`${pid} ${tid}`),
  );
  return tasks.map(({ dur = 0, tdur = 0 }) => ({ wall: dur / 1000, processor: tdur / 1000 }));
}

/** Keeps flows streaming for `seconds`: the run begins anew every two seconds, with one press on the slider in between. */
export async function stream(page: Page, seconds: number): Promise<void> {
  const end = Date.now() + 1000 * seconds;
  for (let i = 0; Date.now() < end; i++) {
    await page.getByRole('button', { name: 'Reset', exact: true }).click();
    await page.waitForTimeout(1000);
    await slider(page).press(i % 2 === 0 ? 'ArrowRight' : 'ArrowLeft');
    await page.waitForTimeout(1000);
  }
}

/** The part of a heap that is in use after garbage collection, array buffers included, in bytes. */
interface Heap {
  readonly usedSize: number;
  readonly backingStorageSize?: number;
}

const heapBytes = ({ usedSize, backingStorageSize = 0 }: Heap): number => usedSize + backingStorageSize;

/**
 * Memory at even intervals while flows stream for `seconds`, each sample after garbage collection, page and worker both. The
 * first sample is taken when one interval has passed, since what is allocated once is there by then.
 */
export async function memory(page: Page, seconds: number, interval = 10): Promise<MemorySample[]> {
  const session = await page.context().newCDPSession(page);
  const askWorker = await workerSession(session);
  await session.send('Performance.enable');
  const samples: MemorySample[] = [];
  const begin = Date.now();
  while (Date.now() - begin < 1000 * seconds) {
    await stream(page, interval);
    await settled(page);
    await session.send('HeapProfiler.collectGarbage');
    await askWorker('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? Number.NaN;
    const graphics = await page.evaluate(() => [
      ...(window as unknown as Recorder).recording.graphics.values(),
    ]);
    samples.push({
      seconds: (Date.now() - begin) / 1000,
      pageHeap: heapBytes((await session.send('Runtime.getHeapUsage')) as Heap),
      workerHeap: heapBytes((await askWorker('Runtime.getHeapUsage')) as unknown as Heap),
      graphics: graphics.reduce((sum, bytes) => sum + bytes, 0),
      graphicsObjects: graphics.length,
      nodes: metric('Nodes'),
      listeners: metric('JSEventListeners'),
    });
  }
  await session.detach();
  return samples;
}

/** How to ask the page's run worker over the protocol: the first worker that runs. */
async function workerSession(session: CDPSession): Promise<(method: string) => Promise<object>> {
  const waiting = new Map<number, (result: object) => void>();
  let id = 0;
  const attached = new Promise<string>((resolve) => {
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (/\/worker-[^/]*$/.test(targetInfo.url)) resolve(sessionId);
    });
  });
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const answer = JSON.parse(message) as { id: number; result?: object };
    waiting.get(answer.id)?.(answer.result ?? {});
    waiting.delete(answer.id);
  });
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  const sessionId = await attached;
  return (method) =>
    new Promise((resolve) => {
      waiting.set(++id, resolve);
      session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) });
    });
}
