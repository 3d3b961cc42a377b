import { describe, expect, it } from 'vitest';
import type { Rules } from '../../functions/definition/definition.ts';
import type { Workflow } from '../../functions/definition/workflow.ts';
import { advance, begin, choose, hold, lookAt } from '../../functions/lead/enrolment.ts';
import { subjectOf } from '../../functions/lead/subject.ts';
import { exampleRules, guideToDemo, quarterlyDigest } from './example-rules.ts';
import { DAY } from './example-scoring.ts';
import { dayOf, eventOf } from './histories.ts';
import { DIRECTOR, LeadTable } from './lead-table.ts';

const withWorkflow = (change: Partial<Workflow>): Rules => ({
  ...exampleRules,
  workflows: { ...exampleRules.workflows, 'guide-to-demo': { ...guideToDemo, ...change } },
});

const event = { on: 'event', event: 'form.submitted' } as const;

/** The table with the first enrolment parked at its `waitFor`. */
const waiting = (): LeadTable => {
  const table = new LeadTable();
  table.consents(dayOf(0));
  table.asksGuide(dayOf(0));
  const [enrolment] = table.enrolments.values();
  const wait = { enrolmentId: enrolment?.id ?? '', workflow: 'guide-to-demo', definition: 'd1', step: 'clicked' };
  table.lead = { ...table.lead, waits: [wait] };
  return table;
};

describe('starting', () => {
  it('puts the enrolment at the first step that does something, due when the wait before it is over, pinned to the definition', () => {
    const table = new LeadTable();
    table.asksGuide(dayOf(0));
    const [enrolment] = table.enrolments.values();
    const facts = {
      definition: 'd1',
      run: 1,
      status: 'active',
      step: 'three-leaks',
      dueAt: dayOf(2),
      startedAt: dayOf(0),
    };
    expect(enrolment).toMatchObject({ workflow: 'guide-to-demo', ...facts, cause: table.log[0]?.id });
    const started = { type: 'enrolment.started', leadId: table.lead.id, enrolmentId: enrolment?.id, run: 1 };
    expect(table.messages).toContainEqual(started);
  });

  it('asks the where of the event', () => {
    const table = new LeadTable();
    table.does('form.submitted', dayOf(0), { data: { form: 'another' } });
    expect(table.active).toEqual([]);
  });

  it('listens to people, and to what the provider tells of a mail; not to scanners', () => {
    const table = new LeadTable(withWorkflow({ enrol: { on: 'event', event: 'email.clicked', again: 'always' } }));
    table.does('email.clicked', dayOf(0), { actor: 'machine' });
    expect(table.active).toEqual([]);
    table.publish({ ...withWorkflow({ enrol: { on: 'event', event: 'email.bounced', again: 'always' } }), hash: 'd2' });
    table.does('email.bounced', dayOf(0), { actor: 'machine', data: { bounce: 'soft' } });
    expect(table.active).toEqual(['guide-to-demo']);
  });

  it.each([
    ['never', 400, 1],
    ['always', 1, 2],
    [{ after: 180 * DAY }, 179, 1],
    [{ after: 180 * DAY }, 181, 2],
  ] as const)('again: %j, %d days after the last one ended: %d in all', (again, days, count) => {
    const { goal: _, ...endless } = guideToDemo;
    const table = new LeadTable({
      ...exampleRules,
      workflows: { 'guide-to-demo': { ...endless, enrol: { ...event, again } } },
    });
    table.asksGuide(dayOf(0));
    table.lead = {
      ...table.lead,
      enrolments: { 'guide-to-demo': { id: 'enr_1', definition: 'd1', startedAt: dayOf(0), endedAt: dayOf(1) } },
    };
    table.asksGuide(dayOf(1 + days));
    expect(table.enrolments.size).toBe(count);
  });

  it('never runs two at a time', () => {
    const table = new LeadTable(withWorkflow({ enrol: { ...event, again: 'always' } }));
    table.asksGuide(dayOf(0));
    table.asksGuide(dayOf(1));
    expect(table.enrolments.size).toBe(1);
  });

  it('does not begin what its goal has reached', () => {
    const table = new LeadTable();
    table.asksDemo(dayOf(0));
    table.asksGuide(dayOf(1));
    expect(table.active).toEqual([]);
  });

  it('does not begin for whom nothing can be mailed', () => {
    const table = new LeadTable();
    table.does('email.bounced', dayOf(0), { actor: 'machine', data: { bounce: 'hard' } });
    table.asksGuide(dayOf(1));
    expect(table.active).toEqual([]);
  });

  it('begins, for a tick after an unsubscribe, what waits for its confirmation', () => {
    const table = new LeadTable();
    table.consents(dayOf(0), 'withdrawn');
    table.asksGuide(dayOf(1), {}, { consent: [{ purpose: 'marketing', action: 'granted', method: 'box' }] });
    expect(table.lead.consents.marketing?.state).toBe('pending');
    expect(table.lead.stopped).toBeDefined();
    expect(table.active).toEqual(['guide-to-demo']);
    table.consents(dayOf(2), 'confirmed');
    expect(table.lead.stopped).toBeUndefined();
    expect(table.active).toEqual(['guide-to-demo']);
  });

  it('follows the entering of a stage', () => {
    const table = new LeadTable(withWorkflow({ enrol: { on: 'stage', stage: 'iql', again: 'never' } }));
    table.does('page.viewed', dayOf(0));
    expect(table.active).toEqual([]);
    table.asksGuide(dayOf(0));
    expect(table.active).toEqual(['guide-to-demo']);
  });

  it('follows the step of another workflow, and writes that down', () => {
    const table = new LeadTable();
    table.does('enrolment.called', dayOf(0), { actor: 'clock', data: { workflow: 'quarterly-digest' } });
    expect(table.active).toEqual(['quarterly-digest']);
    expect(table.log).toHaveLength(1);
    table.does('enrolment.called', dayOf(0), { actor: 'human', data: { workflow: 'guide-to-demo' } });
    expect(table.active).toEqual(['quarterly-digest']);
  });
});

