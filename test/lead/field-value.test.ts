import { describe, expect, it } from 'vitest';
import type { FieldType, FieldValue } from '../../functions/definition/scoring.ts';
import { cleanText, isBlank, parseFieldValue } from '../../functions/lead/field-value.ts';

const SIZES: FieldType = { type: 'choice', of: ['1-9', '10-49', '50-249', '250+'] };
type Plain = Exclude<FieldType['type'], 'choice'>;

const read = (type: FieldType, text: string): FieldValue | { why: string } => {
  const parsed = parseFieldValue(type, text, 'VN');
  return parsed.ok ? parsed.value : { why: parsed.why };
};

describe('a submitted text', () => {
  it.each<[Plain, string, FieldValue]>([
    ['text', '  Giám đốc '.normalize('NFD'), 'Giám đốc'],
    ['text', 'a\u0000b\u0007c\u200b\ufeff', 'abc'],
    ['text', 'two\r\nlines\tand a tab', 'two\nlines\tand a tab'],
    ['text', 'กำลังเรียนรู้', 'กำลังเรียนรู้'],
    ['text', 'x'.repeat(2000), 'x'.repeat(2000)],
    ['number', '12', 12],
    ['number', ' -12.50 ', -12.5],
    ['number', '1,250,000', 1250000],
    ['number', '1,250.75', 1250.75],
    ['number', '1.250.000', 1250000],
    ['number', '1.250', 1.25],
    ['number', '1 250', 1250],
    ['number', '๑๒', 12],
    ['boolean', 'on', true],
    ['boolean', 'Yes', true],
    ['boolean', 'TRUE', true],
    ['boolean', '1', true],
    ['boolean', 'Có', true],
    ['boolean', 'ใช่', true],
    ['boolean', 'no', false],
    ['boolean', '0', false],
    ['boolean', 'Không', false],
    ['boolean', 'ไม่ใช่', false],
    ['date', '2027-03-01', '2027-03-01'],
    ['date', '2028-02-29', '2028-02-29'],
    ['country', 'Việt Nam', 'VN'],
    ['phone', '0912.345.678', '+84912345678'],
    ['email', ' An@Firm.VN', 'An@firm.vn'],
    ['language', 'vi', 'vi'],
    ['language', 'EN-gb', 'en-GB'],
    ['language', 'en_US', 'en-US'],
    ['language', 'zh-hant-tw', 'zh-Hant-TW'],
  ])('of type %s, %j, is kept as %j', (type, text, value) => {
    expect(read({ type }, text)).toEqual(value);
  });

  it.each([
    ['0912345678', '0912345678'],
    [' 0912.345-678 ', '0912.345-678'],
    ['(024) 3821 2345', '(024) 3821 2345'],
    ['๐๘๑-๒๓๔-๕๖๗๘', '๐๘๑-๒๓๔-๕๖๗๘'],
    ['123456', '123456'],
    ['+84 912 345 678', '+84912345678'],
    ['0084912345678', '+84912345678'],
  ])('%j as a phone of no known country is kept as %s', (text, value) => {
    expect(parseFieldValue({ type: 'phone' }, text)).toEqual({ ok: true, value });
  });

  it.each([
    ...['12345', '1234567890123456', 'call me', '0912345678 ext 5', '0912a345678', '+84 612 345 678', '+123456'],
    ...['0084612345678', '-', `${'1 '.repeat(10)}${'-'.repeat(100)}`],
  ])('%j is no phone of any country', (text) => {
    expect(parseFieldValue({ type: 'phone' }, text)).toMatchObject({ ok: false, kind: 'phone' });
  });

  it('is no phone of a field with a country where it is no number of that, or nothing is known of it', () => {
    expect(parseFieldValue({ type: 'phone' }, '0612345678', 'VN')).toMatchObject({ ok: false });
    expect(parseFieldValue({ type: 'phone' }, '0912345678', 'XX')).toMatchObject({ ok: false });
  });

  it.each<[Plain, string, string]>([
    ['text', 'x'.repeat(2001), 'longer than 2000'],
    ['number', 'twelve', 'number'],
    ['number', '1,25', 'number'],
    ['number', '0x10', 'number'],
    ['number', '1e999', 'number'],
    ['number', 'Infinity', 'number'],
    ['boolean', 'maybe', 'yes or no'],
    ['date', '01/03/2027', 'date'],
    ['date', '2027-02-29', 'date'],
    ['date', '2027-06-31', 'date'],
    ['date', '2027-13-01', 'date'],
    ['country', 'Atlantis', 'country'],
    ['phone', '123', 'phone number'],
    ['email', 'an@firm', 'no ending'],
    ['language', 'Vietnamese!', 'language tag'],
    ['language', 'x', 'language tag'],
  ])('of type %s, %j, is refused: %s', (type, text, why) => {
    expect(read({ type }, text)).toEqual({ why: expect.stringContaining(why) });
  });

  it.each([
    ['10-49', '10-49'],
    ['10 - 49', '10-49'],
    ['10–49', '10-49'],
    ['250+', '250+'],
  ])('%j of a choice is the entry %s', (text, entry) => {
    expect(read(SIZES, text)).toBe(entry);
  });

  it('that is no entry of a choice is refused by the nearest', () => {
    const problems: FieldType = { type: 'choice', of: ['cash-flow', 'tax-filing', 'payroll'] };
    expect(read(problems, 'Payroll')).toBe('payroll');
    expect(read(problems, 'payrol')).toEqual({
      why: 'must be one of cash-flow, tax-filing, payroll; did you mean payroll?',
    });
    expect(read(problems, 'something else')).toEqual({ why: 'must be one of cash-flow, tax-filing, payroll' });
  });

  it.each([
    ['', true],
    [' \n\u200b\ufeff', true],
    ['0', false],
  ])('%j is blank: %s', (text, blank) => {
    expect(isBlank(text)).toBe(blank);
  });

  it('keeps the joiners that make an emoji or an Indic letter', () => {
    expect(cleanText('👩\u200d💼')).toBe('👩\u200d💼');
  });
});
