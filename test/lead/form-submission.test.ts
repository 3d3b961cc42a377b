import { describe, expect, it } from 'vitest';
import { CONVERSIONS, type Conversion, type Form } from '../../functions/definition/form.ts';
import {
  type Heard,
  type ReadSubmission,
  type RequestFacts,
  readSubmission,
  type Submission,
} from '../../functions/lead/form-submission.ts';
import { demoForm, exampleSettings, guideForm } from './example-rules.ts';

const AT = '2027-03-01T02:00:00.000Z';

/** As a body arrives: JSON members and urlencoded pairs alike are lists of texts. */
const post = (
  values: Record<string, string | string[]>,
  form: Form = guideForm,
  facts: Partial<RequestFacts> = {},
): ReadSubmission => {
  const raw = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat()]));
  return readSubmission(form, exampleSettings, raw, { at: AT, ...facts });
};

const accepted = (...given: Parameters<typeof post>): Heard & Submission => {
  const read = post(...given);
  if (!('happenings' in read)) throw new Error(JSON.stringify(read));
  return read;
};
const submitted = (...given: Parameters<typeof post>) => accepted(...given).happenings[0];
const errorsOf = (...given: Parameters<typeof post>) => {
  const read = post(...given);
  return 'errors' in read ? read.errors : [];
};

const email = 'mai@company.vn';

describe('an accepted post', () => {
  it('is one act: the submission and the conversion that it is', () => {
    const { happenings } = accepted({ email });
    const data = {
      form: 'cash-flow-guide',
      conversion: 'download',
      asset: 'cash-flow-guide',
      depth: 'deep',
      problem: 'cash-flow',
    };
    expect(happenings).toMatchObject([
      { type: 'form.submitted', at: AT, actor: 'human', data },
      { type: 'asset.downloaded', at: AT, actor: 'human', data },
    ]);
    expect(happenings[1]?.key).toBe(`${happenings[0]?.key}#asset.downloaded`);
  });

  it.each(Object.entries(CONVERSIONS))('of a %s raises %s', (conversion, type) => {
    const form = { ...demoForm, conversion: conversion as Conversion };
    expect(accepted({ email }, form).happenings[1]?.type).toBe(type);
  });

  it('has its values by their types, without the address and without blanks', () => {
    const values = {
      email,
      name: ' Mai  Nguyễn ',
      phone: '090 123 4567',
      companySize: '50-249',
      country: 'Vietnam',
      jobTitle: ' ',
    };
    expect(submitted(values)?.fields).toEqual({
      name: 'Mai Nguyễn',
      phone: '+84901234567',
      companySize: '50-249',
      country: 'VN',
    });
  });

  it('fills the problem of its asset only where the lead has none', () => {
    expect(submitted({ email })?.fills).toEqual({ problem: 'cash-flow' });
    expect(submitted({ email }, demoForm)).not.toHaveProperty('fills');
  });

  it.each([
    ['<b>Mai</b>', 'Name must not hold < or >.'],
    ['Mai\r\nBcc: all@example.com', 'Name must be one line, without control characters.'],
    ['Mai\u0000', 'Name must be one line, without control characters.'],
  ])('refuses the name %j', (name, message) => {
    expect(errorsOf({ email, name })).toMatchObject([{ field: 'name', message }]);
  });

  it('sets aside by name what the form does not define', () => {
    const { setAside, happenings } = accepted({
      email,
      budget: '5',
      'x\ny': '1',
      utm_source: 'zalo',
      gclid: 'g',
      constructor: 'c',
    });
    expect(setAside).toEqual(['budget', 'x y', 'constructor']);
    expect(happenings[0]?.source).toMatchObject({ utm: { source: 'zalo' }, clickIds: { gclid: 'g' } });
  });

  it('of a form for applicants or partners says so in its data', () => {
    const { happenings } = accepted({ email }, { ...demoForm, audience: 'recruiting' });
    expect(happenings.map(({ data }) => data.audience)).toEqual(['recruiting', 'recruiting']);
    expect(submitted({ email })?.data).not.toHaveProperty('audience');
  });
});

