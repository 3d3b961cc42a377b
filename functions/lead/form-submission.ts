/** A posted form, read as the act of a lead: its values by their types, its consents as evidence, its source. */
import { createHash } from 'node:crypto';
import { CONVERSIONS, type Form } from '../definition/form.ts';
import type { Settings } from '../definition/settings.ts';
import { partsOf } from './email-address.ts';
import { inDomainList } from './email-lists.ts';
import type { ConsentAct, Happening, Instant, Source } from './event.ts';
import { isBlank, parseFieldValue } from './field-value.ts';
import { dataOf } from './form-data.ts';
import { type FieldError, first, type Posted, readEmail, readFields } from './form-values.ts';
import type { EmailAddress } from './lead.ts';
import { cleanName } from './name.ts';
import { isSourceField, sourceOf } from './source.ts';
import { visitorHash } from './visitor.ts';

export interface RequestFacts {
  at: Instant;
  /** The header `Idempotency-Key`. */
  idempotencyKey?: string | undefined;
  /** The header `Referer`: the page that holds the form. */
  referrer?: string | undefined;
}

export interface Submission {
  email: EmailAddress;
  name?: string;
  /** Of the page shown in answer. */
  language: string;
  /** One act: `form.submitted` and the conversion's own event. */
  happenings: Happening[];
  /** The same submission has the same key within one lead: its `Idempotency-Key`, else its values. */
  submissionKey: string;
  /** By `key`: it counts once, ever. By `values`: the same values count again after a while. */
  sameBy: 'key' | 'values';
  /** Posted fields that the form does not define, by name. */
  setAside: string[];
}

export type ReadSubmission =
  | { errors: FieldError[] }
  /** A machine filled in the hidden field. */
  | { trapped: true }
  /** An address of the own staff: never a lead. */
  | { staff: true }
  | Submission;

/** Hidden fields that may carry the idempotency key, where a page cannot send the header. */
const KEY_FIELDS = ['idempotency-key', 'idempotencyKey', 'idempotency_key'];
/** What ripen.js puts in: the id of the browser's page views. */
const VISITOR_FIELD = 'ripen_visitor';
const LONGEST_KEY = 255;
const MOST_SET_ASIDE = 50;
const NOT_TICKED = /^(0|no|off|false|n|unchecked|không|khong|ไม่)$/i;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The settings' language that a tag asks for, or the tag itself where they have none; undefined for what is no tag. */
export const languageOf = (tag: string | undefined, settings: Settings): string | undefined => {
  if (tag === undefined) return undefined;
  const parsed = parseFieldValue({ type: 'language' }, tag);
  if (!parsed.ok) return undefined;
  const wanted = String(parsed.value);
  const [primary = wanted] = wanted.split('-');
  return [wanted, primary].find((each) => settings.languages.includes(each)) ?? wanted;
};

/** Whether the address is one of the own staff's: never a lead, never scored. */
export const isStaff = (email: EmailAddress, settings: Pick<Settings, 'staffDomains'>): boolean =>
  inDomainList(partsOf(email.deliverTo).domain, settings.staffDomains);

const isTicked = (raw: Posted, field: string): boolean =>
  (Object.hasOwn(raw, field) ? (raw[field] ?? []) : []).some(
    (value) => !isBlank(value) && !NOT_TICKED.test(value.trim()),
  );

/** The consents that were ticked, with the wording that stood beside the box in the language shown. */
const readConsents = (form: Form, raw: Posted, language: string): ConsentAct[] =>
  Object.entries(form.consent)
    .filter(([, { field }]) => isTicked(raw, field))
    .map(([purpose, { text, doubleOptIn, frequency }]) => {
      const shown = [language, ...Object.keys(text)].find((each) => text[each] !== undefined);
      const wording = shown === undefined ? undefined : text[shown];
      return {
        purpose,
        action: 'granted',
        method: 'box',
        form: form.name,
        ...(shown !== undefined && { language: shown }),
        ...(wording !== undefined && { text: wording, textHash: sha256(wording) }),
        ...(doubleOptIn && { doubleOptIn: true as const }),
        ...(frequency && { frequency }),
      };
    });

