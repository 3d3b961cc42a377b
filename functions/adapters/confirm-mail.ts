/** The built-in mail that asks to confirm, ready to be sent. */
import type { Rules } from '../definition/definition.ts';
import { env } from '../env.ts';
import { wordingsOf } from '../lead/confirm-link.ts';
import { confirmMail } from '../lead/confirm-mail.ts';
import type { Asked } from '../lead/consent.ts';
import type { Instant } from '../lead/event.ts';
import type { Lead, Send } from '../lead/lead.ts';
import { newAttempt } from './attempt.ts';
import { confirmLink } from './lead-links.ts';
import { languageOf } from './lead-mail.ts';
import { readLog } from './leads.ts';
import type { Mail } from './mail.ts';
import { claimed } from './sends.ts';

/** As it stands in the timeline and in the tags of SES's events. */
const NAME = 'confirm-consent';

export interface ConfirmMailParts {
  lead: Lead;
  rules: Rules;
  asked: readonly Asked[];
  /** The send's id: the same mail has the same one. */
  id: string;
  /** The event that asked; none for a reminder. */
  eventId?: string;
}

/** The claim of the mail and the mail itself, in the lead's language. */
export async function composeConfirmMail(
  { lead, rules, asked, id, eventId }: ConfirmMailParts,
  now: Instant,
): Promise<{ send: Send; mail: Mail }> {
  const { settings, hash } = rules;
  const [link, log] = await Promise.all([confirmLink(lead.id, asked, now), readLog(lead.id)]);
  const { language, ...content } = confirmMail({
    language: languageOf(lead, rules),
    company: settings.name,
    postalAddress: settings.postalAddress,
    link,
    wordings: wordingsOf(asked, log),
    again: eventId === undefined,
  });
  const send = claimed(
    {
      id,
      leadId: lead.id,
      email: NAME,
      language,
      definition: hash,
      attempt: newAttempt(),
      purpose: 'transactional',
      ...(eventId !== undefined && { asked: { eventId } }),
    },
    now,
  );
  const mail: Mail = {
    from: settings.from,
    to: lead.email.deliverTo,
    ...(settings.replyTo ? { replyTo: settings.replyTo } : {}),
    ...content,
    headers: {},
    tags: { lead_id: lead.id, send_id: id, email: NAME, purpose: 'transactional', definition: hash.slice(0, 12) },
    configurationSet: env('configurationSet'),
  };
  return { send, mail };
}
