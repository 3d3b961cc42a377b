/** The small words of the definition language, as zod reads them: names, addresses, days, links. */
import * as z from 'zod';
import { nearest } from '../../functions/lead/nearest.ts';
import { oneOf, reading, shown } from './shape.ts';

const NAME = /^[a-z0-9][a-z0-9-]{0,49}$/;
const FIELD = /^[a-z][A-Za-z0-9_]{0,39}$/;
const ADDRESS = /^[^\s@<>"(),;:\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i;
const DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u;

/** Of files, rules, lists, steps: kebab-case, safe as a part of any path, key and state name. */
export const isName = (text: string): boolean => NAME.test(text);
export const NAME_RULE =
  'A name has small letters, digits and hyphens, begins with a letter or digit and has 50 at most.';

export const name = z.string().regex(NAME, NAME_RULE);
/** Of a lead's field: usable in Liquid too. */
export const fieldName = z
  .string()
  .regex(FIELD, "A field's name has letters, digits and `_`, begins with a small letter and has 40 at most.");
/** The name of a consent's purpose. */
export const purposeName = name;

export const line = z
  .string()
  .min(1, 'The text is empty.')
  .max(300, 'The text is longer than 300 characters.')
  .refine((text) => !text.includes('\n'), 'The text must stand on one line.');
export const prose = z.string().min(1, 'The text is empty.').max(2000, 'The text is longer than 2,000 characters.');
export const address = z.string().regex(ADDRESS, 'This is not an email address.');
export const domain = z.string().toLowerCase().regex(DOMAIN, 'This is not a domain: write it like `example.com`.');

export const date = z.string().refine(isDay, 'This is not a day: write it like `2027-03-31`.');

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** A tag of BCP 47 in its canonical spelling: `en`, `pt-BR`. */
export const language = reading<string>(
  (value) => {
    const wrong = { wrong: `${shown(value)} is not a language: write its code, like \`en\`, \`vi\` or \`pt-BR\`.` };
    if (typeof value !== 'string') return wrong;
    try {
      const [canonical] = Intl.getCanonicalLocales(value);
      if (canonical === value) return { value };
      return { ...wrong, params: { nearest: canonical } };
    } catch {
      return wrong;
    }
  },
  { type: 'string', pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$' },
);

/** A zone of the IANA database: `Asia/Ho_Chi_Minh`. */
export const zone = reading<string>(
  (value) => {
    const zones = () => Intl.supportedValuesOf('timeZone');
    const wrong = { wrong: `${shown(value)} is not a time zone: write it like \`Asia/Bangkok\`.` };
    if (typeof value !== 'string') return wrong;
    try {
      new Intl.DateTimeFormat('en', { timeZone: value });
      return /^[+-]/.test(value) ? wrong : { value };
    } catch {
      const city = value.split('/').at(-1)?.toLowerCase().replaceAll(/[ _-]/g, '') ?? '';
      const found = zones().find((each) => each.toLowerCase().replaceAll(/[ _-]/g, '').endsWith(`/${city}`));
      return { ...wrong, params: { nearest: found ?? nearest(value, zones()) } };
    }
  },
  { type: 'string', pattern: '^([A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+)*|UTC)$' },
);

/** The lead's own zone, or a named one. */
export const leadZone = oneOf<string>(
  (value) => (value === 'lead' ? z.literal('lead') : zone),
  () => [z.literal('lead'), zone],
);

/** A country by ISO 3166-1 alpha-2: `VN`. */
export const country = reading<string>(
  (value) => {
    const wrong = { wrong: `${shown(value)} is not a country: write its two letters, like \`VN\`.` };
    if (typeof value !== 'string') return wrong;
    if (isCountry(value)) return { value };
    return { ...wrong, params: { nearest: isCountry(value.toUpperCase()) ? value.toUpperCase() : undefined } };
  },
  { type: 'string', pattern: '^[A-Z]{2}$' },
);

const countries = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
export const isCountry = (text: string): boolean => /^[A-Z]{2}$/.test(text) && countries.of(text) !== undefined;

/** A page on the web. Plain `http` is for this machine alone. */
export const link = z.string().refine(isLink, 'This is not a link: write it in full, with `https://`.');

function isLink(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === 'https:' || (url.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname));
}

/** A name out of a closed set that the language itself defines. */
export const oneWord = <const Word extends string>(...words: Word[]) => z.enum(words);
/** One value, or a list of them: a list in any case. */
export const orList = <T>(one: z.ZodType<T>) =>
  oneOf<T[]>(
    (value) => (Array.isArray(value) ? z.array(one).min(1, 'The list is empty.') : one.transform((single) => [single])),
    () => [one, z.array(one).min(1)],
  );
