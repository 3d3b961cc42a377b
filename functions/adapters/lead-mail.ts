/** A mail to a lead, rendered and ready to be handed over. */
import type { Rules } from '../definition/definition.ts';
import type { Form } from '../definition/form.ts';
import { env } from '../env.ts';
import { askedOf } from '../lead/consent.ts';
import { contentLinks } from '../lead/content-links.ts';
import type { Instant } from '../lead/event.ts';
import type { Lead, Send } from '../lead/lead.ts';
import { mailVariables } from '../lead/mail-variables.ts';
import { renderEmail } from '../lead/render.ts';
import { labelled } from '../lead/subject-label.ts';
import { email } from './definitions.ts';
import { confirmLink, preferencesLink, unsubscribeLink } from './lead-links.ts';
import type { Mail } from './mail.ts';

export interface LeadMail {
  lead: Lead;
  rules: Rules;
  /** The mail's name. */
  name: string;
  send: Pick<Send, 'id' | 'enrolmentId' | 'workflow' | 'step'>;
  purpose: 'marketing' | 'transactional';
  /** The form that is answered. */
  form?: Form;
}

/** The lead's own language, or the first of the settings. */
export const languageOf = (lead: Lead, { settings }: Rules): string => lead.language ?? settings.languages[0] ?? 'en';

/**
 * Renders the mail in the lead's language.
 * @throws Error of liquidjs for a template that does not hold; Error when the definition lacks the mail.
 */
export async function composeMail(mail: LeadMail, now: Instant): Promise<Mail> {
  const { lead, rules, name, form, purpose } = mail;
  const { settings } = rules;
  const template = await email(rules.hash, name, languageOf(lead, rules), now);
  const links = await linksFor(mail, now);
  const variables = mailVariables({ lead, rules, language: template.language, ...(form ? { form } : {}), ...links });
  const rendered = renderEmail(rules.hash, template, variables);
  return {
    from: settings.from,
    to: lead.email.deliverTo,
    ...(settings.replyTo ? { replyTo: settings.replyTo } : {}),
    ...rendered,
    subject: purpose === 'marketing' ? labelled(rendered.subject, lead.fields, settings) : rendered.subject,
    headers: links.unsubscribe ? oneClick(links.unsubscribe) : {},
    tags: { ...tagsOf(mail), links: String(contentLinks(rendered.html)) },
    configurationSet: env('configurationSet'),
  };
}

interface Links {
  unsubscribe?: string;
  preferences?: string;
  confirm?: string;
}

/** The ways out of a marketing mail; in the answer to a form, what is to be confirmed, if anything is. */
async function linksFor({ lead, form, purpose }: LeadMail, now: Instant): Promise<Links> {
  if (purpose === 'marketing') {
    return { unsubscribe: await unsubscribeLink(lead.id, now), preferences: await preferencesLink(lead.id, now) };
  }
  const asked = form ? askedOf(lead.consents) : [];
  return asked.length > 0 ? { confirm: await confirmLink(lead.id, asked, now) } : {};
}

/** RFC 8058: one click in the mail program, a POST to us. */
const oneClick = (link: string): Record<string, string> => ({
  'List-Unsubscribe': `<${link}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

function tagsOf({ lead, rules, name, send, purpose }: LeadMail): Record<string, string> {
  return {
    lead_id: lead.id,
    send_id: send.id,
    email: name,
    purpose,
    definition: rules.hash.slice(0, 12),
    ...(send.workflow ? { workflow: send.workflow } : {}),
    ...(send.step ? { step: send.step } : {}),
    ...(send.enrolmentId ? { enrolment_id: send.enrolmentId } : {}),
  };
}
