/** How to call a person. Names keep the case in which they were typed. */
import { cleanText } from './field-value.ts';
import { foldText } from './words.ts';

/** Longer is no name, and would be cut inside a character. */
const LONGEST_NAME = 100;
/** Addresses and links that machines put into name fields. */
const NO_NAME = /[@<>{}[\]\\/|]|https?:|www\.|\d{3,}/i;
const THAI = /\p{Script=Thai}/u;

/** Forms of address, folded; the name comes after them. Thai ones may stand without a space. */
const TITLES = new Set([
  'mr',
  'mrs',
  'ms',
  'miss',
  'dr',
  'prof',
  'sir',
  'madam',
  'anh',
  'chi',
  'ong',
  'ba',
  'co',
  'khun',
]);
const THAI_TITLE = /^(?:คุณ|นางสาว|น\.ส\.|นาย|นาง|ดร\.)\s*(?=\S)/u;

/** Family names borne by most Vietnamese and by hardly anybody else, folded: the given name stands last in any language. */
const VIETNAMESE_FAMILIES = new Set([
  'nguyen',
  'tran',
  'pham',
  'huynh',
  'hoang',
  'phan',
  'dang',
  'truong',
  'luong',
  'trinh',
]);

/** A full name as it is kept: NFC, one space between its parts, without control characters. */
export const cleanName = (text: string): string => cleanText(text).replace(/\s+/g, ' ');

const isTitle = (token: string): boolean => TITLES.has(foldText(token).replace(/\.$/, ''));

const tokensOf = (name: string): string[] => {
  const tokens = name
    .replace(/[,;].*$/, '')
    .split(' ')
    .filter((token) => token !== '');
  // A single word is the name, even where it reads like a title: Anh, Chi and Co are names too.
  return tokens.length > 1 && isTitle(tokens[0] ?? '') ? tokens.slice(1) : tokens;
};

const isVietnamese = (tokens: string[], language: string): boolean =>
  language.split('-')[0] === 'vi' || (tokens.length > 1 && VIETNAMESE_FAMILIES.has(foldText(tokens[0] ?? '')));

/**
 * The name to greet by, or undefined when there is none to use (the greeting then does without). Vietnamese: family, middle,
 * given, so the last ("Nguyễn Thị Hương" → "Hương"); Thai: คุณ and the first; else the first. `language` is a BCP 47 tag
 * and decides where the name itself does not.
 */
export const greetingName = (name: string | undefined, language: string): string | undefined => {
  const clean = cleanName(name ?? '');
  if (clean === '' || clean.length > LONGEST_NAME || NO_NAME.test(clean)) return undefined;
  if (THAI.test(clean)) {
    const given = clean.replace(THAI_TITLE, '').split(' ')[0];
    return given ? `คุณ${given}` : undefined;
  }
  const tokens = tokensOf(clean);
  if (isVietnamese(tokens, language)) return tokens.at(-1);
  return language.split('-')[0] === 'th' && tokens[0] ? `คุณ ${tokens[0]}` : tokens[0];
};
