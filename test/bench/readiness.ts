/** From `npm start`'s command to "ready", and what stays in memory. */
import { readdirSync, readFileSync } from 'node:fs';
import { System } from '../system/system.ts';
import { postNewLeads } from './load.ts';
import type { Figures } from './run.ts';

export async function readiness(): Promise<Figures> {
  const first = new System();
  const cold = await timed(() => first.start());
  await first.stop();
  const warm: number[] = [];
  for (let nth = 0; nth < 5; nth++) {
    warm.push(await timed(() => first.start()));
    if (nth < 4) await first.stop();
  }
  const ready = residentOf(first.pid);
  await postNewLeads(first.url, 'cash-flow-guide', 'ready', 500);
  await first.settle();
  const peak = residentOf(first.pid);
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const resident = residentOf(first.pid);
  await first.remove();
  return [
    ['first start, synthesising', `${(cold / 1000).toFixed(2)} s`],
    [
      'start from the cached assembly, median of 5',
      `${((warm.sort((a, b) => a - b)[2] as number) / 1000).toFixed(2)} s`,
    ],
    ['resident when ready, all processes', `${(ready / 1e6).toFixed(0)} MB`],
    ['resident right after 500 posts and their mails', `${(peak / 1e6).toFixed(0)} MB`],
    ['resident 5 s later', `${(resident / 1e6).toFixed(0)} MB`],
  ];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Bytes resident of a process and its children (Linux). */
function residentOf(pid: number): number {
  const children = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && parentOf(entry) === pid);
  return [String(pid), ...children].reduce((sum, entry) => sum + own(entry), 0);
}

const own = (pid: string): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;

function parentOf(pid: string): number {
  try {
    return Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}
