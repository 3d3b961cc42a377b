/**
 * On `address.given`: asks the DNS whether mail can reach the lead's domain, after its post was stored and answered. Emits
 * an event of the lead where that is known: `email.undeliverable`, or `email.deliverable` where it was not before.
 */
import * as z from 'zod/mini';
import { act } from './adapters/act.ts';
import { loadLead } from './adapters/leads.ts';
import { type Reach, reachOf } from './adapters/mail-domain.ts';
import { now } from './clock.ts';
import { log } from './http/log.ts';
import { partsOf } from './lead/email-address.ts';
import type { Happening, Instant } from './lead/event.ts';
import type { Lead } from './lead/lead.ts';

const envelope = z.object({ detail: z.object({ id: z.string(), leadId: z.string() }) });

export async function handler(event: unknown): Promise<void> {
  const { id, leadId } = z.parse(envelope, event).detail;
  const at = now();
  const lead = await loadLead(leadId);
  if (!lead) return;
  const reach = await reachOf(partsOf(lead.email.deliverTo).domain, Date.parse(at));
  log.info('asked for the domain of an address', { leadId, outcome: reach.kind });
  const happening = newsIn(reach, lead, id, at);
  if (happening) await act({ leadId }, [happening], { at });
}

/** Only what changes something: an address that somebody answered from is known better than by its domain. */
function newsIn(reach: Reach, { emailStatus }: Lead, id: string, at: Instant): Happening | undefined {
  const common = { key: `address:${id}`, at, actor: 'machine' } as const;
  if (reach.kind === 'unreachable' && emailStatus === 'unknown')
    return { ...common, type: 'email.undeliverable', data: { why: reach.why } };
  if (reach.kind === 'reachable' && emailStatus === 'undeliverable')
    return { ...common, type: 'email.deliverable', data: {} };
  return undefined;
}
