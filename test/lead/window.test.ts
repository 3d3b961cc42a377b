import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Weekday } from '../../functions/definition/handoff.ts';
import { nextAllowed, type Window, windowZone } from '../../functions/lead/window.ts';

const WEEK: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const office: Window = { days: WEEK.slice(0, 5), from: '08:00', to: '18:00' };
const night: Window = { days: ['mon', 'fri'], from: '22:00', to: '06:00' };
const early: Window = { days: WEEK, from: '02:00', to: '03:00' };
const VN = 'Asia/Ho_Chi_Minh';

describe('the next allowed instant', () => {
  it.each<[string, Window, string, string, string]>([
    ['is the due one inside the window', office, VN, '2027-03-03T02:00:00.000Z', '2027-03-03T02:00:00.000Z'],
    ['is the due one at the opening', office, VN, '2027-03-03T01:00:00.000Z', '2027-03-03T01:00:00.000Z'],
    ['is the due one at the last moment', office, VN, '2027-03-03T10:59:59.999Z', '2027-03-03T10:59:59.999Z'],
    ['is the next opening at the closing hour', office, VN, '2027-03-03T11:00:00.000Z', '2027-03-04T01:00:00.000Z'],
    ['is the same day’s opening before it', office, VN, '2027-03-03T00:59:59.999Z', '2027-03-03T01:00:00.000Z'],
    ['is Monday’s opening on a Saturday', office, VN, '2027-03-06T02:00:00.000Z', '2027-03-08T01:00:00.000Z'],
    ['goes by the local day, not by UTC’s', office, VN, '2027-03-05T17:30:00.000Z', '2027-03-08T01:00:00.000Z'],
    ['is the evening of a night that begins', night, VN, '2027-03-01T10:00:00.000Z', '2027-03-01T15:00:00.000Z'],
    ['is the due one late in that night', night, VN, '2027-03-01T22:30:00.000Z', '2027-03-01T22:30:00.000Z'],
    ['is not the morning of a day itself', night, VN, '2027-02-28T22:30:00.000Z', '2027-03-01T15:00:00.000Z'],
    ['is the next night that begins, after one', night, VN, '2027-03-01T23:00:00.000Z', '2027-03-05T15:00:00.000Z'],
    ['lies in the morning after a Friday night', night, VN, '2027-03-05T20:00:00.000Z', '2027-03-05T20:00:00.000Z'],
    // 28 March 2027 in Berlin: 02:00 becomes 03:00, so that the window does not come.
    [
      'is a day later where its hour is skipped',
      early,
      'Europe/Berlin',
      '2027-03-28T00:00:00.000Z',
      '2027-03-29T00:00:00.000Z',
    ],
    // 31 October 2027 in Berlin: 03:00 becomes 02:00, so that the window comes twice.
    [
      'is inside in the first of two hours',
      early,
      'Europe/Berlin',
      '2027-10-31T00:30:00.000Z',
      '2027-10-31T00:30:00.000Z',
    ],
    [
      'is inside in the second of two hours',
      early,
      'Europe/Berlin',
      '2027-10-31T01:30:00.000Z',
      '2027-10-31T01:30:00.000Z',
    ],
    [
      'is read in UTC where the zone is none',
      office,
      'Mars/Olympus',
      '2027-03-03T07:00:00.000Z',
      '2027-03-03T08:00:00.000Z',
    ],
    ['is read in UTC where the zone is empty', office, '', '2027-03-03T08:00:00.000Z', '2027-03-03T08:00:00.000Z'],
  ])('%s', (_, window, zone, due, expected) => {
    expect(nextAllowed(due, window, zone)).toBe(expected);
  });

  it('takes a window to midnight as the evening alone, however midnight is written', () => {
    const due = '2027-03-01T17:00:00.000Z';
    for (const to of ['00:00', '24:00']) {
      expect(nextAllowed(due, { days: ['mon'], from: '20:00', to }, VN)).toBe('2027-03-08T13:00:00.000Z');
    }
  });
});

