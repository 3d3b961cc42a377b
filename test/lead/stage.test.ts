import { describe, expect, it } from 'vitest';
import type { Rules } from '../../functions/definition/definition.ts';
import type { Actor } from '../../functions/lead/event.ts';
import { readsScore } from '../../functions/lead/stage.ts';
import { exampleRules } from './example-rules.ts';
import { DAY } from './example-scoring.ts';
import { dayOf, instant, START } from './histories.ts';
import { DIRECTOR, LeadTable, STUDENT } from './lead-table.ts';

/** The webinar and the guide: 45, above the 30 that grade A needs. */
const engage = (table: LeadTable, day: number): void => {
  table.asksGuide(dayOf(day), DIRECTOR);
  table.does('webinar.attended', dayOf(day), { data: { minutes: 30 } });
};

const mql = (): LeadTable => {
  const table = new LeadTable();
  table.consents(dayOf(0));
  engage(table, 0);
  expect(table.lead.stage).toBe('mql');
  return table;
};

const withStages = (stages: Rules['scoring']['stages']): Rules => ({
  ...exampleRules,
  scoring: { ...exampleRules.scoring, stages },
});

describe('entering a stage', () => {
  it('takes one act to the last stage in the file whose condition holds', () => {
    const table = new LeadTable();
    table.consents(dayOf(0));
    table.does('webinar.attended', dayOf(0), { data: { minutes: 30 } });
    expect(table.lead.stage).toBe('lead');
    table.asksGuide(dayOf(0), DIRECTOR);
    expect(table.lead).toMatchObject({ stage: 'mql', stageBefore: 'lead' });
    expect(table.messages.filter(({ type }) => type === 'lead.stage-changed')).toHaveLength(1);
  });

  it('notes the move on the last event of the act, with the reason', () => {
    const table = new LeadTable();
    table.asksGuide(dayOf(0));
    expect(table.log[0]?.changes).toEqual([]);
    expect(table.log[1]?.changes).toContainEqual({
      what: 'stage',
      name: 'iql',
      from: 'lead',
      to: 'iql',
      why: expect.any(String),
    });
  });

  it.each<[Actor, string]>([
    ['human', 'iql'],
    ['machine', 'lead'],
    ['proxy', 'lead'],
    ['suspect', 'lead'],
    ['clock', 'lead'],
  ])('judges at an act of a %s: %s', (actor, stage) => {
    const facts = [
      { stage: 'iql' as const, when: { kind: 'field' as const, field: 'country', test: { oneOf: ['VN'] } } },
    ];
    const table = new LeadTable(withStages([]));
    table.does('page.viewed', dayOf(0), { fields: { country: 'VN' } });
    table.publish({ ...withStages(facts), hash: 'd2' });
    table.does('email.opened', dayOf(1), { actor });
    expect(table.lead.stage).toBe(stage);
  });

  it('knows no way back: a stage behind is not entered', () => {
    const table = mql();
    table.asksGuide(dayOf(1));
    expect(table.lead.stage).toBe('mql');
  });

  it.each([
    [{ kind: 'fit', test: { compare: '>=', than: 50 } }, true],
    [{ kind: 'not', of: { kind: 'grade', test: { oneOf: ['D'] } } }, true],
    [
      {
        kind: 'any',
        of: [
          { kind: 'handRaise', is: true },
          { kind: 'engagement', test: { compare: '>', than: 1 } },
        ],
      },
      true,
    ],
    [{ kind: 'conversions', test: { compare: '>=', than: 1 } }, false],
  ] as const)('tells whether a condition asks for points: %j', (condition, asks) => {
    expect(readsScore(structuredClone(condition) as never)).toBe(asks);
  });
});

