import { describe, expect, it } from 'vitest';
import { engagementAt } from '../../functions/lead/engagement.ts';
import { exampleScoring } from './example-scoring.ts';
import { dayOf } from './histories.ts';
import { DIRECTOR, LeadTable } from './lead-table.ts';

/** Day 0 of the table in the examples: the guide (consent pending), four page views, one pricing view. */
const dayNought = (): LeadTable => {
  const table = new LeadTable();
  const pending = [{ purpose: 'marketing', action: 'granted', method: 'box', doubleOptIn: true } as const];
  table.asksGuide(dayOf(0), DIRECTOR, { consent: pending });
  for (let view = 0; view < 4; view++) table.does('page.viewed', dayOf(0));
  table.does('page.viewed', dayOf(0), { data: { category: 'pricing' } });
  return table;
};

const shown = (table: LeadTable, day: number): number =>
  engagementAt(exampleScoring, table.lead.values, dayOf(day)).value;

const laterDays = (table: LeadTable): void => {
  table.does('email.clicked', dayOf(3), { data: { email: 'three-leaks' } });
  table.does('page.viewed', dayOf(8), { data: { category: 'pricing' } });
  table.does('page.viewed', dayOf(8), { data: { category: 'pricing' } });
  table.does('webinar.attended', dayOf(10), { data: { minutes: 45 } });
  table.does('page.viewed', dayOf(15), { data: { category: 'careers' } });
};

describe('the worked case of the examples', () => {
  it('remembers the threshold that is crossed on day 0 behind the closed gate', () => {
    const table = dayNought();
    expect(shown(table, 0)).toBe(33);
    expect(table.lead.stage).toBe('iql');
    expect(table.lead.crossed).toEqual({ stage: 'mql', at: dayOf(0), closed: ['consented'] });
    expect(table.handoffs.size).toBe(0);
  });

  it('makes an mql and hands over at the moment at which consent is confirmed', () => {
    const table = dayNought();
    table.consents(dayOf(1), 'confirmed');
    expect(table.lead).toMatchObject({ stage: 'mql', stageBefore: 'iql', stageSince: dayOf(1) });
    expect(table.lead.crossed).toBeUndefined();
    expect(table.messages.map(({ type }) => type)).toContain('lead.stage-changed');
    expect(table.openHandoffs).toHaveLength(1);
  });

  it('ends the mql on day 24, by the clock and back to iql', () => {
    const table = dayNought();
    table.consents(dayOf(1), 'confirmed');
    laterDays(table);
    expect(shown(table, 15)).toBe(26);
    expect(shown(table, 24)).toBe(14);
    const due = table.lead.dueAt ?? '';
    expect(due > dayOf(24) && due < dayOf(25)).toBe(true);
    expect(shown(table, 23)).toBeGreaterThanOrEqual(15);
    table.strikes(due);
    expect(table.lead.stage).toBe('iql');
    expect(table.lead.dueAt).toBeUndefined();
    expect(table.openHandoffs).toHaveLength(1);
  });

  it('does not end it when the handoff was accepted before', () => {
    const table = dayNought();
    table.consents(dayOf(1), 'confirmed');
    table.answers('accepted', dayOf(2));
    laterDays(table);
    expect(table.lead.stage).toBe('sql');
    expect(table.lead.dueAt).toBeUndefined();
    table.strikes(dayOf(30));
    expect(table.lead.stage).toBe('sql');
  });

  it('hands over at once and ends the nurture at the demo request', () => {
    const table = new LeadTable();
    table.asksGuide(dayOf(0), { companySize: '50-249', jobTitle: 'accountant' });
    expect(table.active).toEqual(['guide-to-demo']);
    const decision = table.asksDemo(dayOf(4));
    expect(table.lead.stage).toBe('sql');
    expect(table.active).toEqual([]);
    expect(decision?.enrolments.end).toMatchObject([{ workflow: 'guide-to-demo', reason: 'goal' }]);
    expect(table.openHandoffs).toMatchObject([{ handRaise: true, reason: 'demo requested' }]);
  });
});
