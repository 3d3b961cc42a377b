import { describe, expect, it } from 'vitest';
import type { Stage } from '../../functions/definition/scoring.ts';
import type { Lead } from '../../functions/lead/lead.ts';
import { maySend } from '../../functions/lead/sending.ts';
import { exampleScoring } from './example-scoring.ts';
import { dayOf } from './histories.ts';
import { LeadTable } from './lead-table.ts';

const consented = { marketing: { state: 'granted', at: dayOf(0) } } as const;
const pending = { marketing: { state: 'pending', at: dayOf(0) } } as const;
const withdrawn = { marketing: { state: 'withdrawn', at: dayOf(0) } } as const;
const since = (reason: 'bounced' | 'complained') => ({ reason, at: dayOf(0) });
const unsubscribed = { reason: 'unsubscribed', at: dayOf(0) } as const;

const lead = (more: Partial<Lead>): Lead => ({ ...new LeadTable().lead, stage: 'iql', ...more });
const ask = (more: Partial<Lead>, purpose: 'marketing' | 'transactional' = 'marketing', day = 3) =>
  maySend({
    lead: lead(more),
    emailClass: 'educational',
    purpose,
    scoring: exampleScoring,
    startedAt: dayOf(1),
    now: dayOf(day),
  });

describe('a marketing mail', () => {
  it.each<[string, Partial<Lead>, object]>([
    ['goes to whom consented', { consents: consented }, { go: true }],
    [
      'waits for consent that is pending, 30 days from the start of its enrolment',
      { consents: pending },
      { hold: dayOf(31) },
    ],
    ['waits where nothing was said of consent', {}, { hold: dayOf(31) }],
    [
      'waits for the confirmation of a tick after an unsubscribe',
      { consents: pending, stopped: unsubscribed },
      { hold: dayOf(31) },
    ],
    ['ends where consent is withdrawn', { consents: withdrawn, stopped: unsubscribed }, { end: 'unsubscribed' }],
    [
      'ends after a bounce',
      { consents: consented, suppressed: since('bounced'), stopped: since('bounced') },
      { end: 'bounced' },
    ],
    ['ends after a complaint', { consents: consented, stopped: since('complained') }, { end: 'complained' }],
    ['ends where it is stopped', { stopped: unsubscribed }, { end: 'unsubscribed' }],
    ['ends for an applicant', { consents: consented, audience: 'recruiting' }, { end: 'audience recruiting' }],
  ])('%s', (_, more, verdict) => {
    expect(ask(more)).toEqual(verdict);
  });

  it('ends when 30 days brought no consent', () => {
    expect(ask({ consents: pending }, 'marketing', 31)).toEqual({ end: 'no consent within 30 days' });
  });

  it.each<[string, Stage, boolean]>([
    ['educational', 'iql', true],
    ['educational', 'sql', false],
    ['pricing', 'sql', true],
    ['pricing', 'mql', false],
    ['retention', 'customer', true],
    ['unheard-of', 'iql', false],
  ])('of the class %s goes to the stage %s: %s', (emailClass, stage, goes) => {
    const facts = { purpose: 'marketing', scoring: exampleScoring, startedAt: dayOf(1), now: dayOf(3) } as const;
    const verdict = maySend({ ...facts, lead: lead({ consents: consented, stage }), emailClass });
    expect(verdict).toEqual(goes ? { go: true } : { skip: expect.stringContaining(emailClass) });
  });
});

describe('a transactional mail', () => {
  it.each<[string, Partial<Lead>, object]>([
    ['goes without consent', {}, { go: true }],
    ['goes after an unsubscribe', { consents: withdrawn, stopped: unsubscribed }, { go: true }],
    ['goes at any stage', { stage: 'disqualified' }, { go: true }],
    ['never goes to a suppressed address', { suppressed: since('bounced') }, { end: 'bounced' }],
  ])('%s', (_, more, verdict) => {
    expect(ask(more, 'transactional')).toEqual(verdict);
  });
});
