/** The word that some laws put first in the subject of marketing mail: Vietnam's decree 91/2020 asks for `[QC]`. */
import type { FieldValue } from '../definition/scoring.ts';
import type { Settings } from '../definition/settings.ts';
import { ofCountry } from './law.ts';

/**
 * The subject of a marketing mail for a lead of these fields: the country's label first, if it has one. A label that the
 * marketer wrote by hand, wherever in the subject, does not stand a second time. Settings of older versions name no labels.
 */
export function labelled(
  subject: string,
  fields: Record<string, FieldValue>,
  { subjectLabel = {}, zone }: { subjectLabel?: Settings['subjectLabel']; zone: string },
): string {
  const label = ofCountry(subjectLabel, fields, zone);
  if (label === undefined) return subject;
  const literal = label.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const parts = subject.split(new RegExp(`\\s*${literal}\\s*`, 'iu')).filter((part) => part !== '');
  return [label, ...parts].join(' ').trim();
}
