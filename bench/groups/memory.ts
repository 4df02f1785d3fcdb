import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { defaultExperiment } from '../../src/experiment/defaults.ts';
import { experimentToHash } from '../../src/experiment/link.ts';
import type { Gpu } from '../adapter.ts';
import { type Site, withSite } from '../browser.ts';
import { watchBuffers } from '../gpu-memory.ts';
import { firstPicture, instrument, memory } from '../page-probe.ts';
import { descent, startsOf, whitened } from '../problems.ts';
import { atMost, judged, type Row, skipped } from '../row.ts';
import { growthWithin } from '../statistics.ts';
import type { Tools } from '../tools.ts';

const FLOWS = 33;
const SECONDS_PER_RUN = 2;
const SECONDS_PER_SAMPLE = 6;
/** Steps that no run reaches the end of. */
const ENDLESS = 1e9;
const FLAT = 2;

/** Memory while flows stream and start anew, for `--minutes` each: of the page on cpu, then of WebGPU in Node. */
export async function measure({ options, gpu }: Tools): Promise<Row[]> {
  const { minutes } = options;
  const page = await withSite((site) => streamPage(site, minutes));
  const opened = await gpu();
  const webgpu = 'missing' in opened ? null : await streamWebGpu(opened, minutes);
  return [
    ...growthRows('page on cpu', page, minutes),
    ...(webgpu
      ? growthRows('webgpu in Node', webgpu, minutes)
      : [skipped('webgpu in Node', 'missing' in opened ? opened.missing : '')]),
  ];
}

/** Samples of bytes by what they are of, taken at even times. */
type Samples = Record<string, number[]>;

/** One row per quantity: how much it has grown. */
function growthRows(where: string, samples: Samples, minutes: number): Row[] {
  return Object.entries(samples).map(([what, bytes]) => {
    const megabytes = (at: number) => ((bytes.at(at) ?? 0) / 1e6).toFixed(2);
    const name = `memory, ${where}: ${what}`;
    const growth = Math.max(...bytes) === 0 ? 0 : growthWithin(bytes);
    if (Number.isNaN(growth)) return skipped(name, 'too few samples: take more --minutes');
    return judged({
      name,
      unit: '% growth',
      value: 100 * growth,
      bound: atMost(FLAT),
      note: `${minutes} min, ${bytes.length} samples, ${megabytes(0)} to ${megabytes(-1)} MB`,
    });
  });
}

async function streamPage({ browser, url }: Site, minutes: number): Promise<Samples> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await instrument(page);
  await firstPicture(page, `${url}${experimentToHash({ ...defaultExperiment, engine: 'cpu' })}`);
  const samples = await memory(page, 60 * minutes, SECONDS_PER_SAMPLE);
  await page.close();
  return {
    'heap of the page': samples.map(({ pageHeap }) => pageHeap),
    'heap of the worker': samples.map(({ workerHeap }) => workerHeap),
    'WebGL buffers and textures': samples.map(({ graphics }) => graphics),
  };
}

/** Runs of 33 flows that are given up after two seconds, each in its own turn of the event loop. */
async function streamWebGpu(
  { engine, device }: Extract<Gpu, { engine: unknown }>,
  minutes: number,
): Promise<Samples> {
  const collectGarbage = exposedGarbageCollector();
  const buffers = watchBuffers(device);
  const setting = whitened('tanh');
  const batch = startsOf(setting, FLOWS);
  const plan = descent(setting, ENDLESS);
  const samples: Samples = {
    'heap of Node': [],
    'GPU buffers during a run': [],
    'GPU buffers between runs': [],
  };
  for (const end = Date.now() + 60_000 * minutes; Date.now() < end; ) {
    const stop = new AbortController();
    const stopAt = Date.now() + 1000 * SECONDS_PER_RUN;
    let during = 0;
    for await (const _ of engine.flow(setting.problem, batch, plan, stop.signal)) {
      during = Math.max(during, buffers.bytes);
      if (Date.now() > stopAt) stop.abort();
    }
    collectGarbage();
    samples['heap of Node']!.push(process.memoryUsage().heapUsed);
    samples['GPU buffers during a run']!.push(during);
    samples['GPU buffers between runs']!.push(buffers.bytes);
  }
  return samples;
}

function exposedGarbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