describe('ending', () => {
  it.each([
    [
      'unsubscribed',
      'email.unsubscribed',
      { consent: [{ purpose: 'marketing', action: 'withdrawn', method: 'one-click' }] },
    ],
    ['bounced', 'email.bounced', { actor: 'machine', data: { bounce: 'hard' } }],
    ['complained', 'email.complained', { actor: 'machine' }],
  ] as const)('comes when the lead has %s', (reason, type, more) => {
    const table = waiting();
    table.does(type, dayOf(1), structuredClone(more) as never);
    expect(table.active).toEqual([]);
    expect(table.lead.stopped?.reason).toBe(reason);
    expect(table.lead.waits).toEqual([]);
    expect(table.messages).toContainEqual(expect.objectContaining({ type: 'enrolment.ended', reason }));
  });

  it('does not come with a soft bounce', () => {
    const table = waiting();
    table.does('email.bounced', dayOf(1), { actor: 'machine', data: { bounce: 'soft' } });
    expect(table.active).toEqual(['guide-to-demo']);
    expect(table.lead.suppressed).toBeUndefined();
  });

  it('comes when the goal holds, told at any event, under the version that it started with', () => {
    const table = new LeadTable(withWorkflow({ goal: { kind: 'field', field: 'country', test: { oneOf: ['VN'] } } }));
    table.asksGuide(dayOf(0));
    table.publish({ ...exampleRules, hash: 'd2' });
    table.does('crm.updated', dayOf(1), { fields: { country: 'VN' } });
    expect(table.enrolments.values().next().value).toMatchObject({ status: 'ended', reason: 'goal' });
    expect(table.messages.map(({ type }) => type)).not.toContain('enrolment.ended');
  });

  it.each([
    ['sql', 'accepted'],
    ['customer', 'customer'],
    ['disqualified', 'bad-fit'],
    ['recycled', 'not-ready'],
  ] as const)('comes on entering %s, unless keepAt names it', (stage, answer) => {
    const { goal: _, ...endless } = guideToDemo;
    const keeping: Workflow = { ...endless, name: 'keeping', enrol: { ...event, again: 'never' }, keepAt: [stage] };
    const table = new LeadTable({ ...exampleRules, workflows: { 'guide-to-demo': endless, keeping } });
    table.consents(dayOf(0));
    table.asksGuide(dayOf(0), DIRECTOR);
    table.does('webinar.attended', dayOf(0), { data: { minutes: 30 } });
    expect(table.active).toHaveLength(2);
    table.answers(answer, dayOf(1));
    expect(table.active).toEqual(['keeping']);
  });

  it('asks for the rules of a version that is not loaded', () => {
    const table = new LeadTable();
    table.asksGuide(dayOf(0));
    table.publish({ ...exampleRules, hash: 'd2' });
    table.older.clear();
    expect(() => table.does('page.viewed', dayOf(1))).toThrow('more and more');
  });
});

