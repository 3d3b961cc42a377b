import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Hours, Weekday } from '../../functions/definition/handoff.ts';
import { addWorkingTime, workingTimeBetween } from '../../functions/lead/working-hours.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WEEK: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri'];
const ALL: Weekday[] = [...WEEK, 'sat', 'sun'];
const vietnam: Hours = { days: WEEK, from: '08:00', to: '18:00', zone: 'Asia/Ho_Chi_Minh' };
const berlin: Hours = { days: ALL, from: '01:00', to: '04:00', zone: 'Europe/Berlin' };

describe('adding working time', () => {
  it.each([
    ['within the day', vietnam, '2027-03-01T02:00:00Z', 4 * HOUR, '2027-03-01T06:00:00.000Z'],
    ['to the closing hour itself', vietnam, '2027-03-01T02:00:00Z', 9 * HOUR, '2027-03-01T11:00:00.000Z'],
    ['over the night', vietnam, '2027-03-01T10:30:00Z', HOUR, '2027-03-02T01:30:00.000Z'],
    ['from before the opening', vietnam, '2027-02-28T23:00:00Z', HOUR, '2027-03-01T02:00:00.000Z'],
    ['from after the closing', vietnam, '2027-03-01T12:00:00Z', HOUR, '2027-03-02T02:00:00.000Z'],
    ['over the weekend', vietnam, '2027-03-05T10:00:00Z', 4 * HOUR, '2027-03-08T04:00:00.000Z'],
    ['from a Sunday', vietnam, '2027-03-07T05:00:00Z', HOUR / 4, '2027-03-08T01:15:00.000Z'],
    ['over two weeks', vietnam, '2027-03-01T01:00:00Z', 100 * HOUR, '2027-03-12T11:00:00.000Z'],
    ['of none: the next opening', vietnam, '2027-03-06T05:00:00Z', 0, '2027-03-08T01:00:00.000Z'],
    // 28 March 2027: 02:00 becomes 03:00, the hours hold two hours.
    ['in the night that skips an hour', berlin, '2027-03-28T00:00:00Z', 2 * HOUR, '2027-03-28T02:00:00.000Z'],
    ['over the night that skips an hour', berlin, '2027-03-28T00:00:00Z', 3 * HOUR, '2027-03-29T00:00:00.000Z'],
    // 31 October 2027: 03:00 becomes 02:00, the hours hold four.
    ['in the night that repeats an hour', berlin, '2027-10-30T23:00:00Z', 4 * HOUR, '2027-10-31T03:00:00.000Z'],
  ])('%s', (_, hours, from, ms, expected) => {
    expect(addWorkingTime(from, ms, hours)).toBe(expected);
  });

  it('counts hours that lie in a repeated stretch each time that they come', () => {
    const hours: Hours = { days: ALL, from: '02:00', to: '02:30', zone: 'Europe/Berlin' };
    const day = ['2027-10-31T00:00:00.000Z', '2027-10-31T12:00:00.000Z'] as const;
    expect(workingTimeBetween(...day, hours)).toBe(HOUR);
    expect(addWorkingTime(day[0], 45 * MINUTE, hours)).toBe('2027-10-31T01:15:00.000Z');
  });

  it('leaves out hours that a night skips', () => {
    const hours: Hours = { days: ALL, from: '02:00', to: '03:00', zone: 'Europe/Berlin' };
    expect(workingTimeBetween('2027-03-28T00:00:00.000Z', '2027-03-28T12:00:00.000Z', hours)).toBe(0);
  });

  it('refuses hours that hold no working time', () => {
    const none: Hours = { ...vietnam, days: [] };
    expect(() => addWorkingTime('2027-03-01T02:00:00Z', 1, none)).toThrow('hold no working time');
  });
});

const zones = [
  'Asia/Ho_Chi_Minh',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Santiago',
  'UTC',
];
const pad = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const someHours: fc.Arbitrary<Hours> = fc
  .record({
    days: fc.uniqueArray(fc.constantFrom(...ALL), { minLength: 1 }),
    opening: fc.integer({ min: 0, max: 24 * 60 - 30 }),
    length: fc.integer({ min: 30, max: 24 * 60 }),
    zone: fc.constantFrom(...zones),
  })
  .map(({ days, opening, length, zone }) => ({
    days,
    from: pad(opening),
    to: pad(Math.min(24 * 60, opening + length)),
    zone,
  }));
const someInstant = fc
  .integer({ min: Date.parse('2026-01-01'), max: Date.parse('2028-01-01') })
  .map((ms) => new Date(ms).toISOString());
const someTime = fc.integer({ min: 1, max: 60 * HOUR });

/** The wall clock in the zone, by Intl: another way to the same fact. */
const isWorking = (at: number, { days, from, to, zone }: Hours): boolean => {
  const style = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone } as const;
  const parts = new Intl.DateTimeFormat('en-GB', style).formatToParts(at);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  const clock = `${part('hour')}:${part('minute')}`;
  const day = ALL.find((each) => each === part('weekday').toLowerCase());
  return day !== undefined && days.includes(day) && clock >= from && clock < to;
};

describe('working time, in whatever hours and zone,', () => {
  it('adds up: so much lies between the start and the end, and the end is working time', () => {
    const property = fc.property(someHours, someInstant, someTime, (hours, from, ms) => {
      const end = addWorkingTime(from, ms, hours);
      expect(workingTimeBetween(from, end, hours)).toBe(ms);
      expect(isWorking(Date.parse(end) - 1, hours)).toBe(true);
    });
    fc.assert(property, { numRuns: 150 });
  });

  it('may be added in two steps, and half-way lies between', () => {
    const property = fc.property(someHours, someInstant, someTime, (hours, from, half) => {
      const middle = addWorkingTime(from, half, hours);
      expect(addWorkingTime(middle, half, hours)).toBe(addWorkingTime(from, 2 * half, hours));
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('is what the wall clock says, minute by minute', () => {
    const property = fc.property(someHours, someInstant, (hours, from) => {
      const start = Math.ceil(Date.parse(from) / MINUTE) * MINUTE;
      const minutes = Array.from({ length: 240 }, (_, place) => start + place * 7 * MINUTE);
      const counted = minutes.filter((at) => isWorking(at, hours));
      const told = minutes.filter(
        (at) => workingTimeBetween(new Date(at).toISOString(), new Date(at + 1).toISOString(), hours) === 1,
      );
      expect(told).toEqual(counted);
    });
    fc.assert(property, { numRuns: 8 });
  });
});
