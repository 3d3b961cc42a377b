/** A thread that simulates the leads it is given. */
import { parentPort, workerData } from 'node:worker_threads';
import { type CohortSpec, noCounts, simulateLeads } from './cohort.ts';
import type { Simulated } from './run.ts';

const { definition, spec } = workerData as { definition: Simulated; spec: CohortSpec };

parentPort?.on('message', ({ from, to }: { from: number; to: number }) => {
  const counts = noCounts();
  simulateLeads(definition, spec, from, to, counts);
  parentPort?.postMessage(counts);
});
