import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition, Scalar, Test } from '../../functions/definition/condition.ts';
import type { Stage } from '../../functions/definition/scoring.ts';
import { holds, isReached, passes, type Subject, whereHolds } from '../../functions/lead/condition.ts';
import { explain, missing } from '../../functions/lead/condition-words.ts';
import { dayOf } from './histories.ts';
import { subject } from './subjects.ts';

const is = (...oneOf: Scalar[]): Test => ({ oneOf });
const least = (than: number): Test => ({ compare: '>=', than });
const mql: Condition = {
  kind: 'any',
  of: [
    {
      kind: 'all',
      of: [
        { kind: 'grade', test: is('A', 'B') },
        { kind: 'engagement', test: least(60) },
      ],
    },
    {
      kind: 'all',
      of: [
        { kind: 'grade', test: is('A') },
        { kind: 'engagement', test: least(30) },
      ],
    },
  ],
};

describe('a test of a value', () => {
  it.each<[Test, Scalar | undefined, boolean]>([
    [is('payroll'), 'payroll', true],
    [is('payroll', 'tax'), 'tax', true],
    [is('payroll'), undefined, false],
    [is(404), '404', true],
    [is(true), 'true', true],
    [least(20), 20, true],
    [least(20), '45', true],
    [least(20), 19, false],
    [least(20), 'many', false],
    [least(20), '', false],
    [least(0), undefined, false],
    [{ compare: '>', than: 20 }, 20, false],
    [{ compare: '<=', than: 20 }, 20, true],
    [{ compare: '<', than: 20 }, 20, false],
    [{ compare: '=', than: 20 }, 20, true],
    [{ compare: '!=', than: 20 }, 21, true],
    [{ compare: '!=', than: 20 }, undefined, false],
  ])('%j of %j: %s', (test, value, passed) => {
    expect(passes(test, value)).toBe(passed);
  });
});

describe('a condition', () => {
  const granted = { marketing: { state: 'granted' as const, at: dayOf(0) } };
  const pending = { marketing: { state: 'pending' as const, at: dayOf(0) } };
  it.each<[string, Condition, Partial<Subject>, boolean]>([
    ['a field', { kind: 'field', field: 'problem', test: is('payroll') }, { fields: { problem: 'payroll' } }, true],
    ['a field unanswered', { kind: 'field', field: 'problem', test: is('payroll') }, {}, false],
    ['a property', { kind: 'property', property: 'reason', test: is('x') }, { properties: { reason: 'x' } }, true],
    ['a property without an event', { kind: 'property', property: 'reason', test: is('x') }, {}, false],
    ['consent given', { kind: 'consent', purpose: 'marketing' }, { consents: granted }, true],
    ['consent pending', { kind: 'consent', purpose: 'marketing' }, { consents: pending }, false],
    ['an unknown grade equals no letter', { kind: 'grade', test: is('A', 'B', 'C', 'D') }, {}, false],
    ['a grade', { kind: 'grade', test: is('D') }, { grade: 'D' }, true],
    ['fit', { kind: 'fit', test: least(50) }, { fit: 50 }, true],
    ['the status of the email', { kind: 'emailStatus', test: is('verified') }, {}, false],
    [
      'a list',
      { kind: 'emailDomain', lists: ['competitors'] },
      { email: { local: 'a', domain: 'mail.rival.example' } },
      true,
    ],
    ['no hand raised', { kind: 'handRaise', is: false }, {}, true],
    ['a hand raised', { kind: 'handRaise', is: true }, { handRaise: true }, true],
    ['an answer', { kind: 'handoff', test: is('accepted') }, { handoff: 'accepted' }, true],
    ['no answer', { kind: 'handoff', test: is('accepted') }, {}, false],
    ['any of none', { kind: 'any', of: [] }, {}, false],
    ['all of none', { kind: 'all', of: [] }, {}, true],
    ['one way of two', mql, { grade: 'A', engagement: 33 }, true],
    ['neither way', mql, { grade: 'B', engagement: 33 }, false],
    ['a negation', { kind: 'not', of: mql }, { grade: 'B', engagement: 33 }, true],
  ])('about %s', (_, condition, more, held) => {
    expect(holds(condition, subject(more))).toBe(held);
    expect(missing(condition, subject(more)).length === 0).toBe(held);
  });

  it.each<[Stage, Stage, boolean]>([
    ['mql', 'mql', true],
    ['sql', 'mql', true],
    ['customer', 'lead', true],
    ['iql', 'mql', false],
    ['recycled', 'mql', false],
    ['recycled', 'recycled', true],
    ['customer', 'recycled', false],
    ['disqualified', 'lead', false],
  ])('stage %s has reached or passed %s: %s', (stage, wanted, reached) => {
    const condition: Condition = { kind: 'stage', test: is(wanted) };
    expect(isReached(stage, wanted)).toBe(reached);
    expect(holds(condition, subject({ stage }), { stage: 'reached' })).toBe(reached);
    expect(holds(condition, subject({ stage }))).toBe(stage === wanted);
  });

  it('in a where sees the properties of the event and nothing of the lead', () => {
    const pricing: Condition = { kind: 'property', property: 'category', test: is('pricing') };
    expect(whereHolds(undefined, {})).toBe(true);
    expect(whereHolds(pricing, { category: 'pricing' })).toBe(true);
    expect(whereHolds({ kind: 'not', of: pricing }, {})).toBe(true);
    expect(whereHolds({ kind: 'any', of: [pricing, { kind: 'handRaise', is: false }] }, {})).toBe(false);
  });
});

