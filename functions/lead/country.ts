/** Countries as people write them, to ISO 3166-1 alpha-2. */
import { foldText } from './words.ts';

/** What the names of the Unicode data do not say. */
const ALIASES: Record<string, string> = {
  ...{ uk: 'GB', 'great britain': 'GB', england: 'GB', usa: 'US', 'u.s.': 'US', 'u.s.a.': 'US', america: 'US' },
  ...{
    'united states of america': 'US',
    'viet nam': 'VN',
    vnm: 'VN',
    'vn.': 'VN',
    tha: 'TH',
    ไทย: 'TH',
    ประเทศไทย: 'TH',
  },
  ...{ 'nuoc viet nam': 'VN', 'hoa ky': 'US', my: 'US', anh: 'GB', korea: 'KR', 'south korea': 'KR', 'han quoc': 'KR' },
  ...{
    russia: 'RU',
    burma: 'MM',
    'czech republic': 'CZ',
    holland: 'NL',
    turkey: 'TR',
    'hong kong': 'HK',
    macau: 'MO',
    uae: 'AE',
  },
};

/** Codes that the Unicode data names although no country bears them: unions, reserved and private ones. */
const NO_COUNTRY = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'XK', 'ZZ', 'AC', 'CP', 'CQ', 'DG', 'EA', 'IC', 'TA']);
const LANGUAGES = ['en', 'vi', 'th'];
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

const english = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

const countries = new Map<string, boolean>();

/** A country of today: a former one (SU, YU, DD) has the code of its successor as its canonical form. */
const isCountry = (code: string): boolean => {
  if (!/^[A-Z]{2}$/.test(code) || NO_COUNTRY.has(code)) return false;
  const known = countries.get(code);
  if (known !== undefined) return known;
  const is = english.of(code) !== undefined && new Intl.Locale(`und-${code}`).region === code;
  countries.set(code, is);
  return is;
};

let byName: Map<string, string> | undefined;

/** Built at the first country that is not a code: 676 candidates in three languages take some milliseconds. */
const names = (): Map<string, string> => {
  if (byName !== undefined) return byName;
  byName = new Map();
  const codes = LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).filter(isCountry);
  for (const language of LANGUAGES) {
    const display = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
    for (const code of codes) {
      const name = foldText(display.of(code) ?? '');
      if (name !== '' && !byName.has(name)) byName.set(name, code);
    }
  }
  for (const [name, code] of Object.entries(ALIASES)) byName.set(name, code);
  return byName;
};

/** The code of a country given by code or by its English, Vietnamese or Thai name, accents and case aside. */
export const parseCountry = (text: string): string | undefined => {
  const code = text.trim().toUpperCase();
  return isCountry(code) ? code : names().get(foldText(text));
};
