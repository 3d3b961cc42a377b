import { describe, expect, it } from 'vitest';
import type { Actor } from '../../functions/lead/event.ts';
import { exampleRules } from './example-rules.ts';
import { dayOf } from './histories.ts';
import { DIRECTOR, LeadTable, STUDENT } from './lead-table.ts';

describe('a hand-raise', () => {
  it.each(exampleRules.scoring.handRaise.on)('%s goes to sales at once, without points or consent', (type) => {
    const table = new LeadTable();
    table.does(type, dayOf(0));
    expect(table.lead.stage).toBe('sql');
    expect(table.openHandoffs).toMatchObject([{ handRaise: true, reason: type.replaceAll('.', ' ') }]);
    const [event] = table.log;
    const told = { type: 'lead.hand-raised', leadId: table.lead.id, eventId: event?.id, by: type };
    expect(table.messages).toContainEqual(told);
  });

  it.each<Actor>(['machine', 'proxy', 'suspect', 'sales', 'clock'])('is no act of a %s', (actor) => {
    const table = new LeadTable();
    table.does('demo.requested', dayOf(0), { actor });
    expect(table.lead.stage).toBe('lead');
    expect(table.handoffs.size).toBe(0);
  });

  it('holds for the act that raised it alone', () => {
    const table = new LeadTable();
    table.does('demo.requested', dayOf(0));
    table.answers('not-ready', dayOf(1));
    table.does('page.viewed', dayOf(2));
    expect(table.lead.stage).toBe('recycled');
    expect(table.openHandoffs).toEqual([]);
  });

  it.each([
    ['the grade is D', STUDENT, 'lan@example.com'],
    ['the grade is unknown', { country: 'US' }, undefined],
    ['the grade is A', DIRECTOR, undefined],
  ])('where %s goes to the right desk', (_, fields, assignee) => {
    const table = new LeadTable();
    const decision = table.asksDemo(dayOf(0), fields);
    expect(decision?.handoff.open?.assignee).toBe(assignee);
    expect(table.lead.stage).toBe(assignee === undefined ? 'sql' : 'iql');
  });

  it.each(['recruiting', 'partner'])('of people who came as %s is none', (audience) => {
    const table = new LeadTable();
    table.does('form.submitted', dayOf(0), { data: { form: 'jobs', audience } });
    table.does('demo.requested', dayOf(1));
    expect(table.handoffs.size).toBe(0);
  });
});
