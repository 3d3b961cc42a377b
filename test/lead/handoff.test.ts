import { describe, expect, it } from 'vitest';
import type { Condition } from '../../functions/definition/condition.ts';
import type { Rules } from '../../functions/definition/definition.ts';
import type { Stage } from '../../functions/definition/scoring.ts';
import { stageSet } from '../../functions/lead/by-hand.ts';
import { assign, handoffDeadlines } from '../../functions/lead/handoff.ts';
import { subjectOf } from '../../functions/lead/subject.ts';
import { exampleRules } from './example-rules.ts';
import { DAY, HOUR } from './example-scoring.ts';
import { dayOf, instant, START } from './histories.ts';
import { AN, DIRECTOR, LeadTable } from './lead-table.ts';

const BINH = 'binh@example.com';

const mql = (rules: Rules = exampleRules): LeadTable => {
  const table = new LeadTable(rules);
  table.consents(dayOf(0));
  table.asksGuide(dayOf(0), DIRECTOR);
  table.does('webinar.attended', dayOf(0), { data: { minutes: 30 } });
  expect(table.openHandoffs).toHaveLength(1);
  return table;
};

const idOf = (table: LeadTable): string => [...table.handoffs.keys()][0] ?? '';

describe('opening a handoff', () => {
  it('says why, by whom the deadline runs, and tells the bus', () => {
    const table = mql();
    const [handoff] = table.openHandoffs;
    expect(handoff).toMatchObject({ handRaise: false, definition: 'd1', openedAt: dayOf(0), version: 1 });
    expect(handoff?.reason).toBe('mql: fit 100 (A), engagement 45');
    expect(table.lead.handoff).toEqual({ id: handoff?.id, status: 'pending', handRaise: false });
    expect(table.messages).toContainEqual({ type: 'handoff.opened', leadId: table.lead.id, handoffId: handoff?.id });
  });

  it('happens once: staying in the stage opens none', () => {
    const table = mql();
    table.does('webinar.attended', dayOf(1), { data: { minutes: 30 } });
    expect(table.handoffs.size).toBe(1);
  });

  it('happens on entering any condition, not only a stage', () => {
    const when: Condition = { kind: 'engagement', test: { compare: '>=', than: 25 } };
    const table = new LeadTable({ ...exampleRules, handoff: { ...exampleRules.handoff, when } });
    table.asksGuide(dayOf(0));
    expect(table.handoffs.size).toBe(0);
    table.does('page.viewed', dayOf(0), { data: { category: 'pricing' } });
    expect(table.handoffs.size).toBe(1);
  });

  it('does not happen on falling into its condition', () => {
    const when: Condition = { kind: 'stage', test: { oneOf: ['iql'] } };
    const table = new LeadTable();
    table.consents(dayOf(0));
    table.asksGuide(dayOf(0), DIRECTOR);
    table.publish({ ...exampleRules, hash: 'd2', handoff: { ...exampleRules.handoff, when } });
    table.does('webinar.attended', dayOf(0), { data: { minutes: 30 } });
    expect(table.lead.stage).toBe('mql');
    table.consents(dayOf(1), 'withdrawn');
    expect(table.lead.stage).toBe('iql');
    expect(table.handoffs.size).toBe(0);
  });

  it('raises the reason and the deadline of the open one when the hand is raised', () => {
    const table = mql();
    const due = table.openHandoffs[0]?.dueAt ?? '';
    const at = instant(START + HOUR / 2);
    table.asksDemo(at);
    expect(table.handoffs.size).toBe(1);
    expect(table.openHandoffs).toMatchObject([{ handRaise: true, reason: 'demo requested', version: 2 }]);
    expect(table.openHandoffs[0]?.dueAt).toBe(instant(START + HOUR / 2 + HOUR / 4));
    expect((table.openHandoffs[0]?.dueAt ?? '') < due).toBe(true);
    expect(table.messages.map(({ type }) => type)).toContain('handoff.changed');
    expect(table.lead.stage).toBe('sql');
  });

  it('never puts a deadline off', () => {
    const table = mql();
    const { dueAt = '' } = table.openHandoffs[0] ?? {};
    table.asksDemo(instant(Date.parse(dueAt) - 1000));
    expect(table.openHandoffs[0]?.dueAt).toBe(dueAt);
  });

  it('opens another one, for the same person, when the one is accepted and the hand is raised anew', () => {
    const table = mql();
    table.answers('accepted', dayOf(1));
    table.asksDemo(dayOf(2));
    expect(table.openHandoffs).toMatchObject([{ assignee: AN, handRaise: true }]);
    expect(table.handoffs.size).toBe(2);
  });
});

