import { describe, expect, it } from 'vitest';
import type { Workflow } from '../../../functions/definition/workflow.ts';
import { type Comparing, compare, type Side, type Standing } from '../../../workflows/plan/compare.ts';
import { differences } from '../../../workflows/plan/differences.ts';
import { planText } from '../../../workflows/plan/plan-text.ts';
import { exampleRules, guideToDemo } from '../../lead/example-rules.ts';

const EMAIL = {
  name: 'three-leaks',
  language: 'en',
  subject: 'Leaks',
  class: 'educational',
  html: '<p>a</p>',
  text: 'a',
};
const side = (hash: string, workflow: Workflow | undefined = guideToDemo, over: Partial<Side['rules']> = {}): Side => ({
  rules: { ...exampleRules, hash, workflows: workflow ? { 'guide-to-demo': workflow } : {}, ...over },
  emails: { 'three-leaks': { en: EMAIL } },
});
const V1 = '1'.repeat(64);
const V2 = '2'.repeat(64);
const at = (step: string, leads: number, definition = V1): Standing => ({
  workflow: 'guide-to-demo',
  definition,
  step,
  leads,
});
const planned = (moved: Workflow['moved'], standing: Standing[], more: Partial<Comparing> = {}) =>
  compare({
    before: side(V1),
    after: side(V2, moved ? { ...guideToDemo, moved } : guideToDemo),
    standing,
    versions: { [V1]: { hash: V1, at: '2027-01-01', workflows: { 'guide-to-demo': guideToDemo } } },
    now: '2027-02-01',
    ...more,
  });

describe('what a plan says of leads', () => {
  it.each([
    ['that no map names: they stay', undefined, [at('three-leaks', 3)], { stay: 3, move: 0, end: 0 }],
    [
      'that a map moves',
      { steps: { 'three-leaks': 'webinar-invitation' } },
      [at('three-leaks', 3), at('mql', 2)],
      { stay: 2, move: 3, end: 0 },
    ],
    ['that a map ends', { steps: { mql: null } }, [at('mql', 2)], { stay: 0, move: 0, end: 2 }],
    [
      'of the version that the map is about',
      { from: V1.slice(0, 6), steps: { mql: null } },
      [at('mql', 2)],
      { stay: 0, move: 0, end: 2 },
    ],
    [
      'of another version than the map is about',
      { from: 'abcdef', steps: { mql: null } },
      [at('mql', 2)],
      { stay: 2, move: 0, end: 0 },
    ],
    ['that are on the new version already', { steps: { mql: null } }, [at('mql', 2, V2)], { stay: 2, move: 0, end: 0 }],
    ['that are gone', { steps: { mql: null } }, [at('mql', 0)], { stay: 0, move: 0, end: 0 }],
  ] as const)('%s', (_, moved, standing, leads) => {
    expect(planned(moved as Workflow['moved'], [...standing]).leads).toEqual(leads);
  });

  it('names the steps as the marketer does', () => {
    const plan = planned({ steps: { 'three-leaks': 'webinar-invitation' } }, [at('three-leaks', 1)]);
    expect(plan.workflows[0]?.leads[0]).toMatchObject({ title: 'Send three-leaks', to: 'Send webinar-invitation' });
    expect(planText(plan)).toContain(
      '1 lead at "Send three-leaks" in 111111111111: moved to "Send webinar-invitation"',
    );
    expect(planText(plan)).toContain('1 lead is moved.');
  });

  it('leaves newer leads alone where it goes back', () => {
    const versions = {
      [V1]: {
        hash: V1,
        at: '2027-01-01',
        workflows: { 'guide-to-demo': { ...guideToDemo, moved: { steps: { mql: null } } } },
      },
      [V2]: { hash: V2, at: '2027-01-15', workflows: { 'guide-to-demo': guideToDemo } },
    };
    const after = side(V1, { ...guideToDemo, moved: { steps: { mql: null } } });
    const plan = planned(undefined, [at('mql', 4, V2)], { before: side(V2), after, versions });
    expect(plan.leads).toEqual({ stay: 4, move: 0, end: 0 });
  });
});

