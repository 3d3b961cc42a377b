/** What the Liquid of a mail may read: `lead`, `form`, `asset`, `links`, `company`, `reason`. */
import type { Form } from '../definition/form.ts';
import type { FieldValue, Scoring } from '../definition/scoring.ts';
import type { Settings } from '../definition/settings.ts';
import type { Lead } from './lead.ts';

export interface MailVariables {
  /** `email` and every field that a form or the scoring file names; null when it is not known. */
  lead: Record<string, FieldValue | null>;
  /** The form that is answered; null in nurture. */
  form: { name: string } | null;
  asset: { name: string } | null;
  /**
   * Each null where there is none: no way out of a transactional mail, nothing to confirm in most.
   * `confirm` is the page where the address and the consent are confirmed.
   */
  links: { unsubscribe: string | null; preferences: string | null; confirm: string | null };
  company: { name: string; postalAddress: string | null; site: string | null; zone: string };
  /** Why the reader gets this, one sentence in the language of the mail. */
  reason: string;
}

export interface MailOccasion {
  lead: Pick<Lead, 'email' | 'fields'>;
  rules: { settings: Settings; scoring: Pick<Scoring, 'fields'>; forms: Record<string, Form> };
  language: string;
  /** The form whose post is answered, in a transactional mail. */
  form?: Form;
  unsubscribe?: string;
  preferences?: string;
  confirm?: string;
}

/** The variables of one mail. */
export function mailVariables(occasion: MailOccasion): MailVariables {
  const { lead, rules, language, form } = occasion;
  const { settings } = rules;
  return {
    lead: { ...unknownFields(rules), ...lead.fields, email: lead.email.asTyped },
    form: form ? { name: form.name } : null,
    asset: form?.asset ? { name: form.asset.name } : null,
    links: {
      unsubscribe: occasion.unsubscribe ?? null,
      preferences: occasion.preferences ?? null,
      confirm: occasion.confirm ?? null,
    },
    company: {
      name: settings.name,
      postalAddress: settings.postalAddress ?? null,
      site: settings.site ?? null,
      zone: settings.zone,
    },
    // Nobody agreed to what goes out whatever they agreed to.
    reason: reasonText(language, settings.name, occasion.unsubscribe === undefined ? 'asked' : 'agreed'),
  };
}

/** Every field that the definition names, as not known; `name` is always among them. */
function unknownFields(rules: MailOccasion['rules']): Record<string, null> {
  const names = [
    'name',
    ...Object.keys(rules.scoring.fields),
    ...Object.values(rules.forms).flatMap((form) => Object.keys(form.fields)),
  ];
  return Object.fromEntries(names.map((name) => [name, null]));
}

const ENGLISH = {
  asked: 'You receive this mail because you asked {company} for it.',
  agreed: 'You receive this mail because you agreed to emails from {company}.',
};

const REASONS = new Map<string, typeof ENGLISH>(
  Object.entries({
    vi: {
      asked: 'Bạn nhận được thư này vì bạn đã yêu cầu từ {company}.',
      agreed: 'Bạn nhận được thư này vì bạn đã đồng ý nhận email từ {company}.',
    },
    th: {
      asked: 'คุณได้รับอีเมลนี้เพราะคุณได้ขอข้อมูลจาก {company}',
      agreed: 'คุณได้รับอีเมลนี้เพราะคุณยินยอมรับอีเมลจาก {company}',
    },
  }),
);

/** In the language of the mail, or in English. */
function reasonText(language: string, company: string, why: keyof typeof ENGLISH): string {
  return (REASONS.get(language) ?? ENGLISH)[why].replace('{company}', () => company);
}
