import { spawnSync } from 'node:child_process';
import { arch, cpus, loadavg, platform, totalmem } from 'node:os';

/** First line of what a command prints; null when it does not run. */
const lineOf = (program: string, ...words: string[]): string | null => {
  const { status, stdout } = spawnSync(program, words, { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split('\n')[0]! : null;
};

/** Processes that wanted a processor in the last minute, per processor: above a half, others are at work here. */
export const busyness = (): number => loadavg()[0]! / cpus().length;

/** Where figures were taken, for the JSON. */
export function describeMachine(chromium: string | null, torch: string | null) {
  return {
    date: new Date().toISOString(),
    commit: lineOf('git', 'describe', '--always', '--dirty'),
    machine: {
      processor: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Number((totalmem() / 2 ** 30).toFixed(1)),
      system: `${platform()} ${arch()}`,
    },
    versions: {
      node: process.version,
      torch,
      chromium: chromium === null ? null : lineOf(chromium, '--version'),
    },
  };
}
