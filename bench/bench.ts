import { mkdirSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { dirname } from 'node:path';
import { findChromium } from '../scripts/chromium.mjs';
import type { Gpu } from './adapter.ts';
import { openTorch } from './contenders/torch.ts';
import { busyness, describeMachine } from './machine.ts';
import { type Options, parseOptions } from './options.ts';
import { type Row, skipped, table } from './row.ts';
import type { Group, Tools } from './tools.ts';

register('./tensorflow-paths.mjs', import.meta.url);

/** The groups of rows, in the order of the table; a new one is one entry. */
const groups: readonly Group[] = [
  { name: 'cpu', byDefault: true, gpu: false, load: () => import('./groups/cpu.ts') },
  { name: 'networks', byDefault: true, gpu: false, load: () => import('./groups/networks.ts') },
  { name: 'teleport', byDefault: true, gpu: false, load: () => import('./groups/teleport.ts') },
  { name: 'growth', byDefault: true, gpu: false, load: () => import('./groups/growth.ts') },
  { name: 'webgpu', byDefault: true, gpu: true, load: () => import('./groups/webgpu.ts') },
  { name: 'tfjs', byDefault: true, gpu: true, load: () => import('./groups/tfjs.ts') },
  { name: 'page', byDefault: true, gpu: false, load: () => import('./groups/page.ts') },
  { name: 'memory', byDefault: false, gpu: false, load: () => import('./groups/memory.ts') },
];

const usage = `Usage: npm run bench -- [--only ${groups.map(({ name }) => name).join(',')}] [--quick] [--gpu] [--json FILE] [--minutes N]`;

/** Measures, prints and writes. Returns whether every group could be measured; speed is no reason to fail. */
async function main(options: Options): Promise<boolean> {
  const busy = busyness();
  const torch = await openTorch();
  const opened: { gpu?: Promise<Gpu> } = {};
  const tools: Tools = {
    options,
    effort: options.quick ? { rounds: 3, milliseconds: 60 } : { rounds: 7, milliseconds: 150 },
    torch,
    gpu: () => {
      opened.gpu ??= import('./adapter.ts').then(({ openGpu }) => openGpu(options.gpu));
      return opened.gpu;
    },
  };
  const rows: Row[] = [];
  const failed: string[] = [];
  for (const group of groups.filter((one) => isWanted(one, options))) {
    const start = performance.now();
    process.stderr.write(`Measuring: ${group.name} ... `);
    try {
      rows.push(...(await (await group.load()).measure(tools)));
    } catch (error) {
      failed.push(group.name);
      rows.push(skipped(group.name, `failed: ${error instanceof Error ? error.message : error}`));
    }
    process.stderr.write(`${((performance.now() - start) / 1000).toFixed(0)} s\n`);
  }
  torch.close();

  console.log(`\n${table(rows)}\n`);
  if (busy > 0.5)
    console.log(
      `The machine was busy (load ${busy.toFixed(1)} per processor): read latencies and spreads with care.`,
    );
  if (torch.version === null)
    console.log('No Python here imports torch: the rows against PyTorch are skipped.');
  const gpu = await opened.gpu;
  if (gpu) console.log(aboutAdapter(gpu, options));
  const adapter = gpu && 'adapter' in gpu ? gpu.adapter : null;
  const document = {
    ...describeMachine(findChromium(), torch.version),
    adapter,
    busy,
    quick: options.quick,
    rows,
  };
  mkdirSync(dirname(options.json), { recursive: true });
  writeFileSync(options.json, `${JSON.stringify(document, null, 2)}\n`);
  console.log(`Written to ${options.json}`);
  return failed.length === 0;
}

/** One sentence on where the WebGPU rows ran. */
function aboutAdapter(gpu: Gpu, { gpu: real }: Options): string {
  if ('missing' in gpu) return `The WebGPU rows are ${gpu.missing}.`;
  if (!gpu.software) return `The WebGPU rows ran on ${gpu.adapter}.`;
  const why = real ? 'no other was found' : '--gpu looks for a real one';
  return `The WebGPU rows ran on a software adapter, ${gpu.adapter}: ${why}.`;
}

const isWanted = ({ name, byDefault, gpu }: Group, options: Options): boolean =>
  options.only ? options.only.includes(name) : options.gpu ? gpu : byDefault;

try {
  const options = parseOptions(
    process.argv.slice(2),
    groups.map(({ name }) => name),
  );
  if (options.help) console.log(`${usage}\nbench/README.md explains the rows.`);
  else process.exitCode = (await main(options)) ? 0 : 1;
  process.exit();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n${usage}`);
  process.exit(1);
}
