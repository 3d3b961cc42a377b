import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cap, capOf, nextUnderCap, WEEK_MS } from '../../functions/lead/caps.ts';
import { localDay } from '../../functions/lead/zone.ts';

const VN = 'Asia/Ho_Chi_Minh';
const at = '2027-03-01T00:00:00.000Z';

describe('the cap of a lead', () => {
  const granted = (frequency: Cap) => ({ state: 'granted', at, frequency }) as const;
  type Of = Omit<Parameters<typeof capOf>[0], 'fields'> & Partial<Pick<Parameters<typeof capOf>[0], 'fields'>>;
  it.each<[string, [Of, Cap | undefined, Record<string, Cap>?], Cap]>([
    ['is none where nobody set one', [{ consents: {} }, undefined], {}],
    ['is the workflow’s', [{ consents: {} }, { perDay: 1, perWeek: 3 }], { perDay: 1, perWeek: 3 }],
    ['is the promise of a consent', [{ consents: { marketing: granted({ perWeek: 2 }) } }, undefined], { perWeek: 2 }],
    [
      'is the strictest of all, by day and by week',
      [
        {
          consents: { marketing: granted({ perWeek: 2 }), events: granted({ perDay: 1 }) },
          preferences: { frequency: { perWeek: 1 } },
        },
        { perDay: 2, perWeek: 3 },
      ],
      { perDay: 1, perWeek: 1 },
    ],
    [
      'leaves out a promise whose consent is withdrawn or pending',
      [
        {
          consents: {
            marketing: { state: 'withdrawn', at, frequency: { perWeek: 1 } },
            events: { state: 'pending', at, frequency: { perDay: 1 } },
          },
        },
        { perWeek: 3 },
      ],
      { perWeek: 3 },
    ],
    [
      'is what the law of its country sets, where nothing stricter was promised',
      [{ consents: {}, fields: { country: 'vn' } }, { perWeek: 5 }, { VN: { perDay: 3 }, TH: { perDay: 1 } }],
      { perDay: 3, perWeek: 5 },
    ],
    [
      'is that of the country whose phone it has',
      [{ consents: {}, fields: { phone: '+66812345678' } }, undefined, { TH: { perDay: 1 } }],
      { perDay: 1 },
    ],
    [
      'is that of the workspace’s own country where nothing is known of the lead’s',
      [{ consents: {} }, undefined, { VN: { perDay: 3 } }],
      { perDay: 3 },
    ],
    [
      'is nobody’s for a country that is named like a part of the language',
      [{ consents: {}, fields: { country: 'constructor' } }, undefined, { VN: { perDay: 3 } }],
      {},
    ],
  ])('%s', (_, [lead, workflow, byCountry], expected) => {
    expect(capOf({ fields: {}, ...lead }, workflow, { frequency: byCountry, zone: VN })).toEqual(expected);
  });
});

describe('the next instant under a cap', () => {
  const WED = '2027-03-03T02:00:00.000Z';
  const THU = '2027-03-04T03:01:30.000Z';
  it.each<[string, string, Cap, string[], string]>([
    ['is now without a cap', WED, {}, [WED, WED], WED],
    ['is now without mails', WED, { perDay: 1, perWeek: 1 }, [], WED],
    [
      'is 7 days after the mail that fills the week',
      '2027-03-08T03:01:30.000Z',
      { perWeek: 2 },
      [THU, WED],
      '2027-03-10T02:00:00.000Z',
    ],
    [
      'is 7 days after the last but one where the week is overfull',
      THU,
      { perWeek: 1 },
      [WED, THU],
      '2027-03-11T03:01:30.000Z',
    ],
    [
      'is now 7 days later to the moment',
      '2027-03-10T02:00:00.000Z',
      { perWeek: 1 },
      [WED],
      '2027-03-10T02:00:00.000Z',
    ],
    [
      'is the lead’s next midnight where its day is full',
      '2027-03-03T16:59:00.000Z',
      { perDay: 1 },
      [WED],
      '2027-03-03T17:00:00.000Z',
    ],
    [
      'is now on the lead’s next day, a minute later',
      '2027-03-03T17:01:00.000Z',
      { perDay: 1 },
      ['2027-03-03T16:59:00.000Z'],
      '2027-03-03T17:01:00.000Z',
    ],
    ['obeys both', '2027-03-08T03:01:30.000Z', { perDay: 1, perWeek: 2 }, [THU, WED], '2027-03-10T02:00:00.000Z'],
  ])('%s', (_, from, cap, sent, expected) => {
    expect(nextUnderCap(from, cap, sent, VN)).toBe(expected);
  });

  it('ends a day of 23 hours where the clocks say so', () => {
    const sent = ['2027-03-28T10:00:00.000Z'];
    expect(nextUnderCap('2027-03-28T12:00:00.000Z', { perDay: 1 }, sent, 'Europe/Berlin')).toBe(
      '2027-03-28T22:00:00.000Z',
    );
  });
});

describe('over random histories', () => {
  const START = Date.parse('2027-03-20T00:00:00.000Z');
  const HOUR = 3_600_000;
  const instant = fc
    .integer({ min: 0, max: 20 * 24 * 60 })
    .map((minute) => new Date(START + minute * 60_000).toISOString());
  const cap = fc.record(
    { perDay: fc.integer({ min: 1, max: 3 }), perWeek: fc.integer({ min: 1, max: 6 }) },
    { requiredKeys: [] },
  );
  const zone = fc.constantFrom(VN, 'UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Kiritimati', 'no/zone');
  const isUnder = (time: string, { perDay, perWeek }: Cap, sent: string[], where: string): boolean => {
    const recent = sent.filter((each) => Date.parse(each) > Date.parse(time) - WEEK_MS);
    const today = sent.filter((each) => localDay(each, where) === localDay(time, where));
    return (perWeek === undefined || recent.length < perWeek) && (perDay === undefined || today.length < perDay);
  };

  it('it is never early, under the cap, and never later than needed', () => {
    const property = fc.property(
      fc.array(instant, { maxLength: 12 }),
      cap,
      zone,
      instant,
      (times, given, where, last) => {
        // The ledger knows the past alone.
        const from = [...times, last].sort().at(-1) ?? last;
        const next = nextUnderCap(from, given, times, where);
        expect(next >= from).toBe(true);
        expect(isUnder(next, given, times, where)).toBe(true);
        for (let time = Date.parse(from); time < Date.parse(next); time += HOUR) {
          expect(isUnder(new Date(time).toISOString(), given, times, where)).toBe(false);
        }
        if (next > from) {
          const before = new Date(Date.parse(next) - 1).toISOString();
          expect(isUnder(before, given, times, where)).toBe(false);
        }
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  it('mails that each go at their next instant never break the cap, in any 7 days and on any day', () => {
    const property = fc.property(fc.array(instant, { maxLength: 25 }), cap, zone, (dues, given, where) => {
      const sent: string[] = [];
      for (const due of dues.sort()) {
        const last = sent.at(-1) ?? due;
        sent.push(nextUnderCap(due > last ? due : last, given, sent, where));
      }
      for (const [index, time] of sent.entries()) {
        expect(isUnder(time, given, sent.slice(0, index), where)).toBe(true);
      }
    });
    fc.assert(property, { numRuns: 200 });
  });
});
