import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, decideActs } from '../../functions/lead/decide.ts';
import type { Actor, Happening } from '../../functions/lead/event.ts';
import { foldAll } from '../../functions/lead/fold.ts';
import { exampleRules } from './example-rules.ts';
import { exampleScoring, HOUR } from './example-scoring.ts';
import { dayOf, instant, START, ZONE } from './histories.ts';
import { DIRECTOR, LeadTable, STUDENT } from './lead-table.ts';

const foldOf = (table: LeadTable) => foldAll(table.log, () => exampleScoring, ZONE).folded;
const foldedPart = ({ lead }: LeadTable) => {
  const { fields, source, consents, conversions, values, actedAt, doubted, last } = lead;
  return {
    fields,
    source,
    consents,
    conversions,
    values,
    last,
    ...(actedAt !== undefined && { actedAt }),
    ...(doubted !== undefined && { doubted }),
  };
};

describe('deciding', () => {
  it('asks the form’s mail to go out on every accepted post, whatever consent and stage say', () => {
    const table = new LeadTable();
    table.consents(dayOf(0), 'withdrawn');
    table.asksGuide(dayOf(1));
    const [event] = table.log.slice(-2);
    const asked = {
      type: 'deliver.requested',
      leadId: table.lead.id,
      eventId: event?.id,
      form: 'cash-flow-guide',
      definition: 'd1',
    };
    expect(table.messages).toContainEqual(asked);
    table.asksGuide(dayOf(2));
    expect(table.messages.map(({ type }) => type)).toContain('deliver.requested');
  });

  it('asks it for no suppressed address', () => {
    const table = new LeadTable();
    table.does('email.complained', dayOf(0), { actor: 'machine' });
    table.asksGuide(dayOf(1));
    expect(table.messages.map(({ type }) => type)).not.toContain('deliver.requested');
    expect(table.lead).toMatchObject({ suppressed: { reason: 'complained' }, emailStatus: 'unknown' });
  });

  it.each([
    ['email.clicked', 'human', {}, 'verified'],
    ['email.clicked', 'machine', {}, 'unknown'],
    ['email.bounced', 'machine', { bounce: 'hard' }, 'undeliverable'],
    ['email.bounced', 'machine', { bounce: 'soft' }, 'unknown'],
    ['email.delivered', 'machine', {}, 'unknown'],
  ] as const)('after %s by a %s (%j) takes the address for %s', (type, actor, data, status) => {
    const table = new LeadTable();
    table.does(type, dayOf(0), { actor, data });
    expect(table.lead.emailStatus).toBe(status);
  });

  it('counts an act of two happenings as one conversion and one version', () => {
    const table = new LeadTable();
    const decision = table.asksGuide(dayOf(0));
    expect(decision?.events).toHaveLength(2);
    expect(table.lead).toMatchObject({
      version: 1,
      conversions: 1,
      publication: 1,
      definition: 'd1',
      updatedAt: dayOf(0),
    });
  });

  it('leaves out what the log already holds', () => {
    const table = new LeadTable();
    table.does('page.viewed', dayOf(0), { key: 'once' });
    const again = table.happening('page.viewed', dayOf(0), { key: 'once' });
    const decided = decide(table.lead, [again], { ...table.context(dayOf(0)), log: table.log });
    expect(decided).toMatchObject({ decision: { events: [], lead: { version: table.lead.version } } });
  });

  it('folds a late event in its place, and judges it now', () => {
    const [inOrder, late] = [new LeadTable(), new LeadTable()];
    const webinar = { key: 'w', data: { minutes: 30 } };
    inOrder.does('webinar.attended', dayOf(0), webinar);
    inOrder.does('page.viewed', dayOf(5), { key: 'p' });
    late.does('page.viewed', dayOf(5), { key: 'p' });
    late.act([late.happening('webinar.attended', dayOf(0), webinar)], dayOf(6));
    expect(late.lead.values).toEqual(inOrder.lead.values);
    expect(late.lead.last?.at).toBe(dayOf(5));
  });

  it('asks for the log where an event is late, but not for what folds to nothing', () => {
    const table = new LeadTable();
    table.does('page.viewed', dayOf(5));
    const late = (type: string, actor: Actor) =>
      decide(table.lead, [table.happening(type, dayOf(1), { actor })], table.context(dayOf(6)));
    expect(late('page.viewed', 'human')).toEqual({ need: { log: true } });
    expect(late('email.delivered', 'machine')).toMatchObject({ decision: { events: [{ type: 'email.delivered' }] } });
  });

  it('folds events of one instant in any order to the same, without the log, as long as they only gain', () => {
    const keys = Array.from({ length: 12 }, (_, nth) => `k${nth}`);
    const [forwards, backwards] = [new LeadTable(), new LeadTable()];
    for (const key of keys) forwards.does('page.viewed', dayOf(5), { key, data: { category: 'pricing' } });
    for (const key of keys.toReversed())
      backwards.does('page.viewed', dayOf(5), { key, data: { category: 'pricing' } });
    expect(backwards.lead.values).toEqual(forwards.lead.values);
    expect(backwards.lead.last).toEqual(forwards.lead.last);
  });

  it('does not gain again behind a marker that is known to exist', () => {
    const table = new LeadTable();
    table.markers.add('email-click#three-leaks');
    const decision = table.does('email.clicked', dayOf(0), { data: { email: 'three-leaks' } });
    expect(decision?.markers).toEqual([]);
    expect(table.lead.values).toEqual({});
  });

  it('leaves no marker twice, also where the log is folded anew', () => {
    const table = new LeadTable();
    table.does('page.viewed', dayOf(5));
    table.markers.add('email-click#three-leaks');
    const late = table.happening('email.clicked', dayOf(1), { data: { email: 'three-leaks' } });
    expect(table.act([late], dayOf(6))?.markers).toEqual([]);
  });
});

