/** Deals a cohort out to threads, one for each core. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { addCounts, type CohortSpec, type Counts, noCounts, simulateLeads } from './cohort.ts';
import type { Simulated } from './run.ts';

/** Leads that a thread takes at a time: seldom enough to ask, often enough to tell how far it is. */
const PORTION = 250;
/** Below this a thread costs more than it saves. */
const FEW = 500;

/**
 * Simulates a cohort.
 * @param progress hears how many leads are done. @throws Error of a lead that cannot be simulated.
 */
export async function simulateCohort(
  definition: Simulated,
  spec: CohortSpec,
  {
    progress = () => undefined,
    threads = availableParallelism(),
  }: { progress?: (done: number) => void; threads?: number } = {},
): Promise<Counts> {
  const whole = noCounts();
  if (spec.leads <= FEW) {
    simulateLeads(definition, spec, 0, spec.leads, whole);
    progress(spec.leads);
    return whole;
  }
  let next = 0;
  const portion = (): { from: number; to: number } | undefined => {
    if (next >= spec.leads) return undefined;
    const from = next;
    next = Math.min(spec.leads, from + PORTION);
    return { from, to: next };
  };
  const done = (counts: Counts): void => {
    addCounts(whole, counts);
    progress(whole.leads);
  };
  await Promise.all(Array.from({ length: threads }, () => work(definition, spec, portion, done)));
  return whole;
}

function work(
  definition: Simulated,
  spec: CohortSpec,
  portion: () => { from: number; to: number } | undefined,
  done: (counts: Counts) => void,
): Promise<void> {
  const worker = new Worker(new URL('./cohort-worker.ts', import.meta.url), { workerData: { definition, spec } });
  return new Promise<void>((resolve, reject) => {
    const give = (): void => {
      const next = portion();
      if (next) worker.postMessage(next);
      else void worker.terminate().then(() => resolve());
    };
    worker.on('message', (counts: Counts) => {
      done(counts);
      give();
    });
    worker.on('error', reject);
    give();
  });
}
