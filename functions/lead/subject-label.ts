/** The word that some laws put first in the subject of marketing mail: Vietnam's decree 91/2020 asks for `[QC]`. */
import type { FieldValue } from '../definition/scoring.ts';
import type { Settings } from '../definition/settings.ts';
import { countryOfPhone, zoneOf, zoneOfCountry } from './zone.ts';

/** Where a lead lives: what it stated (field `country`, ISO 3166-1), else where its phone is called (field `phone`, E.164). */
export function countryOf({ country, phone }: Record<string, FieldValue>): string | undefined {
  if (typeof country === 'string' && country !== '') return country.toUpperCase();
  return typeof phone === 'string' ? countryOfPhone(phone) : undefined;
}

/** Of whom no country is known lives where its zone is, and that is the workspace's unless it stated another. */
const labelledCountry = (fields: Record<string, FieldValue>, countries: string[], workspace: string) => {
  const zone = zoneOf(fields, workspace);
  return countryOf(fields) ?? countries.find((country) => zoneOfCountry(country) === zone);
};

/**
 * The subject of a marketing mail for a lead of these fields: the country's label first, if it has one. A label that the
 * marketer wrote by hand, wherever in the subject, does not stand a second time. Settings of older versions name no labels.
 */
export function labelled(
  subject: string,
  fields: Record<string, FieldValue>,
  { subjectLabel = {}, zone }: { subjectLabel?: Settings['subjectLabel']; zone: string },
): string {
  const country = labelledCountry(fields, Object.keys(subjectLabel), zone);
  const label = country !== undefined && Object.hasOwn(subjectLabel, country) ? subjectLabel[country] : undefined;
  if (label === undefined) return subject;
  const literal = label.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const parts = subject.split(new RegExp(`\\s*${literal}\\s*`, 'iu')).filter((part) => part !== '');
  return [label, ...parts].join(' ').trim();
}