describe('several acts in one commit', () => {
  const acts = (table: LeadTable): Happening[][] => [
    [
      table.happening('consent.granted', dayOf(0), {
        key: 'c',
        consent: [{ purpose: 'marketing', action: 'granted', method: 'box' }],
      }),
    ],
    [
      table.happening('form.submitted', dayOf(0), {
        key: 'f',
        fields: DIRECTOR,
        data: { form: 'cash-flow-guide', conversion: 'download', depth: 'deep', asset: 'a' },
      }),
    ],
    [table.happening('webinar.attended', dayOf(1), { key: 'w', data: { minutes: 30 } })],
    [table.happening('webinar.attended', dayOf(1), { key: 'w', data: { minutes: 30 } })],
    [table.happening('demo.requested', dayOf(2), { key: 'd' })],
  ];

  it('come to what one after the other comes to', () => {
    const [one, together] = [new LeadTable(), new LeadTable()];
    for (const act of acts(one)) one.act(act, dayOf(2));
    const decided = decideActs(together.lead, acts(together), together.context(dayOf(2)));
    if (!('decision' in decided)) throw new Error('not decided');
    const { lead, events, handoff, enrolments, markers } = decided.decision;
    expect({ ...lead, version: one.lead.version }).toEqual(one.lead);
    expect(lead.version).toBe(1);
    expect(events).toEqual(one.log);
    expect(new Set(markers)).toEqual(one.markers);
    expect(handoff).toMatchObject({ open: { handRaise: true, reason: 'demo requested', version: 2 } });
    expect(handoff.change).toBeUndefined();
    expect(enrolments).toMatchObject({ start: [{ status: 'ended', reason: 'goal' }], end: [] });
  });

  it('that change nothing leave nothing to commit', () => {
    const table = new LeadTable();
    expect(decideActs(table.lead, [], table.context(dayOf(0)))).toMatchObject({
      decision: { lead: { version: 0 }, events: [] },
    });
  });
});

