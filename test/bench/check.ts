/** How long `ripen check` takes, as a marketer waits for it: a process of its own, on the sample's files. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Figures } from './run.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TIMES = 5;

export async function checking(): Promise<Figures> {
  const seconds = Array.from({ length: TIMES }, () => {
    const began = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ['infra/ripen.ts', 'check'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return (performance.now() - began) / 1000;
  }).sort((a, b) => a - b);
  const median = seconds[Math.floor(TIMES / 2)] ?? 0;
  return [
    ['ripen check, median of 5 (2 s allowed)', `${median.toFixed(2)} s`],
    ['the slowest', `${(seconds.at(-1) ?? 0).toFixed(2)} s`],
  ];
}
