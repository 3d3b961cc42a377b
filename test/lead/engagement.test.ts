import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engagementAt, gain, isoAge, valueAt } from '../../functions/lead/engagement.ts';
import type { LeadEvent } from '../../functions/lead/event.ts';
import { foldAll } from '../../functions/lead/fold.ts';
import { DAY, exampleScoring } from './example-scoring.ts';
import { dayOf, eventOf, histories, instant, START, scorings, ZONE } from './histories.ts';

const viewed = (key: string, day: number, category = 'blog'): LeadEvent =>
  eventOf(key, dayOf(day), { type: 'page.viewed', data: { category } });
const guide = eventOf('guide', dayOf(0), {
  type: 'form.submitted',
  data: { conversion: 'download', depth: 'deep', asset: 'cash-flow-guide' },
});
const worked: LeadEvent[] = [
  guide,
  ...['a', 'b', 'c', 'd'].map((key) => viewed(key, 0)),
  viewed('pricing-0', 0, 'pricing'),
  eventOf('click', dayOf(3), { type: 'email.clicked', data: { email: 'three-leaks' } }),
  viewed('pricing-8', 8, 'pricing'),
  viewed('pricing-8-again', 8, 'pricing'),
  eventOf('webinar', dayOf(10), { type: 'webinar.attended', data: { minutes: 45 } }),
  viewed('careers', 15, 'careers'),
];

const foldUntil = (events: LeadEvent[], at: string) =>
  foldAll(
    events.filter((event) => event.at <= at),
    () => exampleScoring,
    ZONE,
  ).folded;

const RULES = ['guide', 'page', 'pricing-page', 'email-click', 'webinar', 'careers'] as const;
const two = (value: number): string => value.toFixed(2);

describe('the worked case', () => {
  it.each([
    [0, ['20.00', '5.00', '8.00'], '33.000', 33],
    [1, ['19.35', '4.53', '7.25'], '31.125', 31],
    [3, ['18.11', '3.71', '5.94', '6.00'], '33.773', 33],
    [8, ['15.36', '4.26', '11.62', '4.68'], '35.930', 35],
    [10, ['14.38', '3.50', '9.53', '4.24', '25.00'], '56.653', 56],
    [15, ['12.19', '3.13', '5.81', '3.31', '22.27', '-20.00'], '26.718', 26],
    [21, ['10.00', '1.73', '3.21', '2.46', '19.39', '-19.10'], '17.691', 17],
    [24, ['9.06', '1.28', '2.38', '2.12', '18.09', '-18.66'], '14.277', 14],
  ])('on day %i each rule, the sum and the shown number are those of the table', (day, values, sum, shown) => {
    const at = dayOf(day);
    const { values: held } = foldUntil(worked, at);
    const now = RULES.flatMap((rule) => {
      const value = held[rule];
      return value ? [two(valueAt(value, exampleScoring.engagement.rules[rule]?.halfLife, at))] : [];
    });
    const engagement = engagementAt(exampleScoring, held, at);
    expect(now).toEqual(values);
    expect(engagement.exact.toFixed(3)).toBe(sum);
    expect(engagement.value).toBe(shown);
    expect(engagement.contributions.reduce((total, line) => total + line.points, 0)).toBe(shown);
  });
});

describe('how often a rule gains', () => {
  const valuesAfter = (...events: LeadEvent[]) => foldUntil(events, dayOf(100)).values;

  it('counts a rule per day by the calendar day of the lead', () => {
    // 16:59 and 17:01 UTC are two days in Vietnam, 23:59 and 00:01.
    const late = eventOf('late', '2027-03-01T16:59:00.000Z', { data: { category: 'pricing' } });
    const early = eventOf('early', '2027-03-01T17:01:00.000Z', { data: { category: 'pricing' } });
    expect(valuesAfter(late, early)['pricing-page']?.value).toBeGreaterThan(15.99);
    const inUtc = [late, early].map((event) => ({ ...event, fields: { zone: 'UTC' } }));
    expect(valuesAfter(...inUtc)['pricing-page']?.value).toBe(8);
  });

  it('counts a rule per email and per asset once for each, and the unnamed as one', () => {
    const click = (key: string, email?: string): LeadEvent =>
      eventOf(key, dayOf(0), { type: 'email.clicked', data: email === undefined ? {} : { email } });
    expect(valuesAfter(click('1', 'x'), click('2', 'x'))['email-click']?.value).toBe(6);
    expect(valuesAfter(click('1', 'x'), click('2', 'y'))['email-click']?.value).toBe(12);
    expect(valuesAfter(click('1'), click('2'))['email-click']?.value).toBe(6);
    expect(valuesAfter(guide, { ...guide, key: 'again' }).guide?.value).toBe(20);
  });

  it('tells the markers of a gain and respects those seen before', () => {
    const click = eventOf('1', dayOf(0), { type: 'email.clicked', data: { email: 'x' } });
    const { rules } = exampleScoring.engagement;
    const first = gain(rules, {}, click, () => ZONE, new Set());
    expect(first.markers).toEqual(['email-click#x']);
    expect(gain(rules, {}, click, () => ZONE, new Set(first.markers))).toEqual({ values: {}, markers: [] });
  });

  it('counts a rule that counts once a single time, however long after', () => {
    expect(valuesAfter(viewed('1', 0, 'careers'), viewed('2', 90, 'careers')).careers).toMatchObject({
      value: -20,
      at: dayOf(0),
    });
  });

  it('keeps a rule under its cap and above minus its cap', () => {
    const many = Array.from({ length: 30 }, (_, place) => viewed(`p${place}`, 0));
    expect(valuesAfter(...many).page?.value).toBe(10);
    const rules = { fall: { on: 'page.viewed', points: -8, per: 'event' as const, cap: 20 } };
    let values = {};
    for (const event of many) ({ values } = gain(rules, values, event, () => ZONE, new Set()));
    expect(values).toEqual({ fall: { value: -20, at: dayOf(0) } });
  });
});