const actor = fc.constantFrom<Actor[]>('human', 'human', 'human', 'machine', 'suspect');
const data = fc.record({
  form: fc.constantFrom('cash-flow-guide', 'demo-request'),
  conversion: fc.constant('download'),
  depth: fc.constant('deep'),
  asset: fc.constantFrom('a', 'b'),
  email: fc.constantFrom('three-leaks', 'other'),
  minutes: fc.integer({ min: 0, max: 60 }),
  category: fc.constantFrom('pricing', 'careers', 'blog'),
  bounce: fc.constantFrom('soft', 'soft', 'soft', 'hard'),
});
const type = fc.constantFrom(
  ...['page.viewed', 'form.submitted', 'webinar.attended', 'email.clicked', 'demo.requested', 'email.bounced'],
  ...['email.delivered', 'consent.changed', 'webinar.attended', 'webinar.attended'],
);
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('act' as const),
      type,
      actor,
      data,
      back: fc.constantFrom(0, 0, 0, 0, 30),
      fields: fc.option(fc.constantFrom(DIRECTOR, STUDENT, { country: 'TH' }), { nil: undefined }),
      consent: fc.option(fc.constantFrom('granted', 'confirmed', 'withdrawn'), { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('strike' as const), waits: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      answer: fc.constantFrom(...Object.keys(exampleRules.handoff.outcomes)),
      by: fc.constantFrom('an@example.com', 'binh@example.com'),
    }),
  },
);
const hours = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 72 }));
/** Every second story begins with a lead that is ready: else few would go far. */
const story = fc.record({ ready: fc.boolean(), steps: fc.array(fc.tuple(hours, step), { maxLength: 30 }) });
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const play = (table: LeadTable, each: Step, now: string): void => {
  if (each.kind === 'strike') table.strikes(now);
  else if (each.kind === 'answer')
    table.answers(each.answer, now, each.by, [...table.handoffs.keys()].at(-1) ?? 'hnd_none');
  else {
    const { back, fields, consent, kind: _, ...event } = each;
    const acts = consent ? [{ purpose: 'marketing', action: consent, method: 'box' as const }] : undefined;
    const at = instant(Date.parse(now) - back * HOUR);
    table.act(
      [table.happening(event.type, at, { ...event, ...(fields && { fields }), ...(acts && { consent: acts }) })],
      now,
    );
  }
};

const makeReady = (table: LeadTable): void => {
  table.consents(dayOf(0));
  table.asksGuide(dayOf(0), DIRECTOR);
  table.does('webinar.attended', dayOf(0), { data: { minutes: 30 } });
};

type Check = (table: LeadTable, before: LeadTable['lead'], step: Step, now: string) => void;

/** Plays a random story and calls `check` after each act with the lead as it was before. */
const tell = ({ ready, steps }: Story, check: Check): void => {
  const table = new LeadTable();
  if (ready) makeReady(table);
  let now = START;
  for (const [passed, each] of steps) {
    now += passed * HOUR;
    if (each.kind === 'strike' && each.waits) now = Math.max(now, Date.parse(table.lead.dueAt ?? instant(now)));
    const before = table.lead;
    table.messages = [];
    play(table, each, instant(now));
    check(table, before, each, instant(now));
  }
};