describe('gates', () => {
  it('bar the score, not the stages reached by facts', () => {
    const table = new LeadTable();
    engage(table, 0);
    expect(table.lead.stage).toBe('iql');
    expect(table.lead.crossed).toMatchObject({ stage: 'mql', closed: ['consented'] });
  });

  it.each([
    [6.9, 'mql'],
    [7.1, 'iql'],
  ])('remember a crossed threshold for 7 days: opened by a machine after %d days makes %s', (days, stage) => {
    const rules = {
      ...exampleRules,
      scoring: {
        ...exampleRules.scoring,
        gates: { known: { kind: 'field' as const, field: 'checked', test: { oneOf: ['yes'] } } },
      },
    };
    const table = new LeadTable(rules);
    engage(table, 0);
    expect(table.lead.stage).toBe('iql');
    const at = instant(START + days * DAY);
    table.does('email.delivered', at, { actor: 'machine', fields: { checked: 'yes' } });
    expect(table.lead.stage).toBe(stage);
  });

  it('let a remembered crossing enter although the score has faded meanwhile, down to leaveBelow', () => {
    const table = new LeadTable();
    table.asksGuide(dayOf(0), DIRECTOR);
    table.does('page.viewed', dayOf(0), { data: { category: 'pricing' } });
    table.does('page.viewed', dayOf(0));
    expect(table.lead.crossed?.stage).toBe('mql');
    table.consents(dayOf(6));
    expect(table.lead.stage).toBe('mql');
  });

  it('that stay open mean nothing to a hand-raise', () => {
    const table = new LeadTable(exampleRules, 'someone@rival.example');
    table.asksDemo(dayOf(0));
    expect(table.lead.stage).toBe('sql');
    expect(table.openHandoffs).toHaveLength(1);
  });

  it('that close later leave an open handoff, marked as without marketing mail', () => {
    const table = mql();
    const [handoff] = table.openHandoffs;
    table.consents(dayOf(1), 'withdrawn');
    expect(table.lead.stage).toBe('mql');
    expect(table.handoffs.get(handoff?.id ?? '')).toMatchObject({ status: 'pending', noMarketingMail: true });
  });

  it('that close later make an mql fall back where no handoff is open', () => {
    const never = { kind: 'handRaise' as const, is: true };
    const table = new LeadTable({ ...exampleRules, handoff: { ...exampleRules.handoff, when: never } });
    table.consents(dayOf(0));
    engage(table, 0);
    expect(table.lead.stage).toBe('mql');
    table.consents(dayOf(1), 'withdrawn');
    expect(table.lead.stage).toBe('iql');
    expect(table.log.at(-1)?.changes).toContainEqual(
      expect.objectContaining({ what: 'stage', why: 'gate closed: consented' }),
    );
  });

  it('that a machine closes make an mql fall back too', () => {
    const never = { kind: 'handRaise' as const, is: true };
    const table = new LeadTable({ ...exampleRules, handoff: { ...exampleRules.handoff, when: never } });
    table.consents(dayOf(0));
    engage(table, 0);
    table.does('email.bounced', dayOf(1), { actor: 'machine', data: { bounce: 'hard' } });
    expect(table.lead.stage).toBe('iql');
  });
});

describe('leaving by the clock', () => {
  it('waits for the whole of stay', () => {
    const table = mql();
    const due = Date.parse(table.lead.dueAt ?? '');
    expect(Date.parse(table.lead.belowSince ?? '')).toBe(due - DAY);
    table.strikes(instant(due - 1));
    expect(table.lead.stage).toBe('mql');
    expect(table.log.filter(({ actor }) => actor === 'clock')).toEqual([]);
    table.strikes(instant(due));
    expect(table.lead.stage).toBe('iql');
    expect(table.log.filter(({ actor }) => actor === 'clock')).toHaveLength(1);
  });

  it('is put off by an act that lifts the engagement meanwhile', () => {
    const table = mql();
    const due = table.lead.dueAt ?? '';
    const before = instant(Date.parse(due) - DAY / 2);
    table.does('webinar.attended', before, { data: { minutes: 60 } });
    expect((table.lead.dueAt ?? '') > due).toBe(true);
    table.strikes(due);
    expect(table.lead.stage).toBe('mql');
  });

  it('keeps counting from when it went below, whatever little happens', () => {
    const table = mql();
    const due = table.lead.dueAt ?? '';
    table.does('email.opened', instant(Date.parse(due) - DAY / 2));
    expect(table.lead.dueAt).toBe(due);
  });

  it('comes with an act too, where the sweeper is late', () => {
    const table = mql();
    table.does('email.opened', instant(Date.parse(table.lead.dueAt ?? '') + DAY));
    expect(table.lead.stage).toBe('iql');
  });

  it('is no entering: the stage below starts and hands over nothing', () => {
    const iqlNurture = {
      ...exampleRules.workflows['quarterly-digest'],
      name: 'iql',
      enrol: { on: 'stage', stage: 'iql', again: 'always' },
    };
    const table = new LeadTable({ ...exampleRules, workflows: { iql: iqlNurture as never } });
    table.asksGuide(dayOf(0), DIRECTOR);
    expect(table.active).toEqual(['iql']);
    const enrolled = table.enrolments.size;
    table.consents(dayOf(0));
    table.does('webinar.attended', dayOf(0), { data: { minutes: 30 } });
    expect(table.lead.stage).toBe('mql');
    table.strikes(table.lead.dueAt ?? '');
    expect(table.lead.stage).toBe('iql');
    expect(table.enrolments.size).toBe(enrolled);
    expect(table.handoffs.size).toBe(1);
  });
});

