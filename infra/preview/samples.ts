/** Leads for whom mails are previewed when the marketer named none: with all known, with nothing known, in three scripts. */
import type { FieldType, FieldValue } from '../../functions/definition/scoring.ts';
import { leadFieldsOf, type SampleLead } from '../../workflows/compiler/sample-leads.ts';
import type { Shown } from './state.ts';

const PEOPLE = [
  { id: 'huong', name: 'Nguyễn Thị Hương', country: 'VN', phone: '+84912345678', language: 'vi' },
  { id: 'somchai', name: 'สมชาย ใจดี', country: 'TH', phone: '+66812345678', language: 'th' },
  { id: 'ada', name: 'Ada Lovelace', country: 'GB', phone: '+447911123456', language: 'en' },
];

/** The last one left nothing but an address. */
export function defaultSamples(definition: Shown): SampleLead[] {
  const known = leadFieldsOf(definition);
  const people = PEOPLE.map(({ id, ...person }): SampleLead => {
    const fields = [...known].flatMap(([field, type]): [string, FieldValue][] => {
      if (field === 'email') return [];
      return [[field, valueFor(field, type, person)]];
    });
    return { id, email: `${id}@example.org`, language: person.language, fields: Object.fromEntries(fields) };
  });
  return [...people, { id: 'nobody-known', email: 'nobody@example.org', fields: {} }];
}

function valueFor(field: string, type: FieldType, person: Omit<(typeof PEOPLE)[number], 'id'>): FieldValue {
  if (field === 'name') return person.name;
  switch (type.type) {
    case 'choice':
      return type.of[0] ?? '';
    case 'number':
      return 7;
    case 'boolean':
      return true;
    case 'date':
      return '2027-03-01';
    case 'country':
      return person.country;
    case 'phone':
      return person.phone;
    case 'language':
      return person.language;
    case 'email':
      return 'other@example.org';
    default:
      return field === 'jobTitle' ? 'Director' : `(${field})`;
  }
}
