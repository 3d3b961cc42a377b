/**
 * Numbers that a person can have in the countries whose leads leave most of them without a country code: what stands behind
 * it, without the leading 0. After the national numbering plans (ITU-T, list of plans for E.164; Vietnam with its area codes
 * of 2017 and its mobiles as of 15 September 2018); a test holds them against the full metadata of libphonenumber, which
 * would be too large for a function.
 */
const PLANS: Record<string, RegExp> = {
  // Mobile 03, 05, 07, 08, 09; landlines by province, two digits in Hà Nội and Hồ Chí Minh City; 069 of the ministries; VoIP.
  84: /^(?:[35789]\d{8}|2(?:[48]\d|0[3-9]|1[0-689]|2[0-25-9]|3[2-9]|5[124-9]|6[0-39]|7[0-7]|9[0-4679])\d{7}|69\d{5,6}|672\d{6})$/,
  // Mobile 06, 08, 09; landlines 02 in Bangkok and around, 03x to 07x by province, 01x for networks of their own.
  66: /^(?:[689]\d{8}|2\d{7}|(?:1[0689]|3[2-9]|4[2-5]|5[2-6]|7[3-7])\d{6})$/,
};

/** False for what no person has: numbers that nobody was given, and those of services (1800 free, 1900 at a premium). */
export const mayBeSomebodys = (countryCode: string, national: string): boolean =>
  PLANS[countryCode]?.test(national) ?? true;