describe('names in a map', () => {
  it.each([
    ['that no version has', { 'three-leeks': null }, 'error', 'three-leaks'],
    ['of a wait, at which nobody stands', { 'wait-1': null }, 'error', 'three-leaks'],
  ] as const)('%s are an error, with the right one', (_, steps, severity, nearest) => {
    expect(planned({ steps }, []).problems).toMatchObject([{ severity, nearest, workflow: 'guide-to-demo' }]);
  });

  it('that the version in force moves from already are a leftover', () => {
    const old = { ...guideToDemo, moved: { steps: { gone: null } } };
    const versions = { [V1]: { hash: V1, at: '2027-01-01', workflows: { 'guide-to-demo': old } } };
    expect(planned({ steps: { gone: null } }, [], { versions }).problems).toMatchObject([{ severity: 'warning' }]);
  });

  it('of a workflow that is new move nobody', () => {
    expect(planned({ steps: { a: null } }, [], { versions: {}, before: undefined }).problems).toMatchObject([
      { severity: 'warning' },
    ]);
  });
});

describe('what a plan says of the rest', () => {
  it.each([
    ['a new workflow', undefined, guideToDemo, 'new'],
    ['one that is gone', guideToDemo, undefined, 'removed'],
    ['another wait', guideToDemo, { ...guideToDemo, keepAt: ['recycled' as const] }, 'changed'],
    ['a map alone', guideToDemo, { ...guideToDemo, moved: { steps: { mql: null } } }, 'same'],
  ])('%s', (_, before, after, change) => {
    const empty = (hash: string): Side => ({ ...side(hash), rules: { ...side(hash).rules, workflows: {} } });
    const plan = planned(undefined, [], {
      before: before ? side(V1, before) : empty(V1),
      after: after ? side(V2, after) : empty(V2),
    });
    expect(plan.workflows.map((one) => one.change)).toEqual([change]);
    expect(Object.keys(plan.workflows[0]?.cost ?? {})).toEqual([
      ...(before ? ['before'] : []),
      ...(after ? ['after'] : []),
    ]);
  });

  it('mails, by language, with what of them changed', () => {
    const after = side(V2);
    after.emails = { 'three-leaks': { en: { ...EMAIL, subject: 'Other' }, vi: { ...EMAIL, language: 'vi' } } };
    expect(planned(undefined, [], { after }).mails).toEqual([
      { name: 'three-leaks', language: 'en', change: 'changed', parts: ['subject'] },
      { name: 'three-leaks', language: 'vi', change: 'new', parts: [] },
    ]);
  });

  it('points, and other files', () => {
    const { scoring, settings } = exampleRules;
    const gates = { ...scoring.gates, extra: { kind: 'consent' as const, purpose: 'marketing' } };
    const after = side(V2, guideToDemo, { scoring: { ...scoring, gates }, settings: { ...settings, zone: 'UTC' } });
    const plan = planned(undefined, [], { after });
    expect(plan.points.map(({ path }) => path)).toEqual(['gates.extra']);
    expect(plan.others).toMatchObject([{ file: 'settings.yaml', differences: [{ path: 'zone', after: 'UTC' }] }]);
  });

  it('that nothing is to do', () => {
    expect(planText(planned(undefined, [], { after: side(V1) }))).toContain('Nothing to publish');
  });
});

it.each([
  [{ a: 1 }, { a: 1 }, []],
  [{ a: 1 }, { a: 2 }, [{ path: 'a', before: 1, after: 2 }]],
  [{ a: { b: [1] } }, { a: { b: [1, 2] } }, [{ path: 'a.b', before: [1], after: [1, 2] }]],
  [{}, { a: { b: 1 } }, [{ path: 'a', after: { b: 1 } }]],
  [{ a: 1 }, {}, [{ path: 'a', before: 1 }]],
])('tells two values apart leaf by leaf: %j and %j', (before, after, expected) => {
  expect(differences(before, after)).toEqual(expected);
});
