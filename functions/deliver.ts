/**
 * On `deliver.requested`: the mail that a form answers its post with, once a post. It was asked for, so neither consent
 * nor stage nor a pause bars it; suppression does. What SES does not take now is held for the sweeper, which asks again.
 */
import * as z from 'zod/mini';
import { newAttempt } from './adapters/attempt.ts';
import { rules } from './adapters/definitions.ts';
import { composeMail, languageOf } from './adapters/lead-mail.ts';
import { loadLead } from './adapters/leads.ts';
import { type Mail, type MailOutcome, sendMail } from './adapters/mail.ts';
import { takeSlot } from './adapters/pace.ts';
import { claimed, claimSend } from './adapters/sends.ts';
import { forgetDue, settleSend } from './adapters/settle.ts';
import { later } from './adapters/table.ts';
import { now } from './clock.ts';
import { log } from './http/log.ts';
import type { Instant } from './lead/event.ts';
import { derivedId } from './lead/id.ts';
import type { Send } from './lead/lead.ts';

const envelope = z.object({
  detail: z.object({ leadId: z.string(), eventId: z.string(), form: z.string(), definition: z.string() }),
});

export async function handler(event: unknown): Promise<void> {
  const { leadId, eventId, form: name, definition } = z.parse(envelope, event).detail;
  const at = now();
  const [lead, asked] = await Promise.all([loadLead(leadId), rules(definition)]);
  const form = asked.forms[name];
  if (!lead || lead.suppressed || !form?.deliver) {
    log.info('nothing to deliver', { leadId, eventId, form: name });
    return;
  }
  const send = claimed(
    {
      id: derivedId('snd', lead.createdAt, 'deliver', eventId),
      leadId,
      email: form.deliver,
      language: languageOf(lead, asked),
      definition,
      attempt: newAttempt(),
      purpose: 'transactional',
      asked: { eventId, form: name },
    },
    at,
  );
  // Rendered first: a template that does not hold must not leave a claim behind.
  const mail = await composeMail({ lead, rules: asked, name: form.deliver, send, purpose: 'transactional', form }, at);
  const claim = await claimSend(send, { lead: 'transactional', swept: true }, at);
  if (claim.kind === 'settled') return forgetDue(leadId, send.id);
  // Another attempt is at it; if it dies, the sweeper comes when its lease has run out.
  if (claim.kind === 'claimed') await handOver({ ...send, subject: mail.subject }, mail, at);
}

async function handOver(send: Send, mail: Mail, at: Instant): Promise<void> {
  const noSlot = await takeSlot('urgent', at);
  if (noSlot) return settleSend({ ...send, status: 'held', why: 'no sending slot' }, noSlot);
  const outcome = await sendMail(mail);
  const facts = { leadId: send.leadId, sendId: send.id, outcome: outcome.kind };
  if (outcome.kind === 'accepted') log.info('delivered', facts);
  else log[isOperatorsTurn(outcome) ? 'error' : 'warn']('not delivered', { ...facts, why: outcome.why });
  await settle(send, outcome, at);
}

/** Nothing goes out until somebody acts: the line is an error, and an alarm reads it. */
const isOperatorsTurn = ({ kind }: MailOutcome): boolean => kind === 'quota' || kind === 'parked';

const SOON_MS = 10_000;
const LATER_MS = 15 * 60_000;

async function settle(send: Send, outcome: MailOutcome, at: Instant): Promise<void> {
  switch (outcome.kind) {
    case 'accepted':
      return settleSend({ ...send, status: 'sent', messageId: outcome.messageId });
    case 'refused':
      return settleSend({ ...send, status: 'refused', why: outcome.why });
    case 'throttled':
      return settleSend({ ...send, status: 'held', why: outcome.why }, later(at, SOON_MS));
    case 'quota':
    case 'parked':
      return settleSend({ ...send, status: 'held', why: outcome.why }, later(at, LATER_MS));
    case 'unknown':
      // The claim stays and is due when its lease has run out: by then the event of SES has told, or nobody knows.
      return;
  }
}
