import { describe, expect, it } from 'vitest';
import type { Condition } from '../../functions/definition/condition.ts';
import type { Step, Workflow } from '../../functions/definition/workflow.ts';
import { waysOf } from '../../functions/lead/step-ways.ts';
import {
  awaitedWords,
  conditionWords,
  durationWords,
  endWords,
  sendWords,
  triggerWords,
  untilWords,
} from '../../functions/lead/workflow-words.ts';

const DAY = 86_400_000;
const problem: Condition = { kind: 'field', field: 'problem', test: { oneOf: ['payroll', 'cash-flow'] } };
const fit: Condition = { kind: 'fit', test: { compare: '>=', than: 50 } };
const workflow = (more: Partial<Workflow>): Workflow => ({
  name: 'w',
  enrol: { on: 'call', again: 'never' },
  keepAt: [],
  first: null,
  steps: {},
  ...more,
});

describe('a condition in words', () => {
  it.each<[Condition, string]>([
    [problem, 'problem is payroll or cash-flow'],
    [fit, 'fit ≥ 50'],
    [{ kind: 'engagement', test: { compare: '!=', than: 3 } }, 'engagement ≠ 3'],
    [{ kind: 'stage', test: { oneOf: ['mql'] } }, 'stage is mql'],
    [{ kind: 'property', property: 'category', test: { oneOf: ['pricing'] } }, 'category is pricing'],
    [{ kind: 'consent', purpose: 'marketing' }, 'consent to marketing'],
    [{ kind: 'tag', tags: ['vip', 'partner'] }, 'tagged vip or partner'],
    [{ kind: 'emailDomain', lists: ['free-mail'] }, 'email domain in free-mail'],
    [{ kind: 'handRaise', is: true }, 'asks for sales'],
    [{ kind: 'handRaise', is: false }, 'does not ask for sales'],
    [{ kind: 'handoff', test: { oneOf: ['accepted'] } }, 'sales answers accepted'],
    [{ kind: 'all', of: [problem, fit] }, 'problem is payroll or cash-flow and fit ≥ 50'],
    [{ kind: 'not', of: { kind: 'any', of: [fit, problem] } }, 'not (fit ≥ 50 or problem is payroll or cash-flow)'],
  ])('%j is “%s”', (condition, words) => {
    expect(conditionWords(condition)).toBe(words);
  });
});

describe('a workflow in words', () => {
  it.each([
    [DAY, '1 day'],
    [14 * DAY, '14 days'],
    [90_000, '90 seconds'],
    [36 * 3_600_000, '36 hours'],
  ])('says %i ms as “%s”', (ms, words) => {
    expect(durationWords(ms)).toBe(words);
  });

  it.each<[Workflow['enrol'], string]>([
    [{ on: 'stage', stage: 'mql', again: 'never' }, 'Entering stage mql, once'],
    [{ on: 'call', again: 'always' }, 'Another workflow or an answer of sales, as often as it happens'],
    [
      {
        on: 'event',
        event: 'form.submitted',
        where: { kind: 'property', property: 'form', test: { oneOf: ['guide'] } },
        again: { after: 180 * DAY },
      },
      'form.submitted where form is guide, again 180 days after the last one',
    ],
  ])('says what it begins with: %j', (enrol, words) => {
    expect(triggerWords(workflow({ enrol }))).toBe(words);
  });

  it('says what ends it early', () => {
    const goal: Condition = { kind: 'stage', test: { oneOf: ['sql'] } };
    const exits: Workflow['exits'] = [
      { reason: 'bought', on: 'trial.started' },
      { reason: 'too small', when: { kind: 'fit', test: { compare: '<', than: 10 } } },
    ];
    expect(endWords(workflow({ goal, exits, keepAt: ['recycled'] }))).toEqual([
      'Goal: stage is sql, or a later one',
      'Exit (bought): trial.started',
      'Exit (too small): fit < 10',
      'Stays in at stage recycled',
    ]);
  });

  it('says when mail goes out, and nothing without rules', () => {
    const window = { days: ['mon', 'tue', 'wed', 'thu', 'fri'] as const, from: '08:00', to: '18:00' };
    const send = { window: { ...window, days: [...window.days] }, zone: 'lead', cap: { perDay: 1, perWeek: 2 } };
    expect(sendWords(send)).toBe("Mail: mon–fri 08:00–18:00 (the lead's time), at most 1 a day and 2 a week");
    expect(sendWords(undefined)).toBe('');
  });

  it('says what a step waits for', () => {
    const clicked = { event: 'email.clicked', email: 'leaks' };
    expect(awaitedWords({ any: [clicked, { stage: 'mql' }] })).toBe('email.clicked of leaks, or stage mql is reached');
    expect(untilWords({ days: ['tue', 'thu'], at: '09:00', zone: 'Asia/Bangkok' })).toBe(
      'tue, thu at 09:00 (Asia/Bangkok)',
    );
    expect(untilWords({ field: 'renewal', at: '09:00', before: 7 * DAY, zone: 'lead' })).toBe(
      "7 days before the day in renewal, at 09:00 (the lead's time)",
    );
  });
});

describe('the ways out of a step', () => {
  const base = { id: 's', title: 'S', next: 'n' };
  it.each<[Step, [string, string | null][]]>([
    [{ ...base, kind: 'wait', for: DAY }, [['', 'n']]],
    [
      // biome-ignore lint/suspicious/noThenProperty: the definition language's own word; never awaited
      { ...base, kind: 'waitFor', awaited: { stage: 'mql' }, upTo: 3 * DAY, then: null, otherwise: 'o' },
      [
        ['it happens', null],
        ['not within 3 days', 'o'],
      ],
    ],
    [
      { ...base, kind: 'choose', branches: [{ when: fit, go: 'a' }, { go: 'b' }] },
      [
        ['fit ≥ 50', 'a'],
        ['otherwise', 'b'],
      ],
    ],
    [
      { ...base, kind: 'choose', branches: [{ when: fit, go: 'a' }] },
      [
        ['fit ≥ 50', 'a'],
        ['otherwise', 'n'],
      ],
    ],
    [
      {
        ...base,
        kind: 'split',
        variants: [
          { name: 'short', share: 90, go: 'a' },
          { name: 'none', share: 10, holdOut: true, go: null },
        ],
      },
      [
        ['short, 90 %', 'a'],
        ['none, 10 % (hold-out)', null],
      ],
    ],
  ])('are named: %j', (step, ways) => {
    expect(waysOf(step).map(({ label, to }) => [label, to])).toEqual(ways);
  });
});
