import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Happening, LeadEvent, Verdict } from '../../functions/lead/event.ts';
import { foldAll } from '../../functions/lead/fold.ts';
import { scoreOf } from '../../functions/lead/score.ts';
import { withLabels } from '../../functions/lead/verdict.ts';
import { exampleScoring } from './example-scoring.ts';
import { dayOf, eventOf, instant, START, ZONE } from './histories.ts';
import { LeadTable } from './lead-table.ts';

const minute = (minutes: number): string => instant(START + minutes * 60_000);
const click = (key: string, minutes: number, more: Partial<LeadEvent> = {}): LeadEvent =>
  eventOf(key, minute(minutes), { type: 'email.clicked', data: { email: 'm1' }, ...more });
const judged = (key: string, minutes: number, labels: LeadEvent['labels']): LeadEvent =>
  eventOf(key, minute(minutes), { type: 'traffic.judged', actor: 'clock', ...(labels && { labels }) });
const actorOf = (log: LeadEvent[], key = 'c'): string | undefined =>
  withLabels(log).find((event) => event.key === key)?.actor;

describe('the verdict on an event', () => {
  const machine: Verdict = { actor: 'machine', reasons: ['two links within a second'] };
  const human: Verdict = { actor: 'human', reasons: [] };

  it('is its own before anything else is known', () => expect(actorOf([click('c', 0)])).toBe('human'));

  it('is the latest one, whichever came first', () => {
    const log = [click('c', 0), judged('j2', 9, { c: human }), judged('j1', 5, { c: machine })];
    expect(actorOf(log)).toBe('human');
    expect(actorOf(log.toReversed())).toBe('human');
    expect(withLabels(log.slice(0, 1).concat(log.slice(2)))[0]).toMatchObject(machine);
  });

  it.each<[string, Partial<LeadEvent>, number, string]>([
    ['a form is sent soon after', { type: 'form.submitted' }, 5, 'human'],
    ['an answer is written soon after', { type: 'email.replied' }, 50, 'human'],
    ['a page is looked at', { data: { seconds: 5 } }, 1, 'human'],
    ['a page is loaded and not looked at', { data: { seconds: 2 } }, 1, 'suspect'],
    ['a machine sends a form', { type: 'form.submitted', actor: 'machine' }, 5, 'suspect'],
    ['a form was sent before', { type: 'form.submitted' }, -1, 'suspect'],
    ['a form is sent much later', { type: 'form.submitted' }, 61, 'suspect'],
  ])('ends a doubt where %s', (_, more, minutes, actor) => {
    const log = [
      click('c', 0, { actor: 'suspect', reasons: ['clicked 9.0 s after'] }),
      eventOf('p', minute(minutes), more),
    ];
    expect(actorOf(log)).toBe(actor);
    expect(actorOf(log.toReversed())).toBe(actor);
  });

  it('stays in doubt where what followed came of another click', () => {
    const log = [
      click('c', 0, { actor: 'suspect' }),
      click('d', 10),
      eventOf('p', minute(11), { type: 'form.submitted' }),
    ];
    expect(actorOf(log)).toBe('suspect');
  });

  it('on a link to a page of ours ends in no interest, whatever follows', () => {
    const log = [
      click('c', 0, { actor: 'suspect', data: { own: true } }),
      eventOf('p', minute(1), { type: 'form.submitted' }),
    ];
    expect(actorOf(log)).toBe('suspect');
  });

  it('of a machine is not turned by a form', () => {
    const log = [click('c', 0, { actor: 'machine' }), eventOf('p', minute(1), { type: 'form.submitted' })];
    expect(actorOf(log)).toBe('machine');
  });
});

const actor = fc.constantFrom('human', 'human', 'machine', 'suspect', 'proxy') as fc.Arbitrary<LeadEvent['actor']>;
const keys = ['c0', 'c1', 'c2', 'c3'];

/** Clicks, acts that may prove them, and later verdicts on them, within two hours. */
const stories: fc.Arbitrary<Happening[]> = fc
  .record({
    clicks: fc.array(fc.record({ at: fc.nat(120), actor, email: fc.constantFrom('m1', 'm2') }), { maxLength: 4 }),
    proofs: fc.array(
      fc.record({ at: fc.nat(120), type: fc.constantFrom('form.submitted', 'page.viewed', 'email.replied') }),
      { maxLength: 3 },
    ),
    verdicts: fc.array(fc.record({ at: fc.nat(120), actor, key: fc.constantFrom(...keys) }), { maxLength: 4 }),
  })
  .map(({ clicks, proofs, verdicts }) => [
    ...clicks.map(
      ({ at, actor: who, email }, place): Happening => ({
        key: `c${place}`,
        type: 'email.clicked',
        at: minute(at),
        actor: who,
        data: { email },
      }),
    ),
    ...proofs.map(
      ({ at, type }, place): Happening => ({
        key: `p${place}`,
        type,
        at: minute(at),
        actor: 'human',
        data: { seconds: 9, conversion: 'demo' },
      }),
    ),
    // As the judge makes them: behind all that they judge.
    ...verdicts.map(
      ({ at, actor: who, key }, place): Happening => ({
        key: `v${place}`,
        type: 'traffic.judged',
        at: instant(START + 121 * 60_000 + at * 10 + place),
        actor: 'clock',
        data: {},
        labels: { [key]: { actor: who, reasons: [] } },
      }),
    ),
  ]);

const told = (happenings: readonly Happening[]): LeadTable => {
  const table = new LeadTable();
  for (const happening of happenings) table.act([happening], dayOf(1));
  return table;
};
const valuesOf = ({ lead }: LeadTable) => ({ values: lead.values, conversions: lead.conversions });

describe('over random stories', () => {
  const shuffled = stories.chain((story) =>
    fc.tuple(fc.constant(story), fc.shuffledSubarray(story, { minLength: story.length }), fc.shuffledSubarray(story)),
  );

  it('verdicts, clicks and proofs in any order, some of them twice, leave the same state', () => {
    fc.assert(
      fc.property(shuffled, ([story, order, again]) => {
        const [first, second] = [told(story), told([...order, ...again])];
        expect(valuesOf(second)).toEqual(valuesOf(first));
        expect([...second.markers].toSorted()).toEqual([...first.markers].toSorted());
      }),
      { numRuns: 500 },
    );
  });

  it('the state is the fold of the log, and its contributions sum to the score', () => {
    fc.assert(
      fc.property(shuffled, ([, order]) => {
        const table = told(order);
        const { folded, markers } = foldAll(table.log, () => exampleScoring, ZONE);
        expect(valuesOf(table)).toEqual({ values: folded.values, conversions: folded.conversions });
        expect([...table.markers].toSorted()).toEqual(markers.toSorted());
        const { engagement } = scoreOf(table.lead, table.rules, dayOf(1), table.log, () => exampleScoring);
        const sum = engagement.contributions.reduce((total, { points }) => total + points, 0);
        expect(sum).toBeCloseTo(engagement.value, 9);
      }),
      { numRuns: 300 },
    );
  });

  it('verdicts on a log in any order are the same, and with nothing new once more changes nothing', () => {
    const logs = fc.tuple(stories, fc.nat()).map(([story]) => story.map((each) => eventOf(each.key, each.at, each)));
    fc.assert(
      fc.property(logs, (log) => {
        const once = withLabels(log);
        expect(withLabels(log.toReversed()).toReversed()).toEqual(once);
        expect(withLabels(once)).toEqual(once);
      }),
      { numRuns: 500 },
    );
  });
});
