import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corrected, enrolmentStopped, readCorrections, rescored, stageSetIn } from '../../functions/lead/by-hand.ts';
import type { Happening, LeadEvent } from '../../functions/lead/event.ts';
import { foldAll, inOrder, isUnder, nothing } from '../../functions/lead/fold.ts';
import type { Lead } from '../../functions/lead/lead.ts';
import { joined, whyNotMerged } from '../../functions/lead/merging.ts';
import { guideForm, exampleRules as rules } from './example-rules.ts';

const lead = (): Lead => ({
  ...nothing(),
  id: 'lead_1',
  version: 1,
  createdAt: AT,
  updatedAt: AT,
  email: { asTyped: 'a@b.example', deliverTo: 'a@b.example', key: 'a@b.example' },
  emailStatus: 'unknown',
  definition: 'old',
  publication: 1,
  stage: 'lead',
  stageSince: AT,
  enrolments: {},
  waits: [],
});

/** Declared without a country. */
const PHONE = { phone: { type: 'phone', known: 'at-capture', required: false } } as const;

const AT = '2027-03-01T02:00:00.000Z';
const later = (minutes: number): string => new Date(Date.parse(AT) + minutes * 60_000).toISOString();
const hand = { id: '1', who: 'lan' };
const event = (happening: Happening, definition = 'old'): LeadEvent => ({
  ...happening,
  id: `evt_${happening.key}`,
  leadId: 'lead_1',
  recordedAt: happening.at,
  definition,
  changes: [],
});
const viewed = (key: string, at: string): LeadEvent =>
  event({ key, type: 'page.viewed', at, actor: 'human', data: { category: 'pricing' } });

describe('a rescoring', () => {
  it('puts all that stands before it under its definition, and nothing that comes after', () => {
    const first = viewed('a', AT);
    const log = [first, event(rescored('new', hand, later(1), first), 'new'), viewed('b', later(2))];
    expect(inOrder(log).map(({ definition }) => definition)).toEqual(['new', 'new', 'old']);
  });

  it('gives way to a later one', () => {
    const first = viewed('a', AT);
    const new1 = event(rescored('new', hand, later(1), first));
    const log = [first, new1, event(rescored('newer', hand, later(2), new1))];
    expect(inOrder(log)[0]?.definition).toBe('newer');
  });

  it('stands behind all that it finds, also where the clock of whoever asks for it is behind', () => {
    const first = viewed('a', later(5));
    const log = [first, event(rescored('new', hand, AT, first), 'new')];
    expect(inOrder(log).map(({ key, definition }) => [key, definition])).toEqual([
      ['a', 'new'],
      ['rescore:new:evt_a', 'new'],
    ]);
  });

  it('is needed again once something is under another definition', () => {
    const first = viewed('a', AT);
    const rescoring = event(rescored('new', hand, later(1), first), 'new');
    expect(isUnder('new', [first])).toBe(false);
    expect(isUnder('new', [first, rescoring])).toBe(true);
    expect(isUnder('old', [first, rescoring])).toBe(false);
    expect(isUnder('new', [first, rescoring, viewed('b', later(2))])).toBe(false);
  });
});

describe('a correction', () => {
  it('reads values by the types of the definition', () => {
    expect(readCorrections({ companySize: '50-249', jobTitle: null }, rules)).toEqual({
      fields: { companySize: '50-249' },
      clears: ['jobTitle'],
    });
  });

  it.each(['090 123 4567', '+84901234567'])('reads the phone number %s as the form does that asks for it', (phone) => {
    expect(readCorrections({ phone }, rules)).toEqual({ fields: { phone: '+84901234567' }, clears: [] });
  });

  it.each([
    ['the scoring file declares the field too', { ...rules, scoring: { ...rules.scoring, fields: PHONE } }],
    [
      'another form asks without a country',
      { ...rules, forms: { ...rules.forms, last: { ...guideForm, fields: PHONE } } },
    ],
  ])('knows the country of a local phone number where %s', (_, both) => {
    const read = readCorrections({ phone: '090 123 4567' }, both);
    expect(read).toEqual({ fields: { phone: '+84901234567' }, clears: [] });
  });

  it('never sets or takes away the address', () => {
    const refused = expect.stringContaining('There is no field email');
    expect(readCorrections({ email: 'a@b.example' }, rules)).toEqual({ refused });
    expect(readCorrections({ email: null }, rules)).toEqual({ refused });
  });

  it('names the nearest right field', () => {
    expect(readCorrections({ companysize: '1-9' }, rules)).toEqual({
      refused: 'There is no field companysize: do you mean companySize?',
    });
  });
});

describe('two histories', () => {
  const times = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 30 });

  it('fold to the same state in whatever order they are put together, what is in both counting once', () => {
    fc.assert(
      fc.property(times, times, (ones, others) => {
        const first = ones.map((minutes, i) => viewed(`a${i}`, later(minutes)));
        const second = others.map((minutes, i) => viewed(`b${i}`, later(minutes)));
        const scoringOf = () => rules.scoring;
        const one = foldAll([...first, ...second], scoringOf, 'UTC');
        const other = foldAll([...second, ...first, ...first].reverse(), scoringOf, 'UTC');
        expect(other).toEqual(one);
      }),
    );
  });
});

describe('a lead with another one in it', () => {
  it('has come as far as the one that had come further, and is in each workflow once', () => {
    const mark = (id: string, endedAt?: string) => ({
      id,
      definition: 'd',
      startedAt: AT,
      ...(endedAt === undefined ? {} : { endedAt }),
    });
    const kept = { ...lead(), enrolments: { a: mark('1', AT), b: mark('2') } };
    const other = { ...lead(), stage: 'sql' as const, enrolments: { a: mark('3', later(1)), b: mark('4', AT) } };
    const { stage, enrolments } = joined(kept, other);
    expect([stage, enrolments.a?.id, enrolments.b?.id]).toEqual(['sql', '3', '2']);
  });

  it('is not put aside by one that was', () => {
    expect(joined({ ...lead(), stage: 'mql' }, { ...lead(), stage: 'disqualified' }).stage).toBe('mql');
  });

  it('must be another one', () => {
    expect(whyNotMerged(lead(), lead())).toBe('A lead cannot be merged into itself.');
  });
});

describe('events by hand', () => {
  it.each(['human', 'machine'] as const)('are told from those of the same name by a %s', (actor) => {
    const posted = event({ key: 'x', type: 'stage.set', at: AT, actor, data: { stage: 'customer' } });
    expect(stageSetIn([posted])).toBeUndefined();
  });

  it('keep who did it and why', () => {
    expect(enrolmentStopped('w', { ...hand, why: 'moved on' }, AT).by).toEqual({ who: 'lan', why: 'moved on' });
    expect(corrected({ fields: {}, clears: [] }, hand, AT).by).toEqual({ who: 'lan' });
  });
});