describe('a held enrolment', () => {
  it('goes on as the next run when consent comes', () => {
    const table = new LeadTable();
    table.asksGuide(dayOf(0));
    const [enrolment] = table.enrolments.values();
    if (!enrolment) throw new Error('not enrolled');
    const held = hold(table.lead, enrolment, dayOf(30));
    expect(held.enrolment).toMatchObject({ status: 'held', dueAt: dayOf(30) });
    table.lead = held.lead;
    table.enrolments.set(enrolment.id, held.enrolment);
    table.does('page.viewed', dayOf(3));
    expect(table.messages).toEqual([]);
    table.consents(dayOf(4));
    expect(table.messages).toContainEqual({
      type: 'enrolment.started',
      leadId: table.lead.id,
      enrolmentId: enrolment.id,
      run: 2,
    });
    expect(table.enrolments.get(enrolment.id)).toMatchObject({ status: 'active', run: 2 });
    table.does('page.viewed', dayOf(5));
    expect(table.messages).toEqual([]);
  });
});

describe('waitFor', () => {
  it('goes on at the event, once', () => {
    const table = waiting();
    const { enrolmentId } = table.lead.waits[0] ?? {};
    table.does('email.clicked', dayOf(3), { data: { email: 'three-leaks' } });
    expect(table.messages).toContainEqual({ type: 'wait.met', leadId: table.lead.id, enrolmentId, step: 'clicked' });
    expect(table.lead.waits).toEqual([]);
    table.does('email.clicked', dayOf(4), { data: { email: 'three-leaks' } });
    expect(table.messages).toEqual([]);
  });

  it.each([
    ['another mail', { data: { email: 'webinar-invitation' } }],
    ['a scanner', { data: { email: 'three-leaks' }, actor: 'machine' }],
    ['a click from before the enrolment', { data: { email: 'three-leaks' }, at: dayOf(-1) }],
  ] as const)('is not met by %s', (_, more) => {
    const table = waiting();
    table.does('email.clicked', dayOf(3), structuredClone(more) as never);
    expect(table.lead.waits).toHaveLength(1);
  });

  it('for a stage is met when that is reached or passed', () => {
    const table = waiting();
    table.lead = { ...table.lead, waits: table.lead.waits.map((wait) => ({ ...wait, step: 'mql' })) };
    table.does('page.viewed', dayOf(1));
    expect(table.lead.waits).toHaveLength(1);
    table.does('webinar.attended', dayOf(1), { fields: DIRECTOR, data: { minutes: 30 } });
    expect(table.lead.stage).toBe('mql');
    expect(table.messages.map(({ type }) => type)).toContain('wait.met');
  });

  const step = guideToDemo.steps.clicked;
  if (step?.kind !== 'waitFor') throw new Error('no waitFor');
  const click = (at: string, more = {}) =>
    eventOf('k', at, { type: 'email.clicked', data: { email: 'three-leaks' }, ...more });
  const enrolment = { startedAt: dayOf(1), cause: 'none' };

  it.each([
    ['has happened since the enrolment began', [click(dayOf(2))], 'then'],
    ['happened in the moment in which it began', [click(dayOf(1))], 'then'],
    ['happened before', [click(dayOf(0.5))], 'otherwise'],
    ['was a machine’s', [click(dayOf(2), { actor: 'machine' })], 'otherwise'],
    ['was superseded', [click(dayOf(2), { superseded: true })], 'otherwise'],
    ['has not happened', [], 'otherwise'],
  ])('looks at the log: it %s', (_, log, outcome) => {
    expect(lookAt(step, enrolment, { stage: 'iql' }, log)).toBe(outcome);
  });

  it('does not take the event that began the enrolment for the one that it waits for', () => {
    const again = { ...step, awaited: { event: 'asset.downloaded' } };
    const cause = eventOf('form:1', dayOf(1), { type: 'form.submitted' });
    const sibling = eventOf('form:1#asset.downloaded', dayOf(1), { type: 'asset.downloaded' });
    const began = { startedAt: dayOf(1), cause: cause.id };
    expect(lookAt(again, began, { stage: 'iql' }, [cause, sibling])).toBe('otherwise');
    const next = eventOf('form:2#asset.downloaded', dayOf(1), { type: 'asset.downloaded' });
    expect(lookAt(again, began, { stage: 'iql' }, [cause, sibling, next])).toBe('then');
  });

  it.each([
    ['iql', 'otherwise'],
    ['mql', 'then'],
    ['sql', 'then'],
    ['customer', 'then'],
    ['recycled', 'otherwise'],
  ] as const)('for mql looks at the stage now: %s is %s', (stage, outcome) => {
    const mql = guideToDemo.steps.mql;
    if (mql?.kind !== 'waitFor') throw new Error('no waitFor');
    expect(lookAt(mql, enrolment, { stage }, [])).toBe(outcome);
  });
});

