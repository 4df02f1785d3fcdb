import { createCpuEngine } from '../../src/engine/cpu/cpu-engine.ts';
import { createTfjsEngine } from '../../src/engine/tfjs/tfjs-engine.ts';
import type { Gpu } from '../adapter.ts';
import { flows } from '../contenders/engine.ts';
import { descentLoop } from '../contenders/typescript.ts';
import { contest } from '../contest.ts';
import { teacher } from '../problems.ts';
import { type Row, skipped } from '../row.ts';
import type { Tools } from '../tools.ts';

const WIDTHS = [784, 256, 10];
const SAMPLES = 1000;
/** A flow evaluates its start and observes its end in float64, which costs as much as a few steps. */
const LEAST_STEPS = 10;

/** A network too large for a workgroup in the tfjs engine, on WebGPU and on wasm, both in Node. */
export async function measure({ options, effort, torch, gpu }: Tools): Promise<Row[]> {
  // Puts WebGPU where TF.js finds it.
  const opened = await gpu();
  const large = teacher(WIDTHS, SAMPLES);
  const cpu = createCpuEngine();
  const rows: Row[] = [];
  for (const backend of options.gpu ? (['webgpu'] as const) : (['webgpu', 'wasm'] as const)) {
    const name = `tfjs on ${backend}, ${WIDTHS.join('-')} relu, ${SAMPLES} samples, one flow`;
    const objection = backend === 'webgpu' ? unfit(opened) : null;
    const created = objection ? { reason: objection } : await createTfjsEngine({ backends: [backend] });
    if (!('engine' in created)) {
      rows.push(skipped(name, created.reason));
      continue;
    }
    const peers = [
      torch.network('step', { widths: WIDTHS, activation: 'relu', samples: SAMPLES, rows: 1 }),
      flows(cpu, large, 1, LEAST_STEPS),
      descentLoop(large, 1),
    ];
    const entry = {
      name,
      unit: 'ms per step',
      factor: 1,
      subject: flows(created.engine, large, 1, LEAST_STEPS),
      peers: peers.map((contender) => ({ contender })),
    };
    rows.push(...(await contest(entry, { ...effort, rounds: Math.min(effort.rounds, 3) })));
    created.engine.dispose();
  }
  cpu.dispose();
  return rows;
}

/** Why WebGPU tells nothing here, else null: a step takes a software adapter half a minute. */
const unfit = (gpu: Gpu): string | null =>
  'missing' in gpu ? gpu.missing : gpu.software ? 'skipped: the adapter is software' : null;
