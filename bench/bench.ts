import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { cpuRows } from './cpu.ts';
import { pageRows } from './page.ts';
import type { Row } from './row.ts';

/** The groups of rows; a new one is one entry. */
const groups: Record<string, () => Promise<Row[]>> = { cpu: cpuRows, page: pageRows };

const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1]?.split(',')
  : undefined;
const rows: Row[] = [];
for (const [name, measure] of Object.entries(groups)) {
  if (only && !only.includes(name)) continue;
  console.error(`Measuring: ${name} ...`);
  rows.push(...(await measure()));
}

console.table(
  rows.map(({ name, value, unit, peer, ratio, bound }) => ({
    row: name,
    value: Number(value.toPrecision(4)),
    unit,
    'times as fast as': peer ? `${ratio?.toFixed(1)} × ${peer}` : '',
    bound: bound ?? '',
  })),
);
if (!rows.some((row) => row.peer)) console.log('No PyTorch on this machine: the rows have no ratio.');
mkdirSync('bench/results', { recursive: true });
const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
writeFileSync(
  'bench/results/bench.json',
  `${JSON.stringify({ date: new Date().toISOString(), machine, rows }, null, 2)}\n`,
);
console.log('Written to bench/results/bench.json');
