import type { Page } from '@playwright/test';
import { defaultExperiment } from '../../src/experiment/defaults.ts';
import { experimentToHash } from '../../src/experiment/link.ts';
import { type Site, withSite } from '../browser.ts';
import { gzippedBytes, initialChunks, withTensorflow } from '../bundle.ts';
import {
  drag,
  finished,
  firstPicture,
  instrument,
  mainThreadTasks,
  quantile,
  stream,
  type Task,
} from '../page-probe.ts';
import { atMost, judged, type Row } from '../row.ts';
import { median, range } from '../statistics.ts';
import type { Tools } from '../tools.ts';

/** What the page loads, and how it feels under the hand: headless Chromium, the preset of 10-50-5 with a sweep of 33, on cpu. */
export const measure = (tools: Tools): Promise<Row[]> => withSite((site) => measureSite(site, tools));

const KILO = 1000;
/** kB, for what index.html names, and kept for what the page loads in all until it shows something. */
const INITIAL_BOUND = 350;

async function measureSite(site: Site, { options }: Tools): Promise<Row[]> {
  const initial = initialChunks(site.bundle.chunks);
  const tensorflow = withTensorflow(initial);
  const openings = [];
  for (let i = 0; i < (options.quick ? 2 : 5); i++) openings.push(await opening(site));
  const [steered, tasks] = await underTheHand(site, options.quick);
  const times = openings.map(({ milliseconds }) => milliseconds);
  const early = new Set(openings.flatMap(({ files }) => files));
  const loaded = site.bundle.chunks.filter(({ file }) => early.has(file));
  const wall = tasks.map((task) => task.wall);
  return [
    {
      name: 'initial JavaScript of index.html, gzipped',
      unit: 'kB',
      value: gzippedBytes(initial) / KILO,
      bound: atMost(INITIAL_BOUND),
    },
    {
      name: 'chunks of TF.js in the initial JavaScript',
      unit: 'chunks',
      value: tensorflow.length,
      bound: atMost(0),
    },
    {
      name: 'JavaScript of the page until the first picture, gzipped',
      unit: 'kB',
      value: gzippedBytes(loaded.filter(({ worker }) => !worker)) / KILO,
      bound: atMost(INITIAL_BOUND),
      note: `${(gzippedBytes(loaded.filter(({ worker }) => worker)) / KILO).toFixed(0)} kB of workers beside it`,
    },
    {
      name: 'chunks of TF.js until the first picture, workers included',
      unit: 'chunks',
      value: withTensorflow(loaded).length,
      bound: atMost(0),
    },
    { name: 'time to first picture', unit: 'ms', value: median(times), valueRange: range(times) },
    { name: 'drag of Q to first new frame, median', unit: 'ms', value: quantile(steered.firstFrame, 0.5) },
    {
      name: 'drag of Q to first new frame, 95 %',
      unit: 'ms',
      value: quantile(steered.firstFrame, 0.95),
      bound: atMost(50),
    },
    {
      name: 'drag of Q to the whole path, 95 %',
      unit: 'ms',
      value: quantile(steered.wholePath, 0.95),
      valueRange: range(steered.wholePath),
      bound: atMost(250),
    },
    {
      name: 'longest main-thread task while flows stream',
      unit: 'ms',
      value: Math.max(...wall),
      bound: atMost(50),
      note: `${Math.max(...tasks.map(({ processor }) => processor)).toFixed(1)} ms of processor time at most`,
    },
    {
      name: 'main-thread tasks while flows stream, 99 %',
      unit: 'ms',
      value: quantile(wall, 0.99),
      bound: atMost(16),
      note: `of ${wall.length} tasks`,
    },
  ].map(judged);
}

/** A page that has never been opened: how long until its first picture, and the files that it loaded until then. */
async function opening({ browser, url }: Site): Promise<{ milliseconds: number; files: string[] }> {
  const fresh = await newPage(browser);
  const files: string[] = [];
  fresh.on('request', (request) => files.push(new URL(request.url()).pathname.slice(1)));
  const milliseconds = await firstPicture(fresh, url);
  const loaded = [...files];
  await fresh.context().close();
  return { milliseconds, files: loaded };
}

/** Drags, then streams, on one page. */
async function underTheHand({ browser, url }: Site, quick: boolean) {
  const opened = await newPage(browser);
  await firstPicture(opened, `${url}${experimentToHash({ ...defaultExperiment, engine: 'cpu' })}`);
  await finished(opened);
  const steered = await drag(opened, quick ? 3 : 10);
  const tasks: Task[] = await mainThreadTasks(opened, () => stream(opened, quick ? 6 : 20));
  await opened.context().close();
  return [steered, tasks] as const;
}

async function newPage(browser: Site['browser']): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const opened = await context.newPage();
  await instrument(opened);
  return opened;
}
