/**
 * On `lead.fold`: judges the acts of a lead that were stored as pending. On `lead.due`: lets the clock strike, which may
 * end a stage. Emits what the acts cause.
 */
import * as z from 'zod/mini';
import { act } from './adapters/act.ts';
import { foldPending } from './adapters/fold-pending.ts';
import { loadLead } from './adapters/leads.ts';
import { now } from './clock.ts';
import { log } from './http/log.ts';
import { clockStruck } from './lead/decide.ts';

const envelope = z.object({
  'detail-type': z.enum(['lead.fold', 'lead.due']),
  detail: z.object({ leadId: z.string() }),
});

export async function handler(event: unknown): Promise<void> {
  const { 'detail-type': type, detail } = z.parse(envelope, event);
  if (type === 'lead.due') return strike(detail.leadId);
  const count = await foldPending(detail.leadId, now);
  log.info('folded pending acts', { leadId: detail.leadId, count });
}

/** Once for each due moment: a message that comes again finds another one, or none. */
async function strike(leadId: string): Promise<void> {
  const at = now();
  const lead = await loadLead(leadId);
  if (!lead?.dueAt || lead.dueAt > at) return;
  const { kind } = await act({ leadId }, [clockStruck(lead.dueAt, at)], { at });
  log.info('the clock struck', { leadId, outcome: kind });
}