const setAsideIn = (form: Form, raw: Posted): string[] => {
  const boxes = Object.values(form.consent).map(({ field }) => field);
  const known = new Set([
    ...Object.keys(form.fields),
    ...boxes,
    ...KEY_FIELDS,
    VISITOR_FIELD,
    'email',
    'language',
    form.trap ?? '',
  ]);
  return Object.keys(raw)
    .filter((name) => !known.has(name) && !isSourceField(name))
    .slice(0, MOST_SET_ASIDE)
    .map((name) => cleanName(name).slice(0, 100));
};

const sourceIn = (form: Form, raw: Posted, referrer: string | undefined): Source => {
  const given = Object.keys(raw).flatMap((name) => {
    const value = isSourceField(name) && !form.fields[name] ? first(raw, name) : undefined;
    return value === undefined ? [] : [[name, value.toWellFormed()]];
  });
  return sourceOf(Object.fromEntries(given), referrer);
};

/** What tells one submission from the next. */
interface Identity {
  submissionKey: string;
  sameBy: 'key' | 'values';
  /** Idempotency key of its event. */
  eventKey: string;
}

const identityOf = (
  form: Form,
  email: EmailAddress,
  key: string | undefined,
  values: object,
  at: Instant,
): Identity => {
  const said = key === undefined ? values : key;
  const submissionKey = sha256(JSON.stringify([form.name, email.key, key === undefined ? 'values' : 'key', said]));
  // The same values posted again much later are another submission, and another event.
  return key === undefined
    ? { submissionKey, sameBy: 'values', eventKey: `form:${submissionKey}:${at}` }
    : { submissionKey, sameBy: 'key', eventKey: `form:${submissionKey}` };
};

/** One act: the submission with all that it says, and beside it the conversion's own event. */
const happeningsOf = (form: Form, key: string, at: Instant, said: Partial<Happening>): Happening[] => {
  const common = { at, actor: 'human', data: dataOf(form) } as const;
  const problem = form.asset?.problem;
  const fills = problem !== undefined && { fills: { problem } };
  const type = CONVERSIONS[form.conversion];
  return [
    { ...common, key, type: 'form.submitted', ...said, ...fills },
    { ...common, key: `${key}#${type}`, type },
  ];
};

const keyIn = (raw: Posted, { idempotencyKey }: RequestFacts): string | undefined =>
  idempotencyKey || KEY_FIELDS.map((name) => first(raw, name)).find((each) => each !== undefined);

/** The values and the address, or what is wrong with them. */
const readValues = (form: Form, raw: Posted, key: string | undefined) => {
  const email = readEmail(raw);
  const { fields, errors } = readFields(form, raw);
  if (email.error) errors.unshift(email.error);
  if (key !== undefined && key.length > LONGEST_KEY)
    errors.push({
      field: 'Idempotency-Key',
      message: `The idempotency key is longer than ${LONGEST_KEY} characters.`,
      kind: 'long',
      values: { most: String(LONGEST_KEY) },
    });
  return errors.length > 0 || !email.value ? { errors } : { email: email.value, fields };
};

/**
 * Reads a post. Blank values are left out, unknown fields set aside, HTML kept as the text that it is.
 * `raw` holds valid text as it was sent; `email` is the field that identifies.
 */
export const readSubmission = (form: Form, settings: Settings, raw: Posted, facts: RequestFacts): ReadSubmission => {
  if (form.trap !== undefined && first(raw, form.trap) !== undefined) return { trapped: true };
  const key = keyIn(raw, facts);
  const read = readValues(form, raw, key);
  if ('errors' in read) return { errors: read.errors };
  const { email, fields } = read;
  if (isStaff(email, settings)) return { staff: true };
  const asked = languageOf(first(raw, 'language'), settings) ?? form.language;
  const language = asked ?? settings.languages[0] ?? 'en';
  const consent = readConsents(form, raw, language);
  const { submissionKey, sameBy, eventKey } = identityOf(form, email, key, { fields, consent }, facts.at);
  const visitor = visitorHash(first(raw, VISITOR_FIELD) ?? '');
  const said = {
    fields,
    source: sourceIn(form, raw, facts.referrer),
    ...(consent.length > 0 && { consent }),
    ...(asked !== undefined && { language: asked }),
    ...(visitor !== undefined && { visitor }),
  };
  return {
    email,
    ...(typeof fields.name === 'string' && { name: fields.name }),
    language,
    happenings: happeningsOf(form, eventKey, facts.at, said),
    submissionKey,
    sameBy,
    setAside: setAsideIn(form, raw),
  };
};
