import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Contender, Missing } from '../contest.ts';

/** Scripts of bench/ that run PyTorch, in one Python that has loaded it already. */
export interface Torch {
  /** null: no Python here has PyTorch. */
  readonly version: string | null;
  /** bench/torch_step.py; a unit of work is one step of all flows. */
  step(activation: string, flows: number): Contender | Missing;
  /** A task of bench/torch_network.py; a unit of work is the task done once for all rows. */
  network(task: 'step' | 'hvp' | 'surface', setting: TorchSetting): Contender | Missing;
  close(): void;
}

export interface TorchSetting {
  readonly widths: readonly number[];
  readonly activation: string;
  /** 0: inputs = the identity. */
  readonly samples: number;
  readonly rows: number;
}

const label = 'PyTorch, one thread';
const environment = { ...process.env, OMP_NUM_THREADS: '1' };
const server = fileURLToPath(new URL('../torch_serve.py', import.meta.url));

/** Finds PyTorch in the first Python that can import it: $PYTHON, then the usual names. */
export async function openTorch(): Promise<Torch> {
  const interpreters = [process.env.PYTHON, 'python3', 'python', '/usr/bin/python3'].filter(
    (name): name is string => !!name,
  );
  const python = interpreters.find(
    (name) => spawnSync(name, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0,
  );
  return python === undefined ? absent : serve(spawn(python, [server], { env: environment }));
}

const missing = { label, missing: 'skipped: no Python here imports torch' } as const;
const absent: Torch = { version: null, step: () => missing, network: () => missing, close() {} };

async function serve(child: ChildProcessWithoutNullStreams): Promise<Torch> {
  let complaints = '';
  child.stderr.on('data', (text) => {
    complaints = (complaints + text).slice(-2000);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`PyTorch ended: ${complaints}`);
    return JSON.parse(value);
  };
  const ask = (...words: (string | number)[]) => {
    child.stdin.write(`${JSON.stringify(words.map(String))}\n`);
    return answer();
  };
  const version = String((await answer()).torch);
  return {
    version,
    step: (activation, flows) => ({
      label,
      async run(steps) {
        const { us_per_step } = await ask('torch_step.py', activation, flows, steps, 1);
        return (Number(us_per_step) * steps) / 1000;
      },
    }),
    network: (task, { widths, activation, samples, rows }) => ({
      label,
      async run(times) {
        const { us } = await ask(
          'torch_network.py',
          task,
          widths.join('-'),
          activation,
          samples,
          rows,
          times,
        );
        return (Number(us) * times) / 1000;
      },
    }),
    close: () => child.stdin.end(),
  };
}