describe('the language', () => {
  it.each([
    [{ language: 'vi' }, undefined, 'vi', 'vi'],
    [{ language: 'vi-VN' }, undefined, 'vi', 'vi'],
    [{ language: 'th_TH' }, 'vi', 'th', 'th'],
    [{ language: 'fr' }, undefined, 'fr', 'fr'],
    [{ language: '!!' }, 'vi', 'vi', 'vi'],
    [{}, 'vi', 'vi', 'vi'],
    [{}, undefined, 'en', undefined],
  ])('of %j on a form in %s is %s', (values, language, shown, kept) => {
    const form = language === undefined ? guideForm : { ...guideForm, language };
    const read = accepted({ email, ...values }, form);
    expect(read.language).toBe(shown);
    expect(read.happenings[0]?.language).toBe(kept);
  });
});

describe('consent', () => {
  it('is kept with the wording shown and its hash', () => {
    expect(submitted({ email, agree: 'on', language: 'vi' })?.consent).toEqual([
      {
        purpose: 'marketing',
        action: 'granted',
        method: 'box',
        form: 'cash-flow-guide',
        language: 'vi',
        text: guideForm.consent.marketing?.text.vi,
        textHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        frequency: { perWeek: 2 },
      },
    ]);
  });

  it.each(['on', 'true', 'yes', '1', 'I agree', ['0', '1']])('is given by a box with the value %s', (agree) => {
    expect(submitted({ email, agree })?.consent).toHaveLength(1);
  });

  it.each([
    ...['', ' ', '0', 'no', 'false', 'OFF', ['0', ''], 'Không'.normalize('NFD'), 'ไม่ใช่', 'disagree', 'no thanks'],
    ...['None', 'null', 'undefined', 'N/A', '0.0', '[]', 'không đồng ý', 'ไม่ยินยอม', 'I don’t agree', 'unsubscribe'],
  ])('is not given, nor withdrawn, by “%s”', (agree) => {
    expect(submitted({ email, agree })).not.toHaveProperty('consent');
  });

  it('says that it waits for a confirmation where the form asks for one', () => {
    const marketing = { ...guideForm.consent.marketing, doubleOptIn: true };
    const form = { ...guideForm, consent: { marketing } } as Form;
    expect(submitted({ email, agree: 'on' }, form)?.consent?.[0]?.doubleOptIn).toBe(true);
  });
});

describe('a refused post names each field and why', () => {
  it.each([
    [{}, 'email', 'Email is missing.'],
    [{ email: '  ' }, 'email', 'Email is missing.'],
    [{ email: 'mai' }, 'email', 'The address is not accepted: it has no @.'],
    [{ email: 'mai@' }, 'email', 'The address is not accepted: nothing stands after the @.'],
    [{ email, phone: 'call me' }, 'phone', 'Phone must be a phone number'],
    [{ email, country: 'Atlantis' }, 'country', 'Country must be a country'],
    [{ email, companySize: '50-250' }, 'companySize', 'Company size must be one of 1-9, 10-49'],
    [{ email, jobTitle: 'x'.repeat(2001) }, 'jobTitle', 'Job title must not be longer than 2000'],
    [{ email, name: 'x'.repeat(10_000) }, 'name', 'Name must not be longer than 2000'],
    [{ email, jobTitle: '\ud800' }, 'jobTitle', 'Job title holds characters that are not valid.'],
  ])('%#: %j', (values, field, message) => {
    const errors = errorsOf(values);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.field).toBe(field);
    expect(errors[0]?.message).toContain(message);
  });

  it('all at once, the address first', () => {
    expect(errorsOf({ email: 'x', phone: 'x', country: 'x' }).map(({ field }) => field)).toEqual([
      'email',
      'phone',
      'country',
    ]);
  });

  it('and a required field that is missing', () => {
    const form = { ...demoForm, fields: { ...demoForm.fields, name: { type: 'text' as const, required: true } } };
    expect(errorsOf({ email, name: ' ' }, form)).toMatchObject([{ field: 'name', message: 'Name is missing.' }]);
  });

  it('and an endless address, because it is too long', () => {
    const [error] = errorsOf({ email: `${'x'.repeat(3000)}@corp.vn` });
    expect(error?.message).toBe('The address is not accepted: it is longer than 254 characters.');
    expect(error).toMatchObject({ field: 'email', kind: 'long', values: { most: '254' } });
  });

  it('and an endless idempotency key', () => {
    expect(errorsOf({ email }, guideForm, { idempotencyKey: 'x'.repeat(256) })[0]?.field).toBe('Idempotency-Key');
  });
});

