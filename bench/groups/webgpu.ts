import { createCpuEngine } from '../../src/engine/cpu/cpu-engine.ts';
import { flows, hessianVectorProducts } from '../contenders/engine.ts';
import { SIDE, surface } from '../contenders/surface.ts';
import { opByOp } from '../contenders/tensorflow.ts';
import { contest, type Peer } from '../contest.ts';
import { whitened } from '../problems.ts';
import { atLeast, type Row, skipped } from '../row.ts';
import type { Tools } from '../tools.ts';

const SURFACE_ROWS = 16384;
/** Setting up and recording 4096 flows costs as much as a fraction of a step on a software adapter. */
const LEAST_STEPS = 5;
/** Longer turns than on the processor: dispatches grow to their length over the first of a run. */
const LONGER = 3;
/** Turns of what takes seconds on a software adapter. */
const FEW_ROUNDS = 3;

/** The fused engine against TF.js op by op on the same device, and against the cpu engine on one thread. In Node. */
export async function measure({ effort, gpu }: Tools): Promise<Row[]> {
  const opened = await gpu();
  if ('missing' in opened) return [skipped('webgpu', opened.missing)];
  const { engine, software } = opened;
  const cpu = createCpuEngine();
  const tanh = whitened('tanh');
  const flowRow = (count: number, peers: readonly Peer[]) => ({
    name: `webgpu, 10-50-5 tanh, ${count === 1 ? 'one flow' : `${count} flows`}`,
    unit: 'µs per flow-step',
    factor: 1000 / count,
    subject: flows(engine, tanh, count, LEAST_STEPS),
    peers: [...peers, { contender: flows(cpu, tanh, count, LEAST_STEPS) }],
  });
  const contests = [
    flowRow(1, [{ contender: await opByOp(1), bound: atLeast(100) }]),
    flowRow(256, [{ contender: await opByOp(256), bound: atLeast(25) }]),
    {
      name: 'webgpu, Hessian-vector products of 10-50-5 tanh, 256 rows',
      unit: 'µs per product',
      factor: 1000 / 256,
      subject: hessianVectorProducts(engine, tanh, 256),
      peers: [{ contender: hessianVectorProducts(cpu, tanh, 256) }],
    },
  ];
  const long = [
    flowRow(4096, software ? [] : [{ contender: await opByOp(4096) }]),
    {
      name: `webgpu, loss surface ${SIDE} x ${SIDE} of 10-50-5 tanh`,
      unit: 'ms',
      factor: 1,
      subject: surface(engine, tanh, SURFACE_ROWS),
      peers: [{ contender: surface(cpu, tanh, SURFACE_ROWS) }],
    },
  ];
  const rows: Row[] = [];
  const milliseconds = LONGER * effort.milliseconds;
  for (const entry of contests) rows.push(...(await contest(entry, { milliseconds, rounds: effort.rounds })));
  for (const entry of long) rows.push(...(await contest(entry, { milliseconds, rounds: FEW_ROUNDS })));
  cpu.dispose();
  return rows;
}