describe('who gains', () => {
  it.each([
    ['human', 'page.viewed', true],
    ['machine', 'page.viewed', false],
    ['proxy', 'page.viewed', false],
    ['suspect', 'page.viewed', false],
    ['clock', 'page.viewed', false],
    ['sales', 'page.viewed', false],
    ['sales', 'handoff.rejected', true],
    ['machine', 'handoff.rejected', false],
  ] as const)('an event of a %s, %s: %s', (actor, type, gains) => {
    const event = eventOf('1', dayOf(0), { actor, type, data: { reason: 'not-ready' } });
    const { values } = gain(exampleScoring.engagement.rules, {}, event, () => ZONE, new Set());
    expect(Object.keys(values).length > 0).toBe(gains);
  });
});

describe('contributions', () => {
  it('show what a rule was worth, its age, and each group cap and limit as a line of its own', () => {
    const values = {
      'pricing-page': { value: 24, at: dayOf(0) },
      page: { value: 10, at: dayOf(0) },
      guide: { value: 40, at: dayOf(0) },
      webinar: { value: 60, at: dayOf(0) },
    };
    const engagement = engagementAt(exampleScoring, values, dayOf(0));
    expect(engagement.value).toBe(100);
    expect(engagement.contributions).toEqual([
      { rule: 'pricing-page', points: 24, full: 24, age: 'PT0S' },
      { rule: 'page', points: 10, full: 10, age: 'PT0S' },
      { rule: 'guide', points: 40, full: 40, age: 'PT0S' },
      { rule: 'webinar', points: 60, full: 60, age: 'PT0S' },
      { rule: 'group:deep', points: -30 },
      { rule: 'limit:100', points: -4 },
    ]);
  });

  it('lift a negative sum to zero in a line of its own', () => {
    const { value, contributions } = engagementAt(exampleScoring, { careers: { value: -20, at: dayOf(0) } }, dayOf(90));
    expect(value).toBe(0);
    expect(contributions).toEqual([
      { rule: 'careers', points: -10, full: -20, age: 'P90D' },
      { rule: 'limit:0', points: 10 },
    ]);
  });

  it.each([
    [0, 'PT0S'],
    [59_999, 'PT0S'],
    [5 * 60_000, 'PT5M'],
    [14 * DAY, 'P14D'],
    [2 * DAY + 5 * 3_600_000 + 60_000, 'P2DT5H1M'],
  ])('say an age of %i ms as %s', (ms, text) => {
    expect(isoAge(ms)).toBe(text);
  });

  it('sum to the shown number, which stays within 0 to 100, for any history and definition', () => {
    fc.assert(
      fc.property(
        histories,
        scorings(exampleScoring),
        fc.integer({ min: 0, max: 90 * 24 }),
        (events, scoring, hours) => {
          const { values } = foldAll(events, () => scoring, ZONE).folded;
          const at = instant(START + 60 * DAY + hours * 3_600_000);
          const { value, exact, contributions } = engagementAt(scoring, values, at);
          expect(contributions.reduce((sum, line) => sum + line.points, 0)).toBe(value);
          expect(contributions.every((line) => Number.isInteger(line.points))).toBe(true);
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(100);
          expect(Math.abs(exact - value)).toBeLessThan(1);
        },
      ),
    );
  });

  it('never rise by time alone where no rule takes points', () => {
    fc.assert(
      fc.property(
        histories,
        scorings(exampleScoring, 0),
        fc.integer({ min: 1, max: 9999 }),
        (events, scoring, hours) => {
          const { values } = foldAll(events, () => scoring, ZONE).folded;
          const from = START + 60 * DAY;
          const now = engagementAt(scoring, values, instant(from)).exact;
          const later = engagementAt(scoring, values, instant(from + hours * 3_600_000)).exact;
          // Sums of the same numbers differ in their last binary digits.
          expect(later).toBeLessThanOrEqual(now + 1e-9);
        },
      ),
    );
  });
});