describe('answering', () => {
  it.each([
    ['accepted', 'accepted', 'sql'],
    ['not-ready', 'rejected', 'recycled'],
    ['bad-fit', 'rejected', 'disqualified'],
    ['bad-data', 'rejected', 'disqualified'],
    ['duplicate', 'rejected', 'sql'],
    ['customer', 'rejected', 'customer'],
  ])('%s makes the handoff %s and the lead %s', (answer, status, stage) => {
    const table = mql();
    table.answers(answer, dayOf(1));
    expect(table.handoffs.get(idOf(table))).toMatchObject({ status, answer: { answer, by: AN, at: dayOf(1) } });
    expect(table.lead.stage).toBe(stage);
    expect(table.lead.lastAssignee).toBe(AN);
    expect(table.messages.map(({ type }) => type)).toContain('handoff.changed');
  });

  it.each([
    ['won', 'customer', undefined],
    ['lost', 'recycled', dayOf(92)],
  ])('%s follows accepted and makes the lead %s', (answer, stage, restUntil) => {
    const table = mql();
    table.answers(answer, dayOf(1));
    expect(table.refused).toMatch('follow accepted');
    table.answers('accepted', dayOf(1));
    table.answers(answer, dayOf(2), BINH, idOf(table));
    expect(table.handoffs.get(idOf(table))?.status).toBe(answer);
    expect(table.lead).toMatchObject({ stage, lastAssignee: AN });
    expect(table.lead.restUntil).toBe(restUntil);
    expect(table.lead.handoff).toBeUndefined();
  });

  it('not-ready starts what its outcome names, and its points count', () => {
    const table = mql();
    const before = table.lead.values.webinar?.value;
    table.answers('not-ready', dayOf(1));
    expect(table.active).toEqual(['quarterly-digest']);
    expect(table.lead.values['not-ready']?.value).toBe(-30);
    expect(table.lead.values.webinar?.value).toBe(before);
  });

  it('is done once: the first answer wins', () => {
    const table = mql();
    table.answers('accepted', dayOf(1));
    const { version } = table.lead;
    table.answers('bad-fit', dayOf(1), BINH, idOf(table));
    expect(table.refused).toBe('This handoff is answered already: accepted.');
    table.answers('accepted', dayOf(1), AN, idOf(table));
    expect(table.refused).toBe('This handoff is answered already: accepted.');
    expect(table.lead).toMatchObject({ version, stage: 'sql' });
  });

  it('is corrected by the one who answered, within 24 hours: the answer before counts for nothing', () => {
    const table = mql();
    table.answers('not-ready', dayOf(1));
    const first = table.handoffs.get(idOf(table))?.answer?.eventId;
    table.answers('accepted', instant(START + 2 * DAY), AN, idOf(table));
    expect(table.lead.stage).toBe('sql');
    expect(table.lead.restUntil).toBeUndefined();
    expect(table.lead.values['not-ready']).toBeUndefined();
    expect(table.log.find(({ id }) => id === first)?.superseded).toBe(true);
    expect(table.active).toEqual([]);
    expect(table.handoffs.get(idOf(table))).toMatchObject({ status: 'accepted', answer: { first: dayOf(1) } });
  });

  it.each([
    ['by another', BINH, DAY / 2],
    ['after 24 hours', AN, DAY + 1],
  ])('is not corrected %s', (_, by, after) => {
    const table = mql();
    table.answers('not-ready', dayOf(1));
    table.answers('accepted', instant(START + DAY + after), by, idOf(table));
    expect(table.refused).toMatch('answered');
    expect(table.lead.stage).toBe('recycled');
  });

  it('is not corrected for ever: a correction does not begin the 24 hours again', () => {
    const table = mql();
    table.answers('not-ready', dayOf(1));
    table.answers('bad-fit', dayOf(1.9), AN, idOf(table));
    table.answers('accepted', dayOf(2.1), AN, idOf(table));
    expect(table.lead.stage).toBe('disqualified');
  });

  it('may turn won into lost within 24 hours', () => {
    const table = mql();
    table.answers('accepted', dayOf(1));
    table.answers('won', dayOf(3), AN, idOf(table));
    table.answers('lost', dayOf(3.5), AN, idOf(table));
    expect(table.lead.stage).toBe('recycled');
  });

  it('says what the answers are when it is given none of them', () => {
    const table = mql();
    table.answers('maybe', dayOf(1));
    expect(table.refused).toContain('accepted, not-ready');
  });

  it('of a handoff that does not exist changes nothing', () => {
    const table = mql();
    table.answers('accepted', dayOf(1), AN, 'hnd_none');
    expect(table.refused).toBe('There is no such handoff.');
    expect(table.lead.stage).toBe('mql');
  });
});