describe('walking through a workflow', () => {
  it.each([
    ['wait-1', 'next', { step: 'three-leaks', due: dayOf(0) }],
    ['three-leaks', 'next', { step: 'clicked', due: dayOf(0) }],
    ['clicked', 'then', { step: 'webinar-invitation', due: dayOf(0) }],
    ['clicked', 'otherwise', { step: 'three-leaks-short', due: dayOf(0) }],
    ['choose-1', '1', { step: 'customer-story', due: dayOf(0) }],
    ['choose-1', 'none', { step: 'mql', due: dayOf(0) }],
    ['mql', 'then', { step: null, due: dayOf(0) }],
    ['digest', 'next', { step: null, due: dayOf(0) }],
  ])('after %s (%s) comes %j', (step, outcome, position) => {
    expect(advance(guideToDemo, step, outcome, dayOf(0))).toEqual(position);
  });

  it('sums up waits that follow each other, and ends at once where nothing comes behind them', () => {
    const wait = (id: string, days: number, next: string | null) =>
      ({ id, title: id, kind: 'wait', for: days * 86_400_000, next }) as const;
    const steps = {
      ...quarterlyDigest.steps,
      'wait-1': wait('wait-1', 3, 'wait-2'),
      'wait-2': wait('wait-2', 4, 'checklist'),
    };
    expect(begin({ ...quarterlyDigest, steps }, dayOf(0))).toEqual({ step: 'checklist', due: dayOf(7) });
    const last = { ...quarterlyDigest, steps: { 'wait-1': wait('wait-1', 3, null) } };
    expect(begin(last, dayOf(0))).toEqual({ step: null, due: dayOf(0) });
  });

  it('makes a step due after the wait before it, from when the step before that was done', () => {
    expect(begin(quarterlyDigest, dayOf(0))).toEqual({ step: 'checklist', due: dayOf(90) });
    expect(() => advance(guideToDemo, 'gone', 'next', dayOf(0))).toThrow('no step gone');
  });

  it.each([
    [{ problem: 'payroll' }, '0'],
    [DIRECTOR, '1'],
    [{}, 'none'],
  ])('chooses the first branch that holds for %j: %s', (fields, outcome) => {
    const step = guideToDemo.steps['choose-1'];
    if (step?.kind !== 'choose') throw new Error('no choose');
    const subject = subjectOf({ ...new LeadTable().lead, fields }, exampleRules.scoring, dayOf(0));
    expect(choose(step, subject)).toBe(outcome);
    const otherwise = { ...step, branches: [...step.branches, { go: 'checklist' }] };
    expect(choose(otherwise, subject)).toBe(outcome === 'none' ? '2' : outcome);
  });
});
