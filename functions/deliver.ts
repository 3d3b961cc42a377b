/**
 * On `deliver.requested`: the mail that a form answers its post with, once a post. It was asked for, so neither consent
 * nor stage nor a pause bars it; suppression does. Where a consent waits, it carries the button that confirms. What SES
 * does not take now is held for the sweeper, which asks again.
 */
import * as z from 'zod/mini';
import { answerId, dropAsked, NO_MAIL, sendAsked } from './adapters/asked-mail.ts';
import { newAttempt } from './adapters/attempt.ts';
import { rules } from './adapters/definitions.ts';
import { composeMail, languageOf } from './adapters/lead-mail.ts';
import { loadLead } from './adapters/leads.ts';
import { claimed } from './adapters/sends.ts';
import { now } from './clock.ts';
import { log } from './http/log.ts';

const envelope = z.object({
  detail: z.object({ leadId: z.string(), eventId: z.string(), form: z.string(), definition: z.string() }),
});

export async function handler(event: unknown): Promise<void> {
  const { leadId, eventId, form: name, definition } = z.parse(envelope, event).detail;
  const at = now();
  const asked = { eventId, form: name };
  const [lead, pinned] = await Promise.all([loadLead(leadId), rules(definition)]);
  const form = pinned.forms[name];
  if (!lead) return log.info('nobody to deliver to', { leadId, eventId, form: name });
  if (lead.suppressed || !form?.deliver) {
    const why = lead.suppressed ? NO_MAIL : 'the form delivers nothing';
    await dropAsked(asked, [leadId, lead.id], why, at);
    return log.info('nothing to deliver', { leadId, eventId, form: name, why });
  }
  const id = await answerId(asked, leadId, lead.id, at);
  if (!id) return log.info('what was asked for goes over with its lead', { leadId, eventId, form: name });
  const send = claimed(
    {
      id,
      leadId: lead.id,
      email: form.deliver,
      language: languageOf(lead, pinned),
      definition,
      attempt: newAttempt(),
      purpose: 'transactional',
      asked,
    },
    at,
  );
  // Rendered first: a template that does not hold must not leave a claim behind.
  const mail = await composeMail({ lead, rules: pinned, name: form.deliver, send, purpose: 'transactional', form }, at);
  await sendAsked(send, mail, at);
}