describe('a stage set by hand while a handoff is open', () => {
  const sets = (table: LeadTable, stage: Stage) =>
    table.act([stageSet(stage, { id: 'h1', who: AN }, dayOf(1))], dayOf(1));

  it.each([
    ['sql', 'accepted'],
    ['recycled', 'not-ready'],
    ['disqualified', 'bad-fit'],
    ['customer', 'customer'],
  ] as const)('%s is the first answer that leads there: %s', (stage, answer) => {
    const table = mql();
    const id = idOf(table);
    sets(table, stage);
    expect(table.handoffs.get(id)?.answer).toMatchObject({ answer, by: AN, at: dayOf(1) });
    expect(table.openHandoffs).toEqual([]);
    expect(table.lead.stage).toBe(stage);
  });

  it('is told like any answer: the log has it, and it scores as one', () => {
    const [bySales, byHand] = [mql(), mql()];
    bySales.answers('not-ready', dayOf(1), AN, idOf(bySales));
    sets(byHand, 'recycled');
    expect(byHand.lead.values).toEqual(bySales.lead.values);
    expect(byHand.lead.values['not-ready']).toBeDefined();
    const told = byHand.log.find(({ type }) => type === 'handoff.rejected');
    expect(told).toMatchObject({ data: { handoff: idOf(byHand), reason: 'not-ready' }, answered: { by: AN } });
    expect(byHand.handoffs.get(idOf(byHand))?.answer?.eventId).toBe(told?.id);
  });

  it('is corrected like any answer, by the one who set it', () => {
    const table = mql();
    const id = idOf(table);
    sets(table, 'disqualified');
    table.answers('accepted', dayOf(1), AN, id);
    expect(table.handoffs.get(id)?.status).toBe('accepted');
    expect(table.lead.stage).toBe('sql');
  });

  it('is what it says, also where the answer would not lead back', () => {
    const table = mql();
    table.answers('customer', dayOf(0));
    table.asksDemo(dayOf(0));
    const id = table.lead.handoff?.id ?? '';
    sets(table, 'sql');
    expect(table.handoffs.get(id)?.status).toBe('accepted');
    expect(table.lead.stage).toBe('sql');
  });

  it('leaves the handoff as it is where no answer leads to that stage', () => {
    const table = mql();
    sets(table, 'iql');
    expect(table.openHandoffs).toHaveLength(1);
  });

  it.each([
    ['customer', 'won'],
    ['recycled', 'lost'],
  ] as const)('%s concludes a handoff that was accepted: %s', (stage, answer) => {
    const table = mql();
    const id = idOf(table);
    table.answers('accepted', dayOf(0), BINH, id);
    sets(table, stage);
    expect(table.handoffs.get(id)).toMatchObject({ status: answer, answer: { answer, by: AN, at: dayOf(1) } });
    expect(table.lead.handoff).toBeUndefined();
    expect(table.lead.stage).toBe(stage);
  });

  it('lets a lost lead rest as if sales had said so', () => {
    const table = mql();
    table.answers('accepted', dayOf(0), BINH);
    sets(table, 'recycled');
    expect(table.lead.restUntil).toBe(instant(Date.parse(dayOf(1)) + 90 * DAY));
  });

  it.each(['sql', 'disqualified', 'iql'] as const)('%s leaves a handoff accepted that was accepted', (stage) => {
    const table = mql();
    const id = idOf(table);
    table.answers('accepted', dayOf(0), BINH, id);
    sets(table, stage);
    expect(table.handoffs.get(id)).toMatchObject({ status: 'accepted', answer: { answer: 'accepted', by: BINH } });
  });
});

describe('assigning', () => {
  const subject = (country: string) =>
    subjectOf({ ...new LeadTable().lead, fields: { country } }, exampleRules.scoring, dayOf(0));
  const nobody: Rules = { ...exampleRules, handoff: { ...exampleRules.handoff, assign: [] } };

  it.each([
    ['TH', 0, exampleRules, 'somchai@example.com'],
    ['VN', 0, exampleRules, AN],
    ['VN', 1, exampleRules, BINH],
    ['VN', 2, exampleRules, AN],
    ['VN', 0, nobody, 'minh@example.com'],
  ])('a lead of %s at turn %d goes to %#', (country, turn, rules, assignee) => {
    expect(assign(rules, subject(country), turn)).toBe(assignee);
  });
});

describe('deadlines', () => {
  it.each([
    // Monday 09:00 in Vietnam is 02:00 UTC.
    ['2027-03-01T02:00:00.000Z', true, '2027-03-01T02:07:30.000Z', '2027-03-01T02:15:00.000Z'],
    ['2027-03-01T02:00:00.000Z', false, '2027-03-01T04:00:00.000Z', '2027-03-01T06:00:00.000Z'],
    // Friday 17:00: an hour on Friday, three on Monday; half-way is Monday at 09:00.
    ['2027-03-05T10:00:00.000Z', false, '2027-03-08T02:00:00.000Z', '2027-03-08T04:00:00.000Z'],
    // Saturday: from Monday 08:00.
    ['2027-03-06T05:00:00.000Z', true, '2027-03-08T01:07:30.000Z', '2027-03-08T01:15:00.000Z'],
  ])('from %s (hand raised: %s) remind at %s and escalate at %s', (from, handRaise, remindAt, dueAt) => {
    expect(handoffDeadlines(exampleRules.handoff, handRaise, from)).toEqual({ remindAt, dueAt });
  });

  it('remind nobody where the definition does not say so', () => {
    const { remind: _, ...answer } = exampleRules.handoff.answer;
    expect(handoffDeadlines({ ...exampleRules.handoff, answer }, true, dayOf(0))).not.toHaveProperty('remindAt');
  });
});
