import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LeadEvent } from '../../functions/lead/event.ts';
import type { Send } from '../../functions/lead/lead.ts';
import { softBouncesInARow } from '../../functions/lead/soft-bounces.ts';
import { exampleRules } from './example-rules.ts';
import { dayOf } from './histories.ts';
import { LeadTable } from './lead-table.ts';

const send = (id: string, deliveredDay?: number): Send => ({
  id,
  leadId: 'lead_1',
  status: 'sent',
  email: 'tips',
  language: 'en',
  definition: 'd1',
  attempt: 'a',
  leaseUntil: dayOf(0),
  at: dayOf(0),
  purpose: 'marketing',
  ...(deliveredDay !== undefined && { deliveredAt: dayOf(deliveredDay) }),
});

const event = (type: string, day: number, data: LeadEvent['data'], over: Partial<LeadEvent> = {}): LeadEvent => ({
  key: `${type}:${day}`,
  type,
  at: dayOf(day),
  actor: 'machine',
  data,
  id: `evt_${type}_${day}`,
  leadId: 'lead_1',
  recordedAt: dayOf(day),
  definition: 'd1',
  changes: [],
  ...over,
});
const soft = (day: number, id = `s${day}`) =>
  event('email.bounced', day, { bounce: 'soft', reason: 'MailboxFull', send: id });

describe('soft bounces in a row', () => {
  it.each<[string, LeadEvent[], Send[], number]>([
    ['none of nothing', [], [], 0],
    ['each mail once', [soft(1), soft(2), soft(3)], [send('s1'), send('s2'), send('s3')], 3],
    ['one mail that is told twice once', [soft(1, 's1'), { ...soft(2, 's1'), key: 'again' }], [send('s1')], 1],
    ['none before a delivery', [soft(1), soft(2)], [send('s1'), send('s2'), send('s3', 3)], 0],
    ['those after a delivery', [soft(1), soft(2), soft(4)], [send('s3', 3)], 1],
    [
      'also those of mails that the server had taken first',
      [soft(1), soft(2), soft(3)],
      [send('s1', 1), send('s2', 2)],
      3,
    ],
    ['whatever order they are told in', [soft(4), soft(1), soft(2)], [send('s3', 3)], 1],
    ['no hard bounce', [event('email.bounced', 1, { bounce: 'hard', send: 's1' })], [], 0],
    [
      'none of a mail that was refused for what it holds',
      [event('email.bounced', 1, { bounce: 'blocked', send: 's1' })],
      [],
      0,
    ],
    ['none of an automatic reply', [event('email.auto-replied', 1, { bounce: 'auto-reply', send: 's1' })], [], 0],
    [
      'a mail that was refused as no delivery',
      [soft(1), event('email.bounced', 2, { bounce: 'blocked', send: 's2' })],
      [send('s2', 2)],
      1,
    ],
    ['a mail to sales as no delivery', [soft(1)], [{ ...send('h1', 2), purpose: 'handoff' }], 1],
    [
      'none before a person’s click, though its delivery was never told',
      [soft(1), event('email.clicked', 2, {}, { actor: 'human' })],
      [],
      0,
    ],
    ['a scanner’s click as nothing', [soft(1), event('email.clicked', 2, {})], [], 1],
    ['none that was taken back', [{ ...soft(1), superseded: true }], [], 0],
  ])('count %s', (_, events, sends, expected) => {
    expect(softBouncesInARow(events, sends)).toBe(expected);
  });

  it('are those since the last arrival, for any history', () => {
    const outcomes = fc.array(fc.constantFrom('soft', 'arrived', 'both', 'blocked'), { maxLength: 30 });
    fc.assert(
      fc.property(outcomes, (history) => {
        const events = history.flatMap((outcome, day) =>
          outcome === 'soft' || outcome === 'both'
            ? [soft(day)]
            : outcome === 'blocked'
              ? [event('email.bounced', day, { bounce: 'blocked', send: `s${day}` })]
              : [],
        );
        const sends = history.map((outcome, day) => send(`s${day}`, outcome === 'soft' ? undefined : day));
        const last = history.lastIndexOf('arrived');
        const after = history.slice(last + 1).filter((outcome) => outcome === 'soft' || outcome === 'both');
        expect(softBouncesInARow(events, sends)).toBe(after.length);
      }),
    );
  });
});

/** A lead in a workflow, whose mails bounce softly day by day. */
const bounces = (table: LeadTable, days: number[]) => {
  for (const day of days) {
    table.sends.push(send(`s${day}`));
    table.does('email.bounced', dayOf(day), {
      actor: 'machine',
      data: { bounce: 'soft', reason: 'MailboxFull', send: `s${day}` },
    });
  }
};

describe('a lead', () => {
  it('is suppressed at the number in the settings, and its enrolments end with the reason', () => {
    const table = new LeadTable();
    table.asksGuide(dayOf(0));
    bounces(table, [1, 2, 3, 4]);
    expect(table.lead).toMatchObject({ softBounces: 4, emailStatus: 'unknown' });
    expect(table.lead.suppressed).toBeUndefined();
    bounces(table, [5]);
    expect(table.lead).toMatchObject({
      softBounces: 5,
      emailStatus: 'undeliverable',
      suppressed: { reason: 'bounced', why: '5 soft bounces in a row' },
      stopped: { reason: 'bounced' },
    });
    expect([...table.enrolments.values()].map(({ status, reason }) => [status, reason])).toContainEqual([
      'ended',
      'bounced',
    ]);
    expect(table.log.at(-1)?.changes).toContainEqual({
      what: 'suppressed',
      name: 'bounced',
      why: '5 soft bounces in a row',
    });
  });

  it('starts again with a delivery', () => {
    const table = new LeadTable();
    table.asksGuide(dayOf(0));
    bounces(table, [1, 2, 3, 4]);
    table.sends.push(send('arrived', 5));
    bounces(table, [6]);
    expect(table.lead).toMatchObject({ softBounces: 1 });
    expect(table.lead.suppressed).toBeUndefined();
  });

  it('is suppressed by the first one where the settings say 1', () => {
    const table = new LeadTable({ ...exampleRules, settings: { ...exampleRules.settings, softBounces: 1 } });
    table.asksGuide(dayOf(0));
    bounces(table, [1]);
    expect(table.lead.suppressed).toMatchObject({ reason: 'bounced' });
  });
});
