import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byAt, type LeadEvent } from '../../functions/lead/event.ts';
import { fold, foldAll, nothing } from '../../functions/lead/fold.ts';
import type { Folded } from '../../functions/lead/lead.ts';
import { exampleScoring } from './example-scoring.ts';
import { dayOf, eventOf, histories, scorings, ZONE } from './histories.ts';

const folded = (...events: LeadEvent[]): Folded => foldAll(events, () => exampleScoring, ZONE).folded;
const posted = (key: string, day: number, more: Partial<LeadEvent> = {}): LeadEvent =>
  eventOf(key, dayOf(day), { type: 'form.submitted', ...more });

describe('fields', () => {
  it('keep the latest answer, and a blank never erases one', () => {
    const first = posted('1', 0, { fields: { jobTitle: 'Intern', country: 'VN' } });
    const second = posted('2', 1, { fields: { jobTitle: 'Director', country: ' ' } });
    expect(folded(second, first).fields).toEqual({ jobTitle: 'Director', country: 'VN' });
  });

  it('take what an asset suggests only where the lead has said nothing, and give way to an answer', () => {
    const suggested = posted('1', 0, { fills: { problem: 'cash-flow' } });
    const other = posted('2', 1, { fills: { problem: 'payroll' } });
    const answered = posted('3', 2, { fields: { problem: 'tax-filing' } });
    expect(folded(suggested, other).fields.problem).toBe('cash-flow');
    expect(folded(suggested, other, answered).fields.problem).toBe('tax-filing');
  });

  it('prefer the answer to the suggestion of the same post', () => {
    const both = posted('1', 0, { fields: { problem: 'payroll' }, fills: { problem: 'cash-flow' } });
    expect(folded(both).fields.problem).toBe('payroll');
  });
});

describe('what an event leaves', () => {
  it('keeps the first and the last source of a human', () => {
    const sources = ['facebook', 'google', 'scanner'].map((channel, place) =>
      posted(channel, place, { source: { channel }, ...(channel === 'scanner' && { actor: 'machine' as const }) }),
    );
    expect(folded(...sources).source).toEqual({ first: { channel: 'facebook' }, last: { channel: 'google' } });
  });

  it('counts a conversion for each form that a human submits', () => {
    const machine = posted('2', 0, { actor: 'machine' });
    expect(folded(posted('1', 0), machine, posted('3', 1)).conversions).toBe(2);
  });

  it('marks who tries the product, by any event of a trial', () => {
    expect(folded(eventOf('1', dayOf(0), { type: 'trial.activated' })).pql).toBe(true);
    expect(folded(eventOf('1', dayOf(0), { type: 'trial.activated', actor: 'machine' })).pql).toBeUndefined();
  });

  it('keeps the last language', () => {
    expect(
      folded(posted('1', 0, { language: 'en' }), posted('2', 1, { language: 'vi' }), posted('3', 2)).language,
    ).toBe('vi');
  });

  it('scores nothing of applicants and partners, yet keeps what they say', () => {
    const data = { conversion: 'download', depth: 'deep', asset: 'x', audience: 'recruiting' };
    const state = folded(posted('1', 0, { data, fields: { country: 'VN' } }));
    expect(state).toMatchObject({ conversions: 0, values: {}, fields: { country: 'VN' } });
  });

  it('is nothing when a correction replaced it', () => {
    expect(folded(posted('1', 0, { superseded: true, fields: { country: 'VN' } }))).toEqual(nothing());
  });
});

describe('the order of events', () => {
  const shuffled = (events: LeadEvent[]) => fc.shuffledSubarray(events, { minLength: events.length });

  it('of arrival does not matter, nor does arriving twice', () => {
    const cases = fc
      .tuple(histories, scorings(exampleScoring))
      .chain(([events, scoring]) =>
        fc.tuple(fc.constant(events), fc.constant(scoring), shuffled(events), shuffled(events)),
      );
    fc.assert(
      fc.property(cases, ([events, scoring, once, again]) => {
        const inOrder = foldAll(events, () => scoring, ZONE);
        const twice = foldAll([...once, ...again], () => scoring, ZONE);
        expect(twice.folded).toEqual(inOrder.folded);
        expect(twice.markers.toSorted()).toEqual(inOrder.markers.toSorted());
      }),
    );
  });

  it('makes folding one by one the same as folding all', () => {
    fc.assert(
      fc.property(histories, scorings(exampleScoring), (events, scoring) => {
        const seen = new Set<string>();
        let state = nothing();
        for (const event of events.toSorted(byAt)) {
          const step = fold(state, event, scoring, ZONE, seen);
          for (const marker of step.markers) seen.add(marker);
          state = step.folded;
        }
        expect(state).toEqual(foldAll(events, () => scoring, ZONE).folded);
      }),
    );
  });

  it('leaves the state before an event as it was', () => {
    fc.assert(
      fc.property(histories, (events) => {
        let state = nothing();
        for (const event of events.toSorted(byAt)) {
          const before = structuredClone(state);
          const next = fold(state, event, exampleScoring, ZONE, new Set()).folded;
          expect(state).toEqual(before);
          state = next;
        }
      }),
    );
  });

  it('folds each event under its own definition', () => {
    const doubled = structuredClone(exampleScoring);
    doubled.engagement.rules.page = { on: 'page.viewed', points: 2, per: 'event' };
    const old = eventOf('1', dayOf(0), { definition: 'old' });
    const recent = eventOf('2', dayOf(0), { definition: 'new' });
    const scoringOf = (hash: string) => (hash === 'new' ? doubled : exampleScoring);
    expect(foldAll([old, recent], scoringOf, ZONE).folded.values.page?.value).toBe(3);
  });
});