describe('stages that points do not leave', () => {
  const reach = (table: LeadTable): void => {
    for (let day = 1; day < 6; day++) {
      table.does('webinar.attended', dayOf(day), { data: { minutes: 60 } });
      table.asksGuide(dayOf(day), DIRECTOR);
    }
  };

  it.each([
    ['sql', 'accepted'],
    ['customer', 'customer'],
    ['disqualified', 'bad-fit'],
  ])('%s is not left by score', (stage, answer) => {
    const table = mql();
    table.answers(answer, dayOf(1));
    expect(table.lead.stage).toBe(stage);
    reach(table);
    expect(table.lead.stage).toBe(stage);
    expect(table.openHandoffs).toEqual([]);
  });

  it('recycled is not left by score within its rest, nor by a conversion', () => {
    const table = mql();
    table.answers('not-ready', dayOf(1));
    expect(table.lead).toMatchObject({ stage: 'recycled', restUntil: dayOf(31) });
    reach(table);
    expect(table.lead.stage).toBe('recycled');
    expect(table.openHandoffs).toEqual([]);
  });

  it('recycled is left by score after its rest', () => {
    const table = mql();
    table.answers('not-ready', dayOf(1));
    for (let day = 32; day < 40; day++) table.does('webinar.attended', dayOf(day), { data: { minutes: 60 } });
    expect(table.lead).toMatchObject({ stage: 'mql', stageBefore: 'recycled' });
    expect(table.openHandoffs).toHaveLength(1);
  });

  it.each(['not-ready', 'bad-fit'])('a hand-raise leads from %s to sql, whatever the rest', (answer) => {
    const table = mql();
    table.answers(answer, dayOf(1));
    table.asksDemo(dayOf(2));
    expect(table.lead.stage).toBe('sql');
    expect(table.openHandoffs).toMatchObject([{ handRaise: true }]);
  });

  it('a customer stays one when raising the hand, and the request goes to the previous owner', () => {
    const table = mql();
    table.answers('accepted', dayOf(1));
    const first = table.lead.handoff?.id ?? '';
    table.answers('won', dayOf(2), AN_OTHER, first);
    table.asksDemo(dayOf(30));
    expect(table.lead.stage).toBe('customer');
    expect(table.openHandoffs).toMatchObject([{ assignee: 'an@example.com' }]);
    table.answers('accepted', dayOf(31));
    expect(table.lead.stage).toBe('customer');
  });
});

const AN_OTHER = 'binh@example.com';

describe('people who are not for sales', () => {
  it.each(['recruiting', 'partner'])('who come as %s gain no points, reach no stage and start nothing', (audience) => {
    const table = new LeadTable();
    const data = { form: 'cash-flow-guide', conversion: 'download', depth: 'deep', audience };
    table.does('form.submitted', dayOf(0), { data, fields: DIRECTOR });
    expect(table.lead).toMatchObject({ stage: 'lead', audience, conversions: 0, values: {} });
    expect(table.active).toEqual([]);
    expect(table.messages.map(({ type }) => type)).toEqual(['deliver.requested', 'address.given']);
  });

  it('who were leads before stay where they are, even where the application opens a gate', () => {
    const table = new LeadTable();
    engage(table, 0);
    expect(table.lead.crossed?.stage).toBe('mql');
    const consent = [{ purpose: 'marketing', action: 'granted', method: 'box' } as const];
    table.does('form.submitted', dayOf(1), { data: { form: 'jobs', audience: 'recruiting' }, consent });
    expect(table.lead.stage).toBe('iql');
    expect(table.active).toEqual([]);
  });

  it('who ask as customers later are leads like any other', () => {
    const table = new LeadTable();
    table.does('form.submitted', dayOf(0), { data: { form: 'jobs', audience: 'recruiting' } });
    table.asksDemo(dayOf(1));
    expect(table.lead.audience).toBeUndefined();
    expect(table.lead.stage).toBe('sql');
  });

  it('whom a grade D keeps from sales are asked about at marketing, and their stage stays', () => {
    const table = new LeadTable();
    table.asksDemo(dayOf(0), STUDENT);
    expect(table.lead.stage).toBe('iql');
    expect(table.openHandoffs).toMatchObject([{ assignee: 'lan@example.com', handRaise: true }]);
    table.answers('accepted', dayOf(1), 'lan@example.com');
    expect(table.lead.stage).toBe('sql');
  });
});
