import fc from 'fast-check';
import parseInFull from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { parsePhone } from '../../functions/lead/phone.ts';

const OLD_PREFIXES = [
  ...['0120>070', '0121>079', '0122>077', '0126>076', '0128>078', '0123>083', '0124>084', '0125>085', '0127>081'],
  ...['0129>082', '0162>032', '0163>033', '0164>034', '0165>035', '0166>036', '0167>037', '0168>038', '0169>039'],
  ...['0186>056', '0188>058', '0199>059'],
].map((pair) => pair.split('>'));

/** Kinds of number, by their full plans, of which each that a person may have is taken. */
const PERSONS = ['MOBILE', 'FIXED_LINE', 'FIXED_LINE_OR_MOBILE', 'VOIP', 'UAN'];

describe('a phone number', () => {
  it.each([
    ['0912.345.678', 'VN', '+84912345678'],
    ['+84 (0)912 345 678', 'VN', '+84912345678'],
    ['84912345678', 'VN', '+84912345678'],
    ['024 3821 2345', 'VN', '+842438212345'],
    ['0168 765 4321', 'VN', '+84387654321'],
    ['+84 168 765 4321', undefined, '+84387654321'],
    ['0084 168 765 4321', 'TH', '+84387654321'],
    ['84 168 765 4321', 'VN', '+84387654321'],
    ['081 234 5678', 'TH', '+66812345678'],
    ['02-123-4567', 'TH', '+6621234567'],
    ['053-123-456', 'TH', '+6653123456'],
    ['๐๘๑-๒๓๔-๕๖๗๘', 'TH', '+66812345678'],
    ['０８１－２３４－５６７８', 'TH', '+66812345678'],
    ['＋６６ ８１ ２３４ ５６７８', undefined, '+66812345678'],
    ['0066812345678', 'TH', '+66812345678'],
    ['0066812345678', undefined, '+66812345678'],
    ['66812345678', 'TH', '+66812345678'],
    ['+1 (415) 555-2671', 'VN', '+14155552671'],
    ['+44 20 7946 0958', undefined, '+442079460958'],
    ['0236 3821 234', 'VN', '+842363821234'],
    ['069 123 456', 'VN', '+8469123456'],
    ['061 234 5678', 'TH', '+66612345678'],
    ['077-123-456', 'TH', '+6677123456'],
  ])('%s in %s is %s', (text, country, e164) => {
    expect(parsePhone(text, country)).toBe(e164);
  });

  it.each([
    // Numbers of services and between machines are nobody's.
    ['VN', '84', /^(?:1|799\d{4}$)/],
    ['TH', '66', /^14/],
  ] as const)('of %s is taken wherever the full plan of the country gives it to persons', (_, code, but) => {
    const national = fc.stringMatching(/^[1-9]\d{6,9}$/).filter((digits) => !but.test(digits));
    fc.assert(
      fc.property(national, (digits) => {
        const type = parseInFull(`+${code}${digits}`)?.getType();
        if (type && PERSONS.includes(type)) expect(parsePhone(`+${code}${digits}`)).toBe(`+${code}${digits}`);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(OLD_PREFIXES)('of Vietnam from before 2018, %s…, has become %s…', (old, renewed) => {
    expect(parsePhone(`${old}7654321`, 'VN')).toBe(`+84${renewed?.slice(1)}7654321`);
  });

  it.each([
    ['0912345678', undefined],
    ['12345', 'VN'],
    ['0168 765', 'VN'],
    ['0168 765 43210', 'VN'],
    ['hello', 'VN'],
    ['', 'VN'],
    ['+', 'VN'],
    ['0912345678 ext 5', 'VN'],
    ['+84 000 000 000', 'VN'],
    ['0912345678', 'XX'],
    ['1900 1234', 'VN'],
    ['1800 588 822', 'VN'],
    ['1900 123 456', 'TH'],
    ['+84 1900 1234', undefined],
    ['1'.repeat(40), 'VN'],
    ['1234567', 'VN'],
    ['7123456', 'VN'],
    ['61234567', 'VN'],
    ['0112345678', 'VN'],
    ['0612345678', 'VN'],
    ['0699123456', 'VN'],
    ['0200 123 4567', 'VN'],
    ['+84 612 345 678', undefined],
    ['0168 765 4321', 'TH'],
    ['0112345678', 'TH'],
    ['1234567890', 'TH'],
    ['0312 345 67', 'TH'],
    ['+66 112 345 678', undefined],
    ['1800 123 456', 'TH'],
  ])('%j in %s is none', (text, country) => {
    expect(parsePhone(text, country)).toBeUndefined();
  });
});
