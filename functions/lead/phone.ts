/** Phone numbers as people type them, to E.164. */
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { mayBeSomebodys } from './national-numbers.ts';

/** Mobile numbers of Vietnam lost a digit on 15 September 2018: old prefix → new, the last seven digits stay. */
const OLD_VIETNAMESE: Record<string, string> = {
  ...{ '120': '70', '121': '79', '122': '77', '126': '76', '128': '78' },
  ...{ '123': '83', '124': '84', '125': '85', '127': '81', '129': '82' },
  ...{ '162': '32', '163': '33', '164': '34', '165': '35', '166': '36', '167': '37', '168': '38', '169': '39' },
  ...{ '186': '56', '188': '58', '199': '59' },
};

const THAI_ZERO = 0x0e50;

/** Thai digits and full-width forms as plain ones: NFKC folds the full-width, and no normal form the Thai. */
export const plainDigits = (text: string): string =>
  text.normalize('NFKC').replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - THAI_ZERO));

/** `+84 1xx…`, `841xx…` and `01xx…` with seven digits behind: the number that replaced it. */
const renewVietnamese = (number: string, country: string | undefined): string => {
  const match = /^(\+?840?|0)(1\d\d)(\d{7})$/.exec(number);
  const [, lead = '', prefix = '', rest = ''] = match ?? [];
  const renewed = OLD_VIETNAMESE[prefix];
  const isVietnamese = lead !== '0' || country === 'VN';
  return renewed !== undefined && isVietnamese ? `+84${renewed}${rest}` : number;
};

/** Digits with a leading + where the number is international; the rest of what people put between them is dropped. */
const cleanUp = (text: string, country: string | undefined): string => {
  const bare = plainDigits(text)
    .replace(/\(0\)/g, '')
    .replace(/[\s().\-/\u2010-\u2015\u2212\u00a0\u200b-\u200f\u2060\ufeff]/g, '');
  return renewVietnamese(bare.replace(/^00(?=[1-9])/, '+'), country);
};

/**
 * The number in E.164, or undefined when it is none. A number without a country code is read as one of `country`
 * (ISO 3166-1 alpha-2); without that it is none, because a wrong guess is worse than no number. Nor is one that nobody
 * can have: `libphonenumber-js/min` knows of each country how long its numbers are, and hardly more.
 */
export const parsePhone = (text: string, country?: string): string | undefined => {
  const number = cleanUp(text, country);
  if (!/^\+?\d{5,15}$/.test(number)) return undefined;
  const home = country !== undefined && isSupportedCountry(country) ? country : undefined;
  const candidates = [number, `+${number}`].filter((each) => each.startsWith('+') || home !== undefined);
  for (const candidate of number.startsWith('+') ? [number] : candidates) {
    const phone = parsePhoneNumberFromString(candidate, home === undefined ? {} : { defaultCountry: home });
    if (phone?.isValid() && mayBeSomebodys(phone.countryCallingCode, phone.nationalNumber)) return phone.number;
  }
  return undefined;
};

/** Digits with what stands between them; more than any number needs is none. */
const LONGEST_TYPED = 40;

/**
 * The number as it was typed, where nothing tells its country: digits with the usual separators, 6 to 15 of them. Undefined:
 * it is no phone number, or it names a country (+, 00) in which it is none.
 */
export const localPhone = (text: string): string | undefined =>
  text.length <= LONGEST_TYPED && /^\d{6,15}$/.test(cleanUp(text, undefined)) ? text.trim() : undefined;
