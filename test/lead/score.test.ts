import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LeadEvent } from '../../functions/lead/event.ts';
import { foldAll } from '../../functions/lead/fold.ts';
import type { Lead } from '../../functions/lead/lead.ts';
import { scoreOf } from '../../functions/lead/score.ts';
import { DAY, exampleScoring } from './example-scoring.ts';
import { dayOf, eventOf, histories, instant, START, scorings, ZONE } from './histories.ts';
import { leadOf } from './subjects.ts';

const rules = { hash: 'd1', scoring: exampleScoring, settings: { zone: ZONE } };
const scored = (log: LeadEvent[], at: string, more: Partial<Lead> = {}) =>
  scoreOf(leadOf({ ...foldAll(log, () => exampleScoring, ZONE).folded, ...more }), rules, at, log);

const guide = eventOf('guide', dayOf(0), {
  type: 'form.submitted',
  data: { conversion: 'download', depth: 'deep', asset: 'cash-flow-guide' },
  fields: { jobTitle: 'Director', companySize: '50-249', country: 'VN' },
});
const pricing = (key: string, day: number): LeadEvent => eventOf(key, dayOf(day), { data: { category: 'pricing' } });

describe('a score', () => {
  it('explains each point, each gate and what is missing for the next stage', () => {
    expect(scored([guide], dayOf(21), { stage: 'iql' })).toEqual({
      version: 'd1',
      at: dayOf(21),
      stage: 'iql',
      grade: 'A',
      fit: {
        value: 100,
        contributions: [
          { rule: 'size', points: 40 },
          { rule: 'role', points: 35 },
          { rule: 'area', points: 25 },
        ],
      },
      engagement: {
        value: 10,
        contributions: [{ rule: 'guide', points: 10, full: 20, age: 'P21D', events: [guide.id] }],
      },
      gates: [
        { name: 'consented', open: false, why: 'consent to marketing must be given (it was never given)' },
        { name: 'reachable', open: true },
        { name: 'converted', open: true },
        { name: 'no-rival', open: true },
      ],
      next: {
        stage: 'mql',
        missing: [
          'engagement must be 30 or more (it is 10)',
          'gate consented: consent to marketing must be given (it was never given)',
        ],
      },
      uncounted: [],
    });
  });

  it('tells what did not count and why', () => {
    const again = { ...guide, key: 'again', id: 'evt_again', at: dayOf(0.5) };
    const scanner = eventOf('scanner', dayOf(1), { type: 'email.clicked', actor: 'machine', data: { email: 'x' } });
    const opened = eventOf('opened', dayOf(1), { type: 'email.opened' });
    const { uncounted } = scored([again, guide, scanner, opened, pricing('1', 2), pricing('2', 2)], dayOf(2));
    expect(uncounted).toEqual([
      { event: 'evt_again', rule: 'guide', why: 'once', points: 20 },
      { event: scanner.id, rule: 'email-click', why: 'machine', points: 6 },
      { event: expect.any(String), rule: 'pricing-page', why: 'once', points: 8 },
    ]);
  });

  it('tells what a cap withholds, then and now', () => {
    const log = Array.from({ length: 14 }, (_, place) => eventOf(`p${place}`, dayOf(0), {}));
    const score = scored(log, dayOf(7));
    const [line] = score.engagement.contributions;
    expect(line).toMatchObject({ rule: 'page', points: 5, full: 10, lost: 2, age: 'P7D' });
    expect(line?.events).toHaveLength(14);
    expect(score.uncounted).toHaveLength(4);
    expect(score.uncounted?.[0]).toMatchObject({ why: 'capped', points: 1 });
  });

  it('tells what a newer cap withholds of points that were given under an older one', () => {
    const { guide: rule } = exampleScoring.engagement.rules;
    if (!rule) throw new Error('The example has a guide.');
    const rules = { ...exampleScoring.engagement.rules, guide: { ...rule, cap: 12 } };
    const scoring = { ...exampleScoring, engagement: { ...exampleScoring.engagement, rules } };
    const lead = leadOf(foldAll([guide], () => exampleScoring, ZONE).folded);
    const newer = { hash: 'd2', scoring, settings: { zone: ZONE } };
    const at = (day: number) =>
      scoreOf(lead, newer, dayOf(day), [guide], () => exampleScoring).engagement.contributions;
    expect(at(0)).toMatchObject([{ rule: 'guide', points: 12, full: 20, lost: 8 }]);
    expect(at(21)[0]).not.toHaveProperty('lost');
  });

  it('without the log tells the same numbers, but no events', () => {
    const lead = leadOf(foldAll([guide], () => exampleScoring, ZONE).folded);
    const score = scoreOf(lead, rules, dayOf(21));
    expect(score.engagement.contributions).toEqual([{ rule: 'guide', points: 10, full: 20, age: 'P21D' }]);
    expect(score).not.toHaveProperty('uncounted');
  });

  it.each<[string, Partial<Lead>, string | undefined, string[]]>([
    ['a new lead', { stage: 'lead', conversions: 0 }, 'iql', ['conversions must be 1 or more (it is 0)']],
    ['an mql', { stage: 'mql' }, 'sql', ['either the person must ask for sales, or sales must answer accepted']],
    ['an sql', { stage: 'sql' }, undefined, []],
    ['a customer', { stage: 'customer' }, undefined, []],
    ['the disqualified', { stage: 'disqualified' }, undefined, []],
    ['an applicant', { stage: 'lead', audience: 'recruiting' }, undefined, []],
    [
      'the recycled in their rest',
      {
        stage: 'recycled',
        restUntil: dayOf(30),
        consents: { marketing: { state: 'granted', at: dayOf(0) } },
        values: { webinar: { value: 40, at: dayOf(0) } },
      },
      'mql',
      [`the rest must end (${dayOf(30)})`],
    ],
    [
      'who would be there but for an act',
      {
        stage: 'iql',
        consents: { marketing: { state: 'granted', at: dayOf(0) } },
        values: { webinar: { value: 40, at: dayOf(0) } },
      },
      'mql',
      ['any new act of the person'],
    ],
  ])('names what lies ahead of %s', (_, more, stage, missing) => {
    const { next } = scored([guide], dayOf(0), more);
    expect(next).toEqual(stage && { stage, missing });
  });

  it('sums exactly and names only events of the log, for any history and definition', () => {
    fc.assert(
      fc.property(histories, scorings(exampleScoring), (log, scoring) => {
        const lead = leadOf(foldAll(log, () => scoring, ZONE).folded);
        const score = scoreOf(lead, { ...rules, scoring }, instant(START + 61 * DAY), log);
        for (const { value, contributions } of [score.fit, score.engagement]) {
          expect(contributions.reduce((sum, line) => sum + line.points, 0)).toBe(value);
        }
        const ids = new Set(log.map((event) => event.id));
        const named = score.engagement.contributions.flatMap((line) => line.events ?? []);
        expect(named.every((id) => ids.has(id))).toBe(true);
        expect(Object.keys(lead.values).every((rule) => scoring.engagement.rules[rule] !== undefined)).toBe(true);
      }),
    );
  });

  it('traces every value to at least one event, as the fold does', () => {
    fc.assert(
      fc.property(histories, scorings(exampleScoring, 1), (log, scoring) => {
        const lead = leadOf(foldAll(log, () => scoring, ZONE).folded);
        const score = scoreOf(lead, { ...rules, scoring }, instant(START + 60 * DAY), log);
        const lines = score.engagement.contributions.filter((line) => !line.rule.includes(':'));
        expect(lines.every((line) => (line.events?.length ?? 0) > 0)).toBe(true);
      }),
    );
  });
});
