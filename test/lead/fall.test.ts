import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engagementAt, type Values } from '../../functions/lead/engagement.ts';
import { fallsBelowAt, risesToAt, staysBelowUntil } from '../../functions/lead/fall.ts';
import { foldAll } from '../../functions/lead/fold.ts';
import { DAY, exampleScoring, HOUR } from './example-scoring.ts';
import { dayOf, histories, instant, START, scorings, ZONE } from './histories.ts';

const shownAt = (values: Values, at: string, scoring = exampleScoring): number =>
  engagementAt(scoring, values, at).value;

describe('when engagement falls', () => {
  it('is told to the millisecond', () => {
    const values = { webinar: { value: 25, at: dayOf(0) } };
    const at = fallsBelowAt(exampleScoring, values, dayOf(0), 15, dayOf(365)) ?? '';
    expect(shownAt(values, at)).toBe(14);
    expect(shownAt(values, instant(Date.parse(at) - 1))).toBe(15);
    // 25 × 2^(−d/30) = 14.9995, which is 15 to the thousandth, at d = 30 × log2(25/14.9995) = 22.1104 days.
    expect((Date.parse(at) - START) / DAY).toBeCloseTo(22.1104, 4);
  });

  it.each<[string, Values, number, string | undefined]>([
    ['at once when it is below already', { webinar: { value: 5, at: dayOf(0) } }, 15, dayOf(0)],
    ['never below zero', {}, 0, undefined],
    ['never before the horizon', { webinar: { value: 100, at: dayOf(0) } }, 15, undefined],
  ])('is %s', (_, values, threshold, at) => {
    expect(fallsBelowAt(exampleScoring, values, dayOf(0), threshold, dayOf(30))).toBe(at);
  });

  it('is found where it dips and rises again under a fading loss', () => {
    // Pages fade in days, the loss in weeks, the webinar hardly: the sum is 8, then 6, then 7 and more again.
    const values = {
      page: { value: 10, at: dayOf(0) },
      webinar: { value: 16, at: dayOf(0) },
      careers: { value: -18, at: dayOf(0) },
    };
    const lasting = structuredClone(exampleScoring);
    lasting.engagement.rules.careers = { on: 'page.viewed', points: -20, per: 'once', halfLife: 20 * DAY };
    lasting.engagement.rules.webinar = { on: 'webinar.attended', points: 25, per: 'event', halfLife: 300 * DAY };
    const falls = fallsBelowAt(lasting, values, dayOf(0), 7, dayOf(365)) ?? '';
    const rises = risesToAt(lasting, values, falls, 7, dayOf(365)) ?? '';
    expect(falls > dayOf(0) && rises > falls).toBe(true);
    expect([shownAt(values, falls, lasting), shownAt(values, rises, lasting)]).toEqual([6, 7]);
  });

  it('counts a stay from the fall that lasts', () => {
    const values = { webinar: { value: 25, at: dayOf(0) } };
    const falls = fallsBelowAt(exampleScoring, values, dayOf(0), 15, dayOf(365)) ?? '';
    const stays = staysBelowUntil(exampleScoring, values, {
      from: dayOf(0),
      threshold: 15,
      stay: 24 * HOUR,
      horizon: dayOf(365),
    });
    expect(stays).toEqual({ since: falls, at: instant(Date.parse(falls) + 24 * HOUR) });
  });

  it('is the hour that a look at every hour finds, for any history and definition', () => {
    const threshold = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(histories, scorings(exampleScoring), threshold, (events, scoring, least) => {
        const { values } = foldAll(events, () => scoring, ZONE).folded;
        const from = START + 60 * DAY;
        const hours = Array.from({ length: 24 * 60 }, (_, hour) => instant(from + hour * HOUR));
        const firstHour = hours.find((at) => shownAt(values, at, scoring) < least);
        const found = fallsBelowAt(scoring, values, instant(from), least, hours.at(-1) ?? '');
        if (found !== undefined && firstHour !== undefined) {
          expect(shownAt(values, found, scoring)).toBeLessThan(least);
          expect(found <= firstHour).toBe(true);
          expect(found === instant(from) || shownAt(values, instant(Date.parse(found) - 1), scoring) >= least).toBe(
            true,
          );
        } else {
          expect(found).toBe(firstHour);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is told to be none where gains and losses keep the balance for a year', () => {
    const level = structuredClone(exampleScoring);
    const rule = { on: 'page.viewed', per: 'event' as const, halfLife: 30 * DAY };
    level.engagement.rules = {
      gain: { ...rule, points: 20 },
      loss: { ...rule, points: -20 },
      stays: { on: 'page.viewed', points: 15, per: 'event' },
    };
    const values = {
      gain: { value: 20, at: dayOf(0) },
      loss: { value: -20, at: dayOf(0) },
      stays: { value: 15, at: dayOf(0) },
    };
    expect(fallsBelowAt(level, values, dayOf(0), 15, dayOf(365))).toBeUndefined();
  });
});