describe('what is missing, in words', () => {
  it.each<[string, Condition, Partial<Subject>, string]>([
    ['nothing', mql, { grade: 'A', engagement: 30 }, ''],
    ['only the easier of two ways', mql, { grade: 'A', engagement: 12 }, 'engagement must be 30 or more (it is 12)'],
    [
      'two ways when neither is easier',
      mql,
      { grade: 'B', engagement: 33 },
      'either engagement must be 60 or more (it is 33), or grade must be A (it is B)',
    ],
    [
      'a field',
      { kind: 'field', field: 'problem', test: is('a', 'b', 'c') },
      {},
      'problem must be a, b or c (it is unknown)',
    ],
    [
      'the other side of a negation',
      { kind: 'not', of: { kind: 'emailDomain', lists: ['competitors'] } },
      { email: { local: 'a', domain: 'rival.example' } },
      'the email domain must not be one of competitors',
    ],
    [
      'a negated comparison',
      { kind: 'not', of: { kind: 'engagement', test: least(60) } },
      { engagement: 70 },
      'engagement must be less than 60 (it is 70)',
    ],
    [
      'every part of all',
      {
        kind: 'all',
        of: [
          { kind: 'consent', purpose: 'marketing' },
          { kind: 'conversions', test: least(1) },
        ],
      },
      { consents: { marketing: { state: 'pending', at: dayOf(0) } } },
      'consent to marketing must be confirmed (it is pending); conversions must be 1 or more (it is 0)',
    ],
    [
      'what only a person can give',
      {
        kind: 'any',
        of: [
          { kind: 'handRaise', is: true },
          { kind: 'handoff', test: is('accepted') },
        ],
      },
      {},
      'either the person must ask for sales, or sales must answer accepted',
    ],
  ])('tells %s', (_, condition, more, words) => {
    expect(explain(condition, subject(more))).toBe(words);
  });

  it('is empty exactly when the condition holds, for any condition', () => {
    const leaf: fc.Arbitrary<Condition> = fc.oneof(
      fc.record({ kind: fc.constant('engagement' as const), test: fc.integer({ min: 0, max: 100 }).map(least) }),
      fc.record({ kind: fc.constant('grade' as const), test: fc.constantFrom(is('A'), is('B', 'C')) }),
      fc.record({ kind: fc.constant('handRaise' as const), is: fc.boolean() }),
    );
    const condition = fc.letrec<{ node: Condition }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.record({
          kind: fc.constantFrom('any' as const, 'all' as const),
          of: fc.array(tie('node'), { maxLength: 3 }),
        }),
        fc.record({ kind: fc.constant('not' as const), of: tie('node') }),
      ),
    })).node;
    const subjects = fc
      .record({
        engagement: fc.integer({ min: 0, max: 100 }),
        grade: fc.constantFrom('A' as const, 'B' as const, 'unknown' as const),
        handRaise: fc.boolean(),
      })
      .map(subject);
    fc.assert(
      fc.property(condition, subjects, (any, someone) => {
        expect(explain(any, someone) === '').toBe(holds(any, someone));
      }),
    );
  });
});
