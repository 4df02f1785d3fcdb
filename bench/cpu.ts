import { spawnSync } from 'node:child_process';
import { createCpuEngine } from '../src/engine/cpu/cpu-engine.ts';
import type { FlowPlan } from '../src/flow/plan.ts';
import type { ActivationName } from '../src/model/activation.ts';
import { whitenedDataset } from '../src/model/data.ts';
import { initialise } from '../src/model/initialisation.ts';
import type { Problem } from '../src/model/problem.ts';
import { median, type Row } from './row.ts';

const repeats = 3;

/** Microseconds per flow-step of gradient descent on 10-50-5 in the cpu engine: the median of a few runs. */
async function engineMicroseconds(activation: ActivationName, flows: number, steps: number): Promise<number> {
  const architecture = { kind: 'mlp', widths: [10, 50, 5], activation, bias: false } as const;
  const problem: Problem = {
    architecture,
    dataset: whitenedDataset(10, 5, 12345, 'mean-squared-error'),
    loss: 'mean-squared-error',
  };
  const starts = Array.from({ length: flows }, (_, seed) =>
    initialise(architecture, { kind: 'normal', std: [0.1, 0.1] }, seed),
  );
  const parameters = Float64Array.from(starts.flatMap((theta) => [...theta]));
  const plan: FlowPlan = {
    kind: 'fixed-step',
    integrator: 'gradient-descent',
    stepSize: 0.1,
    steps,
    record: { by: 'step', at: Float64Array.of(0, steps) },
    stop: {},
  };
  const engine = createCpuEngine();
  const sample: number[] = [];
  for (let i = 0; i <= repeats; i++) {
    const start = performance.now();
    for await (const _ of engine.flow(problem, { count: flows, parameters }, plan));
    if (i > 0) sample.push(((performance.now() - start) * 1000) / (steps * flows));
  }
  engine.dispose();
  return median(sample);
}

/** The same step in PyTorch on one thread; null when Python has no torch. */
function torchMicroseconds(activation: string, flows: number, steps: number): number | null {
  const words = ['bench/torch_step.py', activation, String(flows), String(steps), '1'];
  const { status, stdout } = spawnSync('python3', words, {
    encoding: 'utf8',
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  return status === 0 ? (JSON.parse(stdout).us_per_flow_step as number) : null;
}

/** Gradient descent on 10-50-5, one flow and 256, against PyTorch on one thread. */
export async function cpuRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [flows, steps] of [
    [1, 20000],
    [256, 100],
  ] as const) {
    for (const activation of ['linear', 'relu', 'tanh', 'sigmoid'] as const) {
      const value = await engineMicroseconds(activation, flows, steps);
      const torch = torchMicroseconds(activation, flows, Math.min(steps, 2000));
      rows.push({
        name: `cpu, 10-50-5 ${activation}, gradient descent, ${flows} flow${flows > 1 ? 's' : ''}`,
        value,
        unit: 'µs per flow-step',
        ...(torch === null ? {} : { peer: 'PyTorch, one thread', ratio: torch / value }),
      });
    }
  }
  return rows;
}
