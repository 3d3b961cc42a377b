import { describe, expect, it } from 'vitest';
import type { Form } from '../../functions/definition/form.ts';
import { fieldErrorIn, fieldLabel } from '../../functions/http/field-words.ts';
import { readEmail, readFields } from '../../functions/lead/form-values.ts';

const FIELDS: Form['fields'] = {
  name: { type: 'text', required: true },
  jobTitle: { type: 'text', required: false },
  budget: { type: 'number', required: false },
  agreed: { type: 'boolean', required: false },
  start: { type: 'date', required: false },
  companySize: { type: 'choice', of: ['1-9', '10-49'], required: false },
  country: { type: 'country', required: false },
  phone: { type: 'phone', required: false },
  tongue: { type: 'language', required: false },
  other: { type: 'email', required: false },
  company: { type: 'text', required: false },
  note: { type: 'text', required: false },
  lastName: { type: 'text', required: false },
};
const form: Form = {
  name: 'all',
  fields: FIELDS,
  consent: {},
  origins: [],
  conversion: 'download',
  audience: 'sales',
  storage: 'none',
};
const WRONG = {
  jobTitle: ['<b>'],
  budget: ['much'],
  agreed: ['perhaps'],
  start: ['31/12'],
  companySize: ['19'],
  country: ['Atlantis'],
  phone: ['abc'],
  tongue: ['!'],
  other: ['x@y'],
  company: ['a\nb'],
  note: ['x'.repeat(2001)],
  lastName: ['\ud800'],
};
const ADDRESSES = [
  '',
  'ada',
  'a@b@c.vn',
  '@c.vn',
  'hà@c.vn',
  'a b@c.vn',
  'a@',
  'a@b',
  'a@-.vn',
  `a@${'b.'.repeat(130)}vn`,
];

const wrong = [
  ...readFields(form, WRONG).errors,
  ...ADDRESSES.flatMap((address) => readEmail({ email: [address] }).error ?? []),
];

describe('what is wrong with a field', () => {
  it('is found in each value', () => {
    expect(wrong).toHaveLength(Object.keys(FIELDS).length + ADDRESSES.length);
  });

  it.each(['vi', 'th-TH'])('is said in %s', (language) => {
    for (const error of wrong) {
      const { field, message } = fieldErrorIn(language, error);
      expect(field).toBe(error.field);
      expect(message).toMatch(language === 'vi' ? /[\u00e0-\u1ef9]/ : /[\u0e01-\u0e5b]/);
      expect(message).not.toMatch(/[{}]/);
    }
  });

  it('is said in English where the language is not known, with one mark at its end', () => {
    const said = wrong.map((error) => fieldErrorIn('fr', error).message);
    expect(said).toEqual(wrong.map(({ message }) => message));
    expect(said.filter((text) => !/[^.?][.?]$/.test(text))).toEqual([]);
    expect(said).toContain('Company size must be one of 1-9, 10-49; did you mean 1-9?');
  });
});

describe('a field', () => {
  it.each([
    ['vi', 'phone', 'Điện thoại'],
    ['th', 'email', 'อีเมล'],
    ['en', 'companySize', 'Company size'],
    ['vi', 'first_seen', 'First seen'],
    ['vi', 'constructor', 'Constructor'],
  ])('in %s is called: %s, %s', (language, field, label) => {
    expect(fieldLabel(language, field)).toBe(label);
  });
});
