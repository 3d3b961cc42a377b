import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Until } from '../../functions/definition/workflow.ts';
import { untilInstant } from '../../functions/lead/until.ts';

const DAY = 86_400_000;
const trial = (over: object = {}): Until => ({
  field: 'trialEnds',
  at: '09:00',
  zone: 'lead',
  upTo: 90 * DAY,
  ...over,
});
const day = (days: Until extends infer U ? (U extends { days: infer D } ? D : never) : never, at = '09:00'): Until => ({
  days,
  at,
  zone: 'lead',
});
const vietnam = (fields: Record<string, string> = {}) => ({ fields: { country: 'VN', ...fields }, zone: 'UTC' });

/** Monday 1 March 2027, 09:00 in Vietnam. */
const MONDAY = '2027-03-01T02:00:00.000Z';

describe('a wait until a date of the lead', () => {
  it.each([
    ['on the day, at the hour, by the clock of the lead', trial(), '2027-03-10', '2027-03-10T02:00:00.000Z'],
    ['days before it', trial({ before: 2 * DAY }), '2027-03-10', '2027-03-08T02:00:00.000Z'],
    ['hours before it', trial({ before: 3_600_000 }), '2027-03-10', '2027-03-10T01:00:00.000Z'],
    ['in a zone of its own', trial({ zone: 'UTC' }), '2027-03-10', '2027-03-10T09:00:00.000Z'],
    ['at once, where the date is past', trial(), '2027-02-01', MONDAY],
    ['at once, where it is no date', trial(), 'soon', MONDAY],
    ['at once, where there is no such day', trial(), '2027-02-31', MONDAY],
    ['the day of an instant that a product posted', trial(), '2027-03-10T17:00:00Z', '2027-03-10T02:00:00.000Z'],
    ['no longer than its limit', trial({ upTo: 5 * DAY }), '2028-01-01', '2027-03-06T02:00:00.000Z'],
  ])('ends %s', (_, until, trialEnds, instant) => {
    expect(untilInstant(until, MONDAY, vietnam({ trialEnds }))).toBe(instant);
  });

  it('is over at once for a lead whose date nobody knows', () => {
    expect(untilInstant(trial(), MONDAY, vietnam())).toBe(MONDAY);
  });

  it('keeps the hour over a change of clocks', () => {
    const berlin = { fields: { country: 'DE', trialEnds: '2027-03-29' }, zone: 'UTC' };
    expect(untilInstant(trial({ before: 2 * DAY }), MONDAY, berlin)).toBe('2027-03-27T08:00:00.000Z');
    expect(untilInstant(trial(), MONDAY, berlin)).toBe('2027-03-29T07:00:00.000Z');
  });
});

describe('a wait until a weekday', () => {
  it.each([
    ['the next such day', day(['tue']), '2027-03-02T02:00:00.000Z'],
    ['today, at the very hour', day(['mon']), MONDAY],
    ['today, while the hour is to come', day(['mon'], '18:30'), '2027-03-01T11:30:00.000Z'],
    ['a week later, when the hour is past', day(['mon'], '08:00'), '2027-03-08T01:00:00.000Z'],
    ['the first of several', day(['fri', 'wed']), '2027-03-03T02:00:00.000Z'],
    ['the end of a day', day(['mon'], '24:00'), '2027-03-01T17:00:00.000Z'],
  ])('ends on %s', (_, until, instant) => {
    expect(untilInstant(until, MONDAY, vietnam())).toBe(instant);
  });

  it('never ends in the past, nor later than a week and an hour', () => {
    const days = fc.subarray(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const, { minLength: 1 });
    const hour = fc.integer({ min: 0, max: 23 }).map((each) => `${String(each).padStart(2, '0')}:30`);
    const country = fc.constantFrom('VN', 'US', 'DE', 'NZ', 'BR');
    const from = fc.date({ min: new Date('2026-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(days, hour, country, from, (some, at, lives, date) => {
        const until = untilInstant(day(some, at), date.toISOString(), { fields: { country: lives }, zone: 'UTC' });
        const waited = Date.parse(until) - date.getTime();
        expect(waited).toBeGreaterThanOrEqual(0);
        expect(waited).toBeLessThanOrEqual(7 * DAY + 3_600_000);
      }),
    );
  });
});
