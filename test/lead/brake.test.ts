import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brakeReason, sendsSince } from '../../functions/lead/brake.ts';

describe('the brake', () => {
  it.each([
    ['one bounce of ten mails', { sends: 10, bounces: 1, complaints: 0 }, false],
    ['nine bounces of nine mails', { sends: 9, bounces: 9, complaints: 0 }, false],
    ['ten bounces of twenty mails', { sends: 20, bounces: 10, complaints: 0 }, true],
    ['ten bounces of 250 mails', { sends: 250, bounces: 10, complaints: 0 }, true],
    ['ten bounces of 251 mails', { sends: 251, bounces: 10, complaints: 0 }, false],
    ['2 % bounces of a large day', { sends: 100_000, bounces: 2000, complaints: 0 }, false],
    ['4 % bounces of a large day', { sends: 100_000, bounces: 4000, complaints: 0 }, true],
    ['one complaint of a thousand mails', { sends: 1000, bounces: 0, complaints: 1 }, false],
    ['two complaints of two mails', { sends: 2, bounces: 0, complaints: 2 }, false],
    ['three complaints of fifty mails', { sends: 50, bounces: 0, complaints: 3 }, true],
    ['three complaints of 3,750 mails', { sends: 3750, bounces: 0, complaints: 3 }, true],
    ['three complaints of 3,751 mails', { sends: 3751, bounces: 0, complaints: 3 }, false],
    ['bounces of mails that SES does not count any more', { sends: 0, bounces: 10, complaints: 0 }, true],
    ['nothing at all', { sends: 0, bounces: 0, complaints: 0 }, false],
  ])('for %s is pulled: %s', (_, day, pulled) => {
    expect(brakeReason(day) !== undefined).toBe(pulled);
  });

  it.each([
    [{ sends: 1000, bounces: 45, complaints: 0 }, '45 bounces of 1000 mails in 24 hours (4.5 %; SES reviews at 5 %)'],
    [
      { sends: 10_000, bounces: 900, complaints: 9 },
      '9 complaints of 10000 mails in 24 hours (0.09 %; SES reviews at 0.1 %)',
    ],
    [{ sends: 0, bounces: 12, complaints: 0 }, '12 bounces in 24 hours (SES reviews at 5 %)'],
  ])('says of %j why: “%s”', (day, reason) => {
    expect(brakeReason(day)).toBe(reason);
  });

  it('stays pulled when more of the same come, and is never pulled below the share', () => {
    const number = fc.nat({ max: 100_000 });
    fc.assert(
      fc.property(number, number, number, fc.nat({ max: 50 }), (sends, bounces, complaints, more) => {
        const pulled = brakeReason({ sends, bounces, complaints }) !== undefined;
        if (pulled)
          expect(brakeReason({ sends, bounces: bounces + more, complaints: complaints + more })).toBeDefined();
        if (pulled) expect(bounces >= 0.04 * sends || complaints >= 0.0008 * sends).toBe(true);
      }),
    );
  });
});

describe('the mails since the brake was released', () => {
  const at = '2027-03-01T02:00:00.000Z';
  it.each([
    ['are all, where it never was', 5000, undefined, at, 5000],
    ['are none at first', 10_000, { at, then24: 10_000 }, at, 0],
    ['are the new ones at first', 10_400, { at, then24: 10_000 }, at, 400],
    ['lose the old ones in the course of a day', 6000, { at, then24: 10_000 }, '2027-03-01T14:00:00.000Z', 1000],
    ['are all a day later', 6000, { at, then24: 10_000 }, '2027-03-02T02:00:00.000Z', 6000],
    ['are all a week later', 6000, { at, then24: 10_000 }, '2027-03-08T02:00:00.000Z', 6000],
    ['are never below none', 100, { at, then24: 10_000 }, '2027-03-01T03:00:00.000Z', 0],
    ['do not grow by a clock that runs behind', 10_000, { at, then24: 10_000 }, '2027-03-01T01:59:59.000Z', 0],
  ])('%s', (_, now24, began, now, expected) => {
    expect(sendsSince(now24, began, now)).toBe(expected);
  });
});
