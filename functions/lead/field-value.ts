/** A submitted text, read as a value of its field's type. */
import type { FieldType, FieldValue } from '../definition/scoring.ts';
import { parseCountry } from './country.ts';
import { parseEmailAddress } from './email-address.ts';
import { nearest } from './nearest.ts';
import { localPhone, parsePhone, plainDigits } from './phone.ts';
import { type Refusal, refuse } from './refusal.ts';
import { foldText } from './words.ts';
import { yesOrNo } from './yes-no.ts';

export type ParsedValue = { ok: true; value: FieldValue } | Refusal;

/** The longest text that a field keeps, in UTF-16 units: so that a profile stays small. */
export const LONGEST_TEXT = 2000;

/** Control characters but tab and line feed, and what turns the direction of writing or hides. */
const UNSEEN = /[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

const accept = (value: FieldValue): ParsedValue => ({ ok: true, value });

/** A text as it is kept: NFC, line ends as \n, without control characters, trimmed. */
export const cleanText = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(UNSEEN, (character) => (character === '\n' || character === '\t' ? character : ''))
    .normalize('NFC')
    .trim();

/** The beginning of a text, never half a character: that is no text, and the table refuses it. */
export const cutText = (text: string, most: number): string => text.slice(0, most).replace(/[\ud800-\udbff]$/, '');

/** Whether nothing was said: blank values are left out before they are parsed, and never erase. */
export const isBlank = (text: string): boolean => cleanText(text) === '';

const parseText = (text: string): ParsedValue =>
  text.length > LONGEST_TEXT
    ? refuse('long', `must not be longer than ${LONGEST_TEXT} characters`, { most: String(LONGEST_TEXT) })
    : accept(text);

/** Digits with a point, as number inputs send them; groups of three where they cannot mean anything else. */
const parseNumber = (text: string): ParsedValue => {
  const typed = plainDigits(text).replace(/\s/g, '');
  const plain = /^[+-]?\d+(\.\d+)?$/.test(typed);
  const grouped = /^[+-]?\d{1,3}((,\d{3})+(\.\d+)?|(\.\d{3}){2,}(,\d+)?)$/.test(typed);
  const digits = plain
    ? typed
    : /\.\d{3}\./.test(typed)
      ? typed.replaceAll('.', '').replace(',', '.')
      : typed.replaceAll(',', '');
  const value = Number(digits);
  return (plain || grouped) && Number.isFinite(value)
    ? accept(value)
    : refuse('number', 'must be a number, such as 12 or 12.5');
};

const parseBoolean = (text: string): ParsedValue => {
  const said = yesOrNo(text);
  return said === undefined ? refuse('boolean', 'must be yes or no') : accept(said);
};

const parseDate = (text: string): ParsedValue => {
  const date = plainDigits(text);
  const real = /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date));
  // Date.parse refuses the 32nd, but not everywhere the 31st of June: the day must survive the way there and back.
  return real && new Date(date).toISOString().startsWith(date)
    ? accept(date)
    : refuse('date', 'must be a date, such as 2027-03-01');
};

/** An entry in another case, or with the dash that word processors make, is the entry. */
const sameChoice = (text: string): string =>
  foldText(text)
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/ ?- ?/g, '-');

const parseChoice = (text: string, of: readonly string[]): ParsedValue => {
  const found = of.find((entry) => entry === text) ?? of.find((entry) => sameChoice(entry) === sameChoice(text));
  if (found !== undefined) return accept(found);
  const near = nearest(text, of);
  const among = of.join(', ');
  return refuse('choice', `must be one of ${among}${near === undefined ? '' : `; did you mean ${near}?`}`, { among });
};

const parseLanguage = (text: string): ParsedValue => {
  try {
    const [tag] = Intl.getCanonicalLocales(text.replaceAll('_', '-'));
    if (tag !== undefined) return accept(tag);
  } catch {
    // A RangeError says that the tag is malformed: answered below.
  }
  return refuse('language', 'must be a language tag, such as vi or en-GB');
};

/**
 * Reads a text (not blank: see `isBlank`) as its field's type. `defaultCountry` is for phones without a country code.
 * `why` continues the sentence "<field> …". Texts come out in NFC, phones in E.164 (as typed where no country is known),
 * countries as ISO 3166-1 alpha-2, dates as YYYY-MM-DD, languages as canonical BCP 47, choices as the definition writes them.
 */
export const parseFieldValue = (type: FieldType, text: string, defaultCountry?: string): ParsedValue => {
  const clean = cleanText(text);
  switch (type.type) {
    case 'text':
      return parseText(clean);
    case 'number':
      return parseNumber(clean);
    case 'boolean':
      return parseBoolean(clean);
    case 'date':
      return parseDate(clean);
    case 'choice':
      return parseChoice(clean, type.of);
    case 'country': {
      const code = parseCountry(clean);
      return code === undefined ? refuse('country', 'must be a country, such as VN or Vietnam') : accept(code);
    }
    case 'phone': {
      const number =
        parsePhone(clean, defaultCountry) ?? (defaultCountry === undefined ? localPhone(clean) : undefined);
      return number === undefined
        ? refuse('phone', 'must be a phone number, best with its country code (+84 …)')
        : accept(number);
    }
    case 'email': {
      const parsed = parseEmailAddress(clean);
      return parsed.ok
        ? accept(parsed.address.deliverTo)
        : { ...parsed, why: `is not an address that can be mailed to: ${parsed.why}` };
    }
    case 'language':
      return parseLanguage(clean);
  }
};