describe('over random stories', () => {
  it('much happens', () => {
    const seen = new Set<string>();
    const property = fc.property(story, (drawn) => {
      tell(drawn, (table, before, each) => {
        if (table.lead.stage !== before.stage) seen.add(`${each.kind}: ${before.stage} → ${table.lead.stage}`);
        for (const message of table.messages) seen.add(message.type);
        if (table.log.some(({ superseded }) => superseded)) seen.add('corrected');
      });
    });
    fc.assert(property, { numRuns: 400, seed: 1 });
    const wanted = ['act: iql → mql', 'act: mql → sql', 'strike: mql → iql', 'answer: mql → recycled', 'corrected'];
    expect([...seen]).toEqual(expect.arrayContaining([...wanted, 'handoff.changed', 'enrolment.started']));
  });

  it('there are never two open handoffs, and the lead knows the open one', () => {
    const property = fc.property(story, (drawn) => {
      tell(drawn, (table) => {
        expect(table.openHandoffs.length).toBeLessThanOrEqual(1);
        expect(table.openHandoffs.map(({ id }) => id)).toEqual(
          table.lead.handoff?.status === 'pending' ? [table.lead.handoff.id] : [],
        );
      });
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('an act moves a lead at most once, and the move is told once', () => {
    const property = fc.property(story, (drawn) => {
      tell(drawn, (table, before) => {
        const moves = table.messages.filter(({ type: told }) => told === 'lead.stage-changed');
        expect(moves).toHaveLength(table.lead.stage === before.stage ? 0 : 1);
        expect(moves[0] ?? { from: before.stage, to: table.lead.stage }).toMatchObject({
          from: before.stage,
          to: table.lead.stage,
        });
      });
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('nothing enters a stage, opens a handoff or enrols by the clock', () => {
    const order = ['lead', 'iql', 'mql', 'sql', 'customer'];
    const property = fc.property(story, (drawn) => {
      tell(drawn, (table, before, each) => {
        if (each.kind !== 'strike') return;
        expect(table.messages.every(({ type: told }) => told === 'lead.stage-changed')).toBe(true);
        if (table.lead.stage === before.stage) return;
        expect(before.stage).toBe('mql');
        expect(order.indexOf(table.lead.stage)).toBeLessThan(order.indexOf(before.stage));
      });
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('the state is the fold of the log, and what happened twice happened once', () => {
    const property = fc.property(story, (drawn) => {
      let last: { table: LeadTable; now: string } | undefined;
      tell(drawn, (table, _, __, now) => {
        last = { table, now };
      });
      if (!last || last.table.log.length === 0) return;
      const { table, now } = last;
      const { language: _, pql: __, ...folded } = foldOf(table);
      // The clock's own events fold to nothing and stand in no order.
      expect({ ...foldedPart(table), last: undefined }).toEqual({ ...folded, last: undefined });
      const again = decide(table.lead, table.log, { ...table.context(now), log: table.log });
      expect(again).toMatchObject({ decision: { events: [], lead: { version: table.lead.version } } });
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('dueAt stands where the clock may end the stage, and nowhere else; when it comes, the stage ends or is looked at later', () => {
    const property = fc.property(story, (drawn) => {
      tell(drawn, (table, _, __, now) => {
        const { stage, dueAt } = table.lead;
        expect(dueAt !== undefined).toBe(stage === 'mql' && table.lead.version > 0);
        if (dueAt === undefined) return;
        const decided = table.decide(
          [{ key: 'clock', type: 'clock.struck', at: dueAt, actor: 'clock', data: {} }],
          dueAt,
        );
        if (decided.lead.stage === stage) expect((decided.lead.dueAt ?? '') > dueAt).toBe(true);
        expect(dueAt >= now || decided.lead.stage !== stage).toBe(true);
      });
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('who may not be mailed has no active enrolment', () => {
    const property = fc.property(story, (drawn) => {
      tell(drawn, (table) => {
        const { suppressed, stopped, consents } = table.lead;
        if (suppressed || (stopped && consents.marketing?.state !== 'pending')) expect(table.active).toEqual([]);
        const marks = Object.values(table.lead.enrolments).filter(({ endedAt }) => !endedAt);
        expect(marks.map(({ id }) => id).sort()).toEqual(
          [...table.enrolments.values()]
            .filter(({ status }) => status !== 'ended')
            .map(({ id }) => id)
            .sort(),
        );
      });
    });
    fc.assert(property, { numRuns: 200 });
  });
});
