/** The values of a posted form, read by the types of its fields. */
import type { Form } from '../definition/form.ts';
import type { FieldValue } from '../definition/scoring.ts';
import { parseEmailAddress } from './email-address.ts';
import { isBlank, LONGEST_TEXT, parseFieldValue } from './field-value.ts';
import type { EmailAddress } from './lead.ts';
import { cleanName } from './name.ts';
import { type Refusal, type RefusalKind, refuse } from './refusal.ts';

/** Posted values by field name, each in the order sent. */
export type Posted = Record<string, string[]>;

export interface FieldError {
  field: string;
  /** A sentence, in English. */
  message: string;
  /** By which it can be said in another language. */
  kind: RefusalKind;
  values?: Record<string, string>;
}

/** The first value of a field that is not blank. */
export const first = (raw: Posted, name: string): string | undefined =>
  Object.hasOwn(raw, name) ? raw[name]?.find((value) => !isBlank(value)) : undefined;

/** `companySize` as a person reads it: "company size". */
export const wordsOfName = (field: string): string =>
  field
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_]/g, ' ')
    .toLowerCase();

/** `Company size must be …`; what ends with its own mark gets no second one. */
const sentence = (field: string, { why, kind, values }: Refusal): FieldError => {
  const text = `${wordsOfName(field)} ${why}`;
  const end = why.endsWith('?') ? '' : '.';
  return { field, message: `${text.charAt(0).toUpperCase()}${text.slice(1)}${end}`, kind, ...(values && { values }) };
};

const MISSING = refuse('missing', 'is missing');

type Read<T> = { value?: T; error?: FieldError };

/** The address that identifies: always the field `email`. */
export const readEmail = (raw: Posted): Read<EmailAddress> => {
  const typed = first(raw, 'email');
  if (typed === undefined) return { error: sentence('email', MISSING) };
  const parsed = parseEmailAddress(typed);
  if (parsed.ok) return { value: parsed.address };
  return { error: { ...sentence('email', parsed), message: `The address is not accepted: ${parsed.why}.` } };
};

/** Names go into greetings and headers: no markup and no second line is anybody's name. */
const isName = (field: string): boolean => /name$/i.test(field) || field === 'company' || field === 'jobTitle';

/** Why the text of a field that names somebody is no name; undefined: it may be one, or the field names nobody. */
export const whyNotName = (field: string, typed: string): Refusal | undefined => {
  if (!isName(field)) return undefined;
  if (/[<>]/.test(typed)) return refuse('markup', 'must not hold < or >');
  return /\p{Cc}/u.test(typed.trim()) ? refuse('lines', 'must be one line, without control characters') : undefined;
};

/** One field of what was posted: its value by its type, or what is wrong with it. */
export const readField = (name: string, field: Form['fields'][string], raw: Posted): Read<FieldValue> => {
  const typed = first(raw, name);
  if (typed === undefined) return field.required ? { error: sentence(name, MISSING) } : {};
  if (!typed.isWellFormed())
    return { error: sentence(name, refuse('characters', 'holds characters that are not valid')) };
  const wrong = field.type === 'text' ? whyNotName(name, typed) : undefined;
  if (wrong) return { error: sentence(name, wrong) };
  const clean = isName(name) && typed.length <= LONGEST_TEXT ? cleanName(typed) : typed;
  const parsed = parseFieldValue(field, field.type === 'text' ? clean : typed, field.defaultCountry);
  return parsed.ok ? { value: parsed.value } : { error: sentence(name, parsed) };
};

/** Every other field of the form: its values by type, and what is wrong with them. */
export const readFields = (form: Form, raw: Posted): { fields: Record<string, FieldValue>; errors: FieldError[] } => {
  const fields: Record<string, FieldValue> = {};
  const errors: FieldError[] = [];
  for (const [name, field] of Object.entries(form.fields)) {
    if (name === 'email') continue;
    const { value, error } = readField(name, field, raw);
    if (error) errors.push(error);
    if (value !== undefined) fields[name] = value;
  }
  return { fields, errors };
};
