/** Which country's law counts for mail to a lead, where laws differ by country. */
import type { FieldValue } from '../definition/scoring.ts';
import { countryOfPhone, zoneOf, zoneOfCountry } from './zone.ts';

type Fields = Record<string, FieldValue>;

/** Where a lead lives: what it stated (field `country`, ISO 3166-1), else where its phone is called (field `phone`, E.164). */
const countryOf = ({ country, phone }: Fields): string | undefined => {
  if (typeof country === 'string' && country !== '') return country.toUpperCase();
  return typeof phone === 'string' ? countryOfPhone(phone) : undefined;
};

/**
 * What stands under the lead's country, if anything does. Of whom no country is known lives where its zone is: the one that
 * it stated, or else the workspace's (`zone`).
 */
export function ofCountry<T>(byCountry: Record<string, T>, fields: Fields, zone: string): T | undefined {
  const own = zoneOf(fields, zone);
  const country = countryOf(fields) ?? Object.keys(byCountry).find((each) => zoneOfCountry(each) === own);
  return country !== undefined && Object.hasOwn(byCountry, country) ? byCountry[country] : undefined;
}
