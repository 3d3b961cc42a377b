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

let byName: Map<string, string> | undefined;
const codes = new Set<string>();

/** Built at the first country that is not a code: 676 candidates in three languages take some milliseconds. */
const names = (): Map<string, string> => {
  if (byName !== undefined) return byName;
  byName = new Map();
  for (const language of LANGUAGES) {
    const display = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
    for (const code of LETTERS.flatMap((first) => LETTERS.map((second) => first + second))) {
      const name = NO_COUNTRY.has(code) ? undefined : display.of(code);
      if (name === undefined) continue;
      codes.add(code);
      if (!byName.has(foldText(name))) byName.set(foldText(name), code);
    }
  }
  for (const [name, code] of Object.entries(ALIASES)) byName.set(name, code);
  return byName;
};

/** The code of a country given by code or by its English, Vietnamese or Thai name, accents and case aside. */
export const parseCountry = (text: string): string | undefined => {
  const known = names();
  const code = text.trim().toUpperCase();
  return codes.has(code) ? code : known.get(foldText(text));
};

/** The names that a wrong one may be compared with. */
export const countryNames = (): string[] => [...names().keys()];
