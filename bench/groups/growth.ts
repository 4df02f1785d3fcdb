import { createCpuEngine } from '../../src/engine/cpu/cpu-engine.ts';
import { flows } from '../contenders/engine.ts';
import { whitened } from '../problems.ts';
import { atMost, judged, type Row } from '../row.ts';
import { fittedExponent, range } from '../statistics.ts';
import type { Tools } from '../tools.ts';

/** `count` sizes from `from` to `to` in equal ratios, as whole multiples of `unit`. */
const sizes = (from: number, to: number, count: number, unit = 1): number[] =>
  Array.from(
    { length: count },
    (_, i) => unit * Math.round((from * (to / from) ** (i / (count - 1))) / unit),
  );

/** How the time of the cpu engine grows: exponents fitted to the shortest times of whole runs, nothing subtracted. */
export async function measure({ options, effort }: Tools): Promise<Row[]> {
  const engine = createCpuEngine();
  const shorter = options.quick ? 1 / 4 : 1;
  const time = (steps: number, count: number, hidden?: number) => {
    const contender = flows(engine, whitened('tanh', hidden), count);
    return () => contender.run(steps);
  };
  const series = [
    { name: 'steps', at: sizes(1000, 100_000 * shorter, 5), run: (steps: number) => time(steps, 1) },
    {
      name: 'flows',
      at: sizes(1, 256, 5),
      run: (count: number) => time(1000 * shorter, count),
    },
    {
      name: 'parameters',
      at: sizes(240, 7680, 6, 15),
      run: (size: number) => time(2000 * shorter, 1, size / 15),
    },
  ];
  const rows: Row[] = [];
  for (const { name, at, run } of series) {
    const runs = at.map((size) => run(size));
    for (const once of runs) await once();
    const rounds: number[][] = [];
    for (let round = 0; round < effort.rounds; round++) {
      const times: number[] = [];
      for (const once of runs) times.push(await once());
      rounds.push(times);
    }
    const best = at.map((_, i) => Math.min(...rounds.map((times) => times[i]!)));
    rows.push(
      judged({
        name: `cpu, 10-50-5 tanh: time against ${name}, ${at[0]} to ${at.at(-1)}`,
        unit: 'fitted exponent',
        value: fittedExponent(at, best),
        valueRange: range(rounds.map((times) => fittedExponent(at, times))),
        bound: atMost(1.05),
      }),
    );
  }
  engine.dispose();
  return rows;
}
