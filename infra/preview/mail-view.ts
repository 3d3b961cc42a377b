/** A mail as one of the sample leads would get it. */
import type { Form } from '../../functions/definition/form.ts';
import type { Email } from '../../functions/definition/settings.ts';
import { mailbox } from '../../functions/lead/mail-header.ts';
import { mailVariables } from '../../functions/lead/mail-variables.ts';
import { type RenderedMail, renderEmail } from '../../functions/lead/render.ts';
import { labelled } from '../../functions/lead/subject-label.ts';
import type { SampleLead } from '../../workflows/compiler/sample-leads.ts';
import type { Shown } from './state.ts';

export interface MailView extends RenderedMail {
  email: Email;
  /** As header fields: friendly names are encoded. */
  from: string;
  headers: Record<string, string>;
  /** Of the HTML part, which Gmail cuts at 102 kB. */
  bytes: number;
}

/** @param base where the links of the mail lead: to the running system, if there is one. */
export function viewMail(definition: Shown, email: Email, sample: SampleLead, base: string): MailView {
  const isMarketing = email.class !== 'transactional';
  const form = isMarketing ? undefined : formOf(definition, email.name);
  const asks = form && Object.values(form.consent).some(({ doubleOptIn }) => doubleOptIn);
  const unsubscribe = `${base}/unsubscribe/preview`;
  const { email: asTyped, fields } = sample;
  const variables = mailVariables({
    lead: { email: { asTyped, deliverTo: asTyped, key: asTyped.toLowerCase() }, fields },
    rules: definition,
    language: email.language,
    ...(form ? { form } : {}),
    ...(isMarketing ? { unsubscribe, preferences: `${base}/preferences/preview` } : {}),
    ...(asks ? { confirm: `${base}/confirm/preview` } : {}),
  });
  const rendered = renderEmail(definition.hash, email, variables);
  const { settings } = definition;
  return {
    ...rendered,
    subject: isMarketing ? labelled(rendered.subject, fields, settings) : rendered.subject,
    email,
    from: mailbox(settings.from.name, settings.from.address),
    headers: isMarketing
      ? { 'List-Unsubscribe': `<${unsubscribe}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
      : {},
    bytes: Buffer.byteLength(rendered.html),
  };
}

/** The form that a transactional mail answers. */
const formOf = ({ forms }: Shown, email: string): Form | undefined =>
  Object.values(forms).find(({ deliver }) => deliver === email);

export type Scheme = 'light' | 'dark';

/**
 * The HTML as a mail program with light or dark mode shows it: a page cannot turn on the reader's dark mode for a frame, so
 * the rules for it are made to hold always, or never. Links open beside the preview.
 */
export function inScheme(html: string, scheme: Scheme): string {
  const asked = /@media\s*\(\s*prefers-color-scheme:\s*(dark|light)\s*\)/gi;
  const told = html.replaceAll(asked, (_, wanted: string) =>
    wanted.toLowerCase() === scheme ? '@media all' : '@media not all',
  );
  const ownStyle = `<base target="_blank"><style>:root{color-scheme:${scheme} !important}</style>`;
  return told.replace(/<\/head>/i, (end) => ownStyle + end);
}
