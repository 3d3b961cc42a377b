/**
 * Asks people to confirm. On `consent.asked`: by a mail of its own, where none that was asked for carries the button. On
 * `consent.due`: reminds once, and drops what nobody has confirmed after 30 days, with the lead where it is nothing else.
 */
import * as z from 'zod/mini';
import { act } from './adapters/act.ts';
import { answerId, dropAsked, NO_MAIL, sendAsked } from './adapters/asked-mail.ts';
import { forgetAsk, loadAsk, putOffAsk } from './adapters/asks.ts';
import { composeConfirmMail } from './adapters/confirm-mail.ts';
import type { Ask } from './adapters/consent-items.ts';
import { currentRules } from './adapters/definitions.ts';
import { eraseLead } from './adapters/erase.ts';
import { loadLead, readLog } from './adapters/leads.ts';
import { later } from './adapters/table.ts';
import { now } from './clock.ts';
import { log } from './http/log.ts';
import { REMIND_AFTER_MS, UNCONFIRMED_MS } from './lead/asking.ts';
import { askedOf, stillWaits } from './lead/consent.ts';
import type { Happening, Instant } from './lead/event.ts';
import { derivedId } from './lead/id.ts';
import type { Lead } from './lead/lead.ts';
import { isOnlyUnconfirmed } from './lead/unconfirmed.ts';

const envelope = z.discriminatedUnion('detail-type', [
  z.object({
    'detail-type': z.literal('consent.asked'),
    detail: z.object({ leadId: z.string(), eventId: z.string() }),
  }),
  z.object({ 'detail-type': z.literal('consent.due'), detail: z.object({ leadId: z.string(), purpose: z.string() }) }),
]);

export async function handler(event: unknown): Promise<void> {
  const message = z.parse(envelope, event);
  const at = now();
  if (message['detail-type'] === 'consent.asked') return ask(message.detail.leadId, message.detail.eventId, at);
  return seeTo(message.detail.leadId, message.detail.purpose, at);
}

async function ask(leadId: string, eventId: string, at: Instant): Promise<void> {
  const [lead, rules] = await Promise.all([loadLead(leadId), currentRules(at)]);
  if (!lead) return log.info('nobody to ask', { leadId, eventId });
  const asked = askedOf(lead.consents);
  if (lead.suppressed || asked.length === 0) {
    const why = lead.suppressed ? NO_MAIL : 'nothing waits to be confirmed any more';
    await dropAsked({ eventId }, [leadId, lead.id], why, at);
    return log.info('nothing to ask', { leadId, eventId, why });
  }
  const id = await answerId({ eventId }, leadId, lead.id, at);
  if (!id) return log.info('what was asked for goes over with its lead', { leadId, eventId });
  const { send, mail } = await composeConfirmMail({ lead, rules, asked, id, eventId }, at);
  await sendAsked(send, mail, at);
}

/** Does what is due now, and says when the next thing is; once more does no harm. */
async function seeTo(leadId: string, purpose: string, at: Instant): Promise<void> {
  const [lead, waiting] = await Promise.all([loadLead(leadId), loadAsk(leadId, purpose)]);
  if (!waiting) return;
  if (!lead || !stillWaits(lead.consents, waiting)) return forgetAsk(leadId, waiting);
  if (at >= later(waiting.last, UNCONFIRMED_MS)) return drop(lead, waiting, at);
  const until = waiting.reminded ? undefined : await remind(lead, waiting, at);
  if (until) return putOffAsk(leadId, waiting, until);
  return putOffAsk(leadId, { ...waiting, reminded: true }, later(waiting.last, UNCONFIRMED_MS));
}

/** @returns when to try again; undefined when it is done, or is not to be done. */
async function remind(lead: Lead, waiting: Ask, at: Instant): Promise<Instant | undefined> {
  const due = later(waiting.last, REMIND_AFTER_MS);
  if (at < due) return due;
  // Who said no before is not pressed.
  if (lead.suppressed || lead.stopped) return undefined;
  const id = derivedId('snd', waiting.last, 'remind', lead.id, waiting.purpose);
  const rules = await currentRules(at);
  const { send, mail } = await composeConfirmMail({ lead, rules, asked: askedOf(lead.consents), id }, at);
  return sendAsked(send, mail, at, 'caller');
}

async function drop(lead: Lead, waiting: Ask, at: Instant): Promise<void> {
  if (isOnlyUnconfirmed(lead, await readLog(lead.id))) {
    await eraseLead(lead.id, at, { keepsNo: false });
    return log.info('erased, since nobody confirmed', { leadId: lead.id });
  }
  const { kind } = await act({ leadId: lead.id }, [lapse(waiting, at)], { at });
  log.info('a consent lapsed', { leadId: lead.id, outcome: kind });
  // Stored but not judged yet: it stays due, and is found to be over then.
  if (kind !== 'pending') await forgetAsk(lead.id, waiting);
}

const lapse = ({ purpose, at: asked }: Ask, at: Instant): Happening => ({
  key: `lapse:${purpose}@${asked}`,
  type: 'consent.lapsed',
  at,
  actor: 'clock',
  data: {},
  consent: [{ purpose, action: 'lapsed', method: 'confirm-link', asked }],
});