describe('the zone of a window', () => {
  const lead = { fields: { country: 'TH' } };
  it.each([
    ['the lead’s', 'lead', 'Asia/Bangkok'],
    ['the one that it names', 'Europe/Berlin', 'Europe/Berlin'],
    ['the lead’s where it names none that is known', 'Mars/Olympus', 'Asia/Bangkok'],
  ])('is %s', (_, zone, expected) => {
    expect(windowZone({ zone }, lead, VN)).toBe(expected);
  });
});

const ZONES = [
  ...[VN, 'UTC', 'Asia/Kathmandu', 'Europe/Berlin', 'America/New_York', 'America/Santiago', 'Africa/Cairo'],
  // A change of half an hour; one at midnight; the furthest ahead and behind.
  ...['Australia/Lord_Howe', 'Asia/Beirut', 'Pacific/Kiritimati', 'Pacific/Niue', 'America/St_Johns'],
];
const wall = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

const windows = fc
  .record({
    days: fc.uniqueArray(fc.constantFrom(...WEEK), { minLength: 1, maxLength: 7 }),
    // An hour at least: what a change of clocks skips for weeks on end is no window.
    from: fc.integer({ min: 0, max: 95 }).map((quarter) => quarter * 15),
    length: fc.integer({ min: 4, max: 95 }).map((quarters) => quarters * 15),
  })
  .map(({ days, from, length }): Window => ({ days, from: wall(from), to: wall((from + length) % 1440) }));

const formats = new Map<string, Intl.DateTimeFormat>();
const localOf = (at: number, zone: string): { day: number; time: string } => {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  formats.set(zone, format);
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { day: WEEK.indexOf(parts.weekday?.toLowerCase() as Weekday), time: `${parts.hour}:${parts.minute}` };
};
/** Another way to say what the window is: by the formatted local time. */
const isInside = (at: number, { days, from, to }: Window, zone: string): boolean => {
  const { day, time } = localOf(at, zone);
  const begins = (index: number) => days.includes(WEEK[(index + 7) % 7] as Weekday);
  if (from < to) return begins(day) && time >= from && time < to;
  return (begins(day) && time >= from) || (begins(day - 1) && time < to);
};

describe('over random zones, windows and due times, the next allowed instant', () => {
  const MINUTE = 60_000;
  const due = fc
    // From 2026 to 2030, and close to the changes of clocks in spring and autumn 2027.
    .oneof(
      fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2030, 0) }),
      fc.integer({ min: Date.UTC(2027, 2, 26), max: Date.UTC(2027, 3, 5) }),
      fc.integer({ min: Date.UTC(2027, 9, 29), max: Date.UTC(2027, 10, 8) }),
    );

  it('is never early, never later than needed, and inside the window', () => {
    const property = fc.property(fc.constantFrom(...ZONES), windows, due, (zone, window, at) => {
      const next = Date.parse(nextAllowed(new Date(at).toISOString(), window, zone));
      expect(next).toBeGreaterThanOrEqual(at);
      expect(isInside(next, window, zone)).toBe(true);
      if (next === at) return;
      expect(isInside(at, window, zone)).toBe(false);
      // Windows open on whole quarters of an hour, in every zone of today.
      expect(next % (15 * MINUTE)).toBe(0);
      for (let between = Math.ceil(at / (15 * MINUTE)) * 15 * MINUTE; between < next; between += 15 * MINUTE) {
        expect(isInside(between, window, zone)).toBe(false);
      }
    });
    fc.assert(property, { numRuns: 400 });
  });

  it('is found for any name of a zone, known or not', () => {
    const names = fc.oneof(
      fc.string(),
      fc.constantFrom(...Intl.supportedValuesOf('timeZone'), '+07:00', 'GMT+7', 'lead'),
    );
    const property = fc.property(names, windows, due, (zone, window, at) => {
      expect(Date.parse(nextAllowed(new Date(at).toISOString(), window, zone))).toBeGreaterThanOrEqual(at);
    });
    fc.assert(property, { numRuns: 300 });
  });
});
