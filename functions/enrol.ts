/**
 * On `enrolment.started`: starts the state machine of the enrolment's workflow, in the version that its definition was
 * published with. One execution a run: a message that comes again starts nothing.
 */
import * as z from 'zod/mini';
import { manifest } from './adapters/definitions.ts';
import { loadEnrolment } from './adapters/leads.ts';
import { startExecution } from './adapters/machines.ts';
import { log } from './http/log.ts';

const envelope = z.object({
  detail: z.object({ leadId: z.string(), enrolmentId: z.string(), run: z.number() }),
});

export async function handler(event: unknown): Promise<void> {
  const { leadId, enrolmentId, run } = z.parse(envelope, event).detail;
  const enrolment = await loadEnrolment(leadId, enrolmentId);
  if (enrolment?.status !== 'active' || enrolment.run !== run) {
    log.info('nothing to start', { leadId, enrolmentId, outcome: enrolment?.status ?? 'unknown' });
    return;
  }
  const { definition, workflow, step, dueAt } = enrolment;
  const machine = (await manifest(definition))?.machines[workflow];
  if (!machine) throw new Error(`Definition ${definition} was published without a machine for ${workflow}.`);
  // The first run begins at the beginning, whenever its message comes.
  const at = run === 1 ? null : step;
  await startExecution(machine, `${enrolmentId}-${run}`, { leadId, enrolmentId, definition, run, at, due: dueAt });
}
