/** A posted form, read as the act of a lead: its values by their types, its consents as evidence, its source. */
import { createHash } from 'node:crypto';
import { CONVERSIONS, type Form } from '../definition/form.ts';
import type { Settings } from '../definition/settings.ts';
import { partsOf } from './email-address.ts';
import { inDomainList } from './email-lists.ts';
import type { ConsentAct, Happening, Instant, Source } from './event.ts';
import { parseFieldValue } from './field-value.ts';
import { dataOf } from './form-data.ts';
import { type FieldError, first, type Posted, readEmail, readFields } from './form-values.ts';
import type { EmailAddress } from './lead.ts';
import { cleanName } from './name.ts';
import { isSourceField, sourceOf } from './source.ts';
import { visitorHash } from './visitor.ts';
import { isTick } from './yes-no.ts';

export interface RequestFacts {
  at: Instant;
  /** The header `Idempotency-Key`. */
  idempotencyKey?: string | undefined;
  /** The header `Referer`: the page that holds the form. */
  referrer?: string | undefined;
  /** Fields that were posted as objects, or with one in them; `raw` has no text for them. */
  nested?: readonly string[] | undefined;
}

/** What tells this post from the next one of the same form and address. */
export interface Sameness {
  /** Of its `Idempotency-Key`: it counts once, ever. */
  key?: string;
  /** Of its values: the same ones count again after a while. */
  values: string;
}

export interface Submission {
  email: EmailAddress;
  name?: string;
  /** Of the page shown in answer. */
  language: string;
  /** One act: `form.submitted` and the conversion's own event. */
  happenings: Happening[];
  /** Hex SHA-256 each. */
  same: Sameness;
}

/** What a post is answered with, whoever sent it. */
export interface Heard {
  /** The hash of its idempotency key, as `Sameness` has it. */
  keyHash?: string | undefined;
  /** Posted fields that the form does not define, by name. */
  setAside: string[];
}

export type ReadSubmission =
  | { errors: FieldError[] }
  /** A machine filled in the hidden field. */
  | (Heard & { trapped: true })
  /** An address of the own staff: never a lead. */
  | (Heard & { staff: true })
  | (Heard & Submission);

/** A hidden field that carries the idempotency key, where a page cannot send the header: `Idempotency-Key`, `idempotencyKey`, … */
const isKeyField = (name: string): boolean => name.toLowerCase().replace(/[-_]/g, '') === 'idempotencykey';
/** What ripen.js puts in: the id of the browser's page views. */
const VISITOR_FIELD = 'ripen_visitor';
const LONGEST_KEY = 255;
const MOST_SET_ASIDE = 50;

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
  (Object.hasOwn(raw, field) ? (raw[field] ?? []) : []).some(isTick);

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
  const known = new Set([...Object.keys(form.fields), ...boxes, VISITOR_FIELD, 'email', 'language', form.trap ?? '']);
  return Object.keys(raw)
    .filter((name) => !known.has(name) && !isKeyField(name) && !isSourceField(name))
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

const hashOf = (form: Form, address: string, by: 'key' | 'values', said: unknown): string =>
  sha256(JSON.stringify([form.name, address, by, said]));

/** Idempotency key of the post's event. The same values posted again much later are another one. */
const eventKeyOf = ({ key, values }: Sameness, at: Instant): string =>
  key === undefined ? `form:${values}:${at}` : `form:${key}`;

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
  idempotencyKey ||
  Object.keys(raw)
    .filter(isKeyField)
    .map((name) => first(raw, name))
    .find((each) => each !== undefined);

const isTrapped = ({ trap }: Form, raw: Posted, { nested = [] }: RequestFacts): boolean =>
  trap !== undefined && (first(raw, trap) !== undefined || nested.includes(trap));

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
  const key = keyIn(raw, facts);
  const heard = (address: string): Heard => ({
    keyHash: key === undefined ? undefined : hashOf(form, address, 'key', key),
    setAside: setAsideIn(form, raw),
  });
  if (isTrapped(form, raw, facts)) return { trapped: true, ...heard(readEmail(raw).value?.key ?? '') };
  const read = readValues(form, raw, key);
  if ('errors' in read) return { errors: read.errors };
  const { email, fields } = read;
  const { keyHash, setAside } = heard(email.key);
  if (isStaff(email, settings)) return { staff: true, keyHash, setAside };
  const asked = languageOf(first(raw, 'language'), settings) ?? form.language;
  const language = asked ?? settings.languages[0] ?? 'en';
  const consent = readConsents(form, raw, language);
  const values = hashOf(form, email.key, 'values', { fields, consent });
  const same = { ...(keyHash !== undefined && { key: keyHash }), values };
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
    happenings: happeningsOf(form, eventKeyOf(same, facts.at), facts.at, said),
    same,
    keyHash,
    setAside,
  };
};
