/**
 * SES's events about mails (EventBridge, default bus): a Send or a Delivery settles the send that its tag names; all
 * others happen to the lead. What fits nothing is set aside, never retried.
 */
import * as z from 'zod/mini';
import { act, type Outcome } from './adapters/act.ts';
import { countAgainst } from './adapters/brake.ts';
import { delivered, engage } from './adapters/engagement.ts';
import { loadLead } from './adapters/leads.ts';
import { markDelivered, markSent, type Settled } from './adapters/proven-send.ts';
import { setAside } from './adapters/set-aside.ts';
import { stopAllMail } from './adapters/stop.ts';
import { actIdOf } from './adapters/traffic-items.ts';
import { now } from './clock.ts';
import { log } from './http/log.ts';
import { ALARMING } from './http/log-lines.ts';
import type { Happening, Instant } from './lead/event.ts';
import { readSesEvent, type SesEvent } from './lead/ses-event.ts';
import { suppressionBy } from './lead/suppression.ts';

export async function handler(event: unknown): Promise<void> {
  const read = readSesEvent(event);
  if ('aside' in read) return aside(event, read.aside);
  const { leadId, happening } = read;
  switch (happening.type) {
    case 'email.sent':
    case 'email.delivered':
      return settle(read);
    default: {
      const at = now();
      const outcome = await taken(read, at);
      const { kind } = outcome;
      log.info('a mail event was taken', { leadId, eventType: happening.type, outcome: kind });
      await stopWhere(outcome, happening);
      // One that comes again counts no more, also where the first try broke off before it counted: a few less do no harm.
      if (read.counts && kind !== 'duplicate') await count(read.counts, at);
      if (kind === 'unknown') return aside(event, 'about a lead that does not exist');
    }
  }
}

/** A click or an open is judged by all that is known of its mail; all else is what it is. */
function taken({ leadId, happening, mail, act: done }: SesEvent, at: Instant): Promise<Outcome> {
  if (!done) return act({ leadId }, [happening], { at });
  const { key } = happening;
  return engage({ mail, happening, act: { ...done, id: actIdOf(key), key, at: happening.at } }, at);
}

/** Stored, but judged later: the stop itself does not wait, nor does it if the try that stored it broke off. */
async function stopWhere(outcome: Outcome, happening: Happening): Promise<void> {
  const suppression = suppressionBy(happening);
  if (!suppression || (outcome.kind !== 'pending' && outcome.kind !== 'duplicate')) return;
  await stopAllMail(outcome.leadId, suppression);
}

/** An alarm reads the line: all marketing mail of the stack stands still until somebody has looked. */
async function count({ as, mailedAt }: NonNullable<SesEvent['counts']>, at: Instant): Promise<void> {
  const why = await countAgainst(as, mailedAt, at);
  if (why !== undefined) log.error(ALARMING.brakeIsOn, { why });
}

/** Proof that SES took the mail, whatever the attempt itself came to know. The lead has no part in it. */
async function settle({ leadId, sendId, messageId, happening, mail }: SesEvent): Promise<void> {
  if (sendId === undefined) return;
  const arrived = happening.type === 'email.delivered';
  const settleOf = (holder: string): Promise<Settled> => {
    const send = { leadId: holder, sendId, messageId };
    return arrived ? markDelivered({ ...send, at: happening.at }) : markSent(send);
  };
  const tagged = await settleOf(leadId);
  // Gone over into another lead, or erased with its own.
  const holder = tagged === 'missing' ? (await loadLead(leadId))?.id : leadId;
  const outcome = holder === undefined || holder === leadId ? tagged : await settleOf(holder);
  if (arrived && holder !== undefined)
    await delivered({ ...mail, leadId: holder }, happening.at, outcome === 'marked', now());
  log.info('a mail event settled its send', { leadId, sendId, eventType: happening.type, outcome });
}

const outline = z.object({
  id: z.optional(z.string()),
  detail: z.object({
    eventType: z.string(),
    mail: z.object({
      messageId: z.string(),
      timestamp: z.string(),
      tags: z.optional(z.record(z.string(), z.array(z.string()))),
    }),
  }),
});

/** Kept without what is personal: ids, the type and the reason. A mail to sales settles its send all the same. */
async function aside(event: unknown, why: string): Promise<void> {
  const { id, detail } = outline.safeParse(event).data ?? {};
  const [leadId] = detail?.mail.tags?.lead_id ?? [];
  const [sendId] = detail?.mail.tags?.send_id ?? [];
  const messageId = detail?.mail.messageId;
  if (detail?.mail.tags?.purpose?.[0] === 'handoff' && leadId && sendId && messageId) {
    const send = { leadId, sendId, messageId };
    if (detail.eventType === 'Send') await markSent(send);
    if (detail.eventType === 'Delivery') await markDelivered({ ...send, at: now() });
    return;
  }
  log.warn('a mail event was set aside', { why, ...(detail ? { eventType: detail.eventType } : {}) });
  await setAside({ id, why, eventType: detail?.eventType, messageId, leadId, sendId }, now());
}
