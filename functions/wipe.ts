/** On `lead.erase`: deletes all that there is of a lead that was marked as erased, and ends the machines that wait for it. */
import * as z from 'zod/mini';
import { erasedAt } from './adapters/leads.ts';
import { wiped, wipePage } from './adapters/wipe.ts';
import { now } from './clock.ts';
import { log } from './http/log.ts';

const envelope = z.object({ detail: z.object({ leadId: z.string() }) });

/** Well below the time limit of the function, 60 s. What is left then waits for the sweeper. */
const LONG_MS = 40_000;

export async function handler(event: unknown): Promise<void> {
  const { leadId } = z.parse(envelope, event).detail;
  if (!(await erasedAt(leadId))) return log.warn('nothing to erase: the lead is not marked', { leadId });
  const started = Date.parse(now());
  let count = 0;
  while (Date.parse(now()) - started < LONG_MS) {
    const page = await wipePage(leadId, now());
    count += page;
    if (page > 0) continue;
    await wiped(leadId);
    return log.info('erased', { leadId, count });
  }
  log.info('erased in part', { leadId, count });
}