describe('the same submission', () => {
  const sameness = (...given: Parameters<typeof post>) => accepted(...given).same;
  const first = { email, name: 'Mai' };

  it('has the same values: whatever the campaign, the key, and whatever is set aside', () => {
    const { values } = sameness(first);
    expect(sameness({ ...first, utm_source: 'x', extra: 'y' })).toEqual({ values });
    expect(sameness(first, guideForm, { idempotencyKey: 'k1' }).values).toBe(values);
    expect(sameness({ ...first, name: 'Linh' }).values).not.toBe(values);
  });

  it('is another event when it is posted again later', () => {
    const again = submitted(first, guideForm, { at: '2027-03-02T02:00:00.000Z' });
    expect(submitted(first)?.key).not.toBe(again?.key);
  });

  it.each([
    [first, { idempotencyKey: 'k1' }],
    [{ ...first, 'idempotency-key': 'k1' }, {}],
    [{ ...first, 'Idempotency-Key': 'k1' }, {}],
    [{ ...first, Idempotency_Key: 'k1' }, {}],
    [{ ...first, idempotencyKey: 'k1' }, {}],
  ])('has the same key, from the header or a hidden field, whatever the values: %#', (values, facts) => {
    const { same, setAside, happenings } = accepted(values, guideForm, facts);
    const later = { idempotencyKey: 'k1', at: '2027-03-09T02:00:00.000Z' };
    const other = accepted({ email, name: 'Linh' }, guideForm, later);
    expect(same.key).toBe(other.same.key);
    expect(happenings[0]?.key).toBe(other.happenings[0]?.key);
    expect(setAside).toEqual([]);
    expect(same.key).not.toBe(sameness(first, demoForm, { idempotencyKey: 'k1' }).key);
    expect(same.key).not.toBe(sameness({ email: 'linh@company.vn' }, guideForm, { idempotencyKey: 'k1' }).key);
  });
});

describe('a post that makes no lead', () => {
  const nothingElse = { keyHash: undefined, setAside: [] };
  it.each([
    ['has the trap filled in', { email, website: 'http://spam.example' }, {}],
    ['has the trap filled in, even with errors', { website: 'x' }, {}],
    ['has an object in the trap', { email, website: '' }, { nested: ['website'] }],
  ])('%s', (_, values, facts) => expect(post(values, guideForm, facts)).toEqual({ trapped: true, ...nothingElse }));
  it('comes from the own staff', () =>
    expect(post({ email: 'lan@mail.example.com' })).toEqual({ staff: true, ...nothingElse }));

  it('is answered with what any other post is answered with', () => {
    const key = { idempotencyKey: 'k1' };
    const { keyHash, setAside } = accepted({ email, budget: '5' }, guideForm, key);
    expect(post({ email, budget: '5', website: 'x' }, guideForm, key)).toEqual({ trapped: true, keyHash, setAside });
    expect(setAside).toEqual(['budget']);
    expect(keyHash).toBe(accepted({ email }, guideForm, key).same.key);
  });
});
