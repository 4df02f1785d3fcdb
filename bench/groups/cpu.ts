import { availableParallelism } from 'node:os';
import { spawnPoolWorker } from '../../cli/spawn-pool-worker.ts';
import { createCpuEngine } from '../../src/engine/cpu/cpu-engine.ts';
import { poolSize } from '../../src/engine/cpu/pool/pool-size.ts';
import { createPooledEngine } from '../../src/engine/cpu/pool/pooled-engine.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { runCommand } from '../contenders/command.ts';
import { flows } from '../contenders/engine.ts';
import { descentLoop } from '../contenders/typescript.ts';
import { contest, type Effort } from '../contest.ts';
import { whitened } from '../problems.ts';
import { atLeast, type Row, skipped } from '../row.ts';
import type { Tools } from '../tools.ts';

const BATCH = 256;
/** How many times as fast as torch_step.py one flow should be, and a batch of each activation. */
const ONE_BOUND = 15;
const batchBounds = { tanh: 2.5, relu: 2, sigmoid: 2, linear: 2 } as const;
const activations = ['tanh', 'relu', 'sigmoid', 'linear'] as const;

/** Setting up and recording a flow costs as much as a few steps. */
const LEAST_STEPS = 200;

/** Gradient descent on 10-50-5 in the cpu engine on one thread, and one flow through the command line. */
export async function measure({ options, effort, torch }: Tools): Promise<Row[]> {
  const engine = createCpuEngine();
  const rows: Row[] = [];
  for (const count of [1, BATCH]) {
    for (const name of activations) {
      const setting = whitened(name);
      const entry = {
        name: `cpu, 10-50-5 ${name}, ${count === 1 ? 'one flow' : `${count} flows`}`,
        unit: 'µs per flow-step',
        factor: 1000 / count,
        subject: flows(engine, setting, count, LEAST_STEPS),
        peers: [
          { contender: torch.step(name, count), bound: atLeast(count === 1 ? ONE_BOUND : batchBounds[name]) },
          { contender: descentLoop(setting, count) },
        ],
      };
      rows.push(...(await contest(entry, effort)));
    }
  }
  rows.push(...(await pool(engine, effort)));
  engine.dispose();
  const command = {
    name: 'npm run flow, 10-50-5 tanh, one flow',
    unit: 'µs per step',
    factor: 1000,
    subject: runCommand(options.quick ? 100_000 : 400_000),
    peers: [{ contender: torch.step('tanh', 1), bound: atLeast(ONE_BOUND) }],
  };
  rows.push(...(await contest(command, { ...effort, rounds: Math.min(effort.rounds, 3) })));
  return rows;
}

/** The same batch on all processors but one. */
async function pool(engine: Engine, effort: Effort): Promise<Row[]> {
  const threads = poolSize(availableParallelism());
  const name = `cpu, 10-50-5 tanh, ${BATCH} flows, ${threads === 1 ? 'all' : threads} threads`;
  if (threads === 1) return [skipped(name, 'skipped: fewer than 3 processors')];
  const pooled = createPooledEngine(createCpuEngine(), spawnPoolWorker, threads);
  const tanh = whitened('tanh');
  const entry = {
    name,
    unit: 'µs per flow-step',
    factor: 1000 / BATCH,
    subject: flows(pooled, tanh, BATCH, LEAST_STEPS * threads),
    peers: [{ contender: { ...flows(engine, tanh, BATCH, LEAST_STEPS), label: 'one thread' } }],
  };
  const rows = await contest(entry, effort);
  pooled.dispose();
  return rows;
}
