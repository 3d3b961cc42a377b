/** How long a rehearsal takes: 100,000 leads through the sample's workflows, 30 days of arrivals and 30 of following. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { compileFolder } from '../../infra/definition-folder.ts';
import { simulateCohort } from '../../workflows/simulator/cohort-threads.ts';
import { ratesWith } from '../../workflows/simulator/rates.ts';
import { simulated } from '../../workflows/simulator/simulated.ts';
import type { Figures } from './run.ts';

const LEADS = 100_000;

export async function simulation(): Promise<Figures> {
  const definition = simulated(await compileFolder(join(import.meta.dirname, '..', '..', 'workflows')));
  const start = '2027-03-01T00:00:00.000Z';
  const spec = { leads: LEADS, arrivalDays: 30, days: 60, start, seed: 'bench', rates: ratesWith() };
  const began = performance.now();
  const { used } = await simulateCohort(definition, spec);
  const seconds = (performance.now() - began) / 1000;
  return [
    [
      `${LEADS.toLocaleString('en')} leads on ${availableParallelism()} cores (60 s allowed)`,
      `${seconds.toFixed(1)} s`,
    ],
    ['mails that they would get', used.mails.toLocaleString('en')],
    ['leads a second', (LEADS / seconds).toFixed(0)],
  ];
}
