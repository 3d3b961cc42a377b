import { describe, expect, it } from 'vitest';
import type { Stage } from '../../functions/definition/scoring.ts';
import type { Lead } from '../../functions/lead/lead.ts';
import { letsMore, maySend, type Sending, type Verdict } from '../../functions/lead/sending.ts';
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
    zone: 'Asia/Ho_Chi_Minh',
    sent: [],
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
      'is not sent where the domain takes no mail',
      { consents: consented, emailStatus: 'undeliverable' },
      { skip: 'the address takes no mail' },
    ],
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
    const verdict = maySend({
      ...facts,
      zone: 'UTC',
      sent: [],
      lead: lead({ consents: consented, stage }),
      emailClass,
    });
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

describe('a choice', () => {
  const until = (pausedUntil: string) => ({ pausedUntil });
  it.each<[string, Lead['preferences'], Lead['preferences'], boolean]>([
    ['that ends a pause lets more', until(dayOf(30)), {}, true],
    ['that shortens a pause lets more', until(dayOf(30)), until(dayOf(20)), true],
    ['that begins a pause does not', undefined, until(dayOf(30)), false],
    ['of more mails a week lets more', { frequency: { perWeek: 1 } }, { frequency: { perWeek: 2 } }, true],
    ['of any number of mails lets more', { frequency: { perWeek: 1 } }, undefined, true],
    ['of fewer mails does not', undefined, { frequency: { perDay: 1 } }, false],
    ['of topics alone does not', { topicsOff: ['news'] }, {}, false],
  ])('%s', (_, before, after, expected) => {
    expect(letsMore(before, after)).toBe(expected);
  });
});

describe('the time of a marketing mail', () => {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
  const office = {
    window: { days: [...days], from: '08:00', to: '18:00' },
    zone: 'lead',
    cap: { perDay: 1, perWeek: 2 },
  };
  const sunset = { slowAfter: 3, stopAfter: 5 };
  // In Vietnam: Wednesday 3 March 2027, 09:00, and so on.
  const WED = '2027-03-03T02:00:00.000Z';
  const time = (now: string, more: Partial<Sending> = {}, who: Partial<Lead> = {}) =>
    maySend({
      lead: lead({ consents: consented, fields: { country: 'VN' }, ...who }),
      emailClass: 'educational',
      purpose: 'marketing',
      scoring: exampleScoring,
      startedAt: dayOf(1),
      now,
      send: office,
      zone: 'UTC',
      sunset,
      sent: [],
      ...more,
    });
  const promise = { marketing: { ...consented.marketing, frequency: { perWeek: 1 } } } as const;
  const silent = ['2027-02-01T02:00:00.000Z', '2027-02-08T02:00:00.000Z', '2027-02-15T02:00:00.000Z'];

  it.each<[string, Verdict, string, Partial<Sending>?, Partial<Lead>?]>([
    ['has come', { go: true }, WED],
    ['has come without any rules', { go: true }, '2027-03-06T02:00:00.000Z', { send: undefined, sunset: undefined }],
    [
      'comes with the window',
      { later: '2027-03-08T01:00:00.000Z', why: 'outside the send window' },
      '2027-03-06T02:00:00.000Z',
    ],
    [
      'comes when the week has room',
      { later: '2027-03-10T02:00:00.000Z', why: 'at most 1 a day and 2 in 7 days' },
      '2027-03-08T03:01:30.000Z',
      { sent: [WED, '2027-03-04T03:01:30.000Z'] },
    ],
    [
      'comes with the next day’s window where the day is full',
      { later: '2027-03-04T01:00:00.000Z', why: 'at most 1 a day and 2 in 7 days' },
      '2027-03-03T04:00:00.000Z',
      { sent: [WED] },
    ],
    [
      'comes after the weekend where Friday is full',
      { later: '2027-03-08T01:00:00.000Z', why: 'at most 1 a day and 2 in 7 days' },
      '2027-03-05T04:00:00.000Z',
      { sent: ['2027-03-05T02:00:00.000Z'] },
    ],
    [
      'keeps what the consent promised',
      { later: '2027-03-10T02:00:00.000Z', why: 'at most 1 a day and 1 in 7 days' },
      '2027-03-08T03:00:00.000Z',
      { sent: [WED] },
      { consents: promise },
    ],
    [
      'keeps what the person chose, in a workflow without a cap',
      { later: '2027-03-10T02:00:00.000Z', why: 'at most 1 in 7 days' },
      '2027-03-08T03:00:00.000Z',
      { send: undefined, sent: [WED] },
      { preferences: { frequency: { perWeek: 1 } } },
    ],
    [
      'comes after a pause, with the window',
      { later: '2027-04-05T01:00:00.000Z', why: 'the person paused mail' },
      WED,
      {},
      { preferences: { pausedUntil: '2027-04-02T12:00:00.000Z' } },
    ],
    ['has come after a pause', { go: true }, WED, {}, { preferences: { pausedUntil: '2027-03-01T00:00:00.000Z' } }],
    [
      'comes two weeks after the last of many mails in silence',
      { later: '2027-03-01T02:00:00.000Z', why: 'no sign of life: mail has slowed down' },
      '2027-02-22T02:00:00.000Z',
      { sent: silent },
    ],
    [
      'has come after an act',
      { go: true },
      '2027-02-22T02:00:00.000Z',
      { sent: silent },
      { actedAt: '2027-02-20T00:00:00.000Z' },
    ],
    [
      'never comes after too many in silence',
      { end: 'no sign of life in 5 mails' },
      WED,
      { sent: [...silent, '2027-01-01T02:00:00.000Z', '2027-01-20T02:00:00.000Z'] },
    ],
    [
      'is nothing to a topic that the person does not want',
      { skip: 'the person wants no mail on webinars' },
      WED,
      { topic: 'webinars' },
      { preferences: { topicsOff: ['news', 'webinars'] } },
    ],
    [
      'has come for a topic that it wants',
      { go: true },
      WED,
      { topic: 'tips' },
      { preferences: { topicsOff: ['news'] } },
    ],
  ])('%s', (_, expected, now, more, who) => {
    expect(time(now, more, who)).toEqual(expected);
  });

  it('is no matter of a transactional mail', () => {
    const paused = { preferences: { pausedUntil: '2027-04-02T12:00:00.000Z', topicsOff: ['x'] } };
    const verdict = time(
      '2027-03-06T02:00:00.000Z',
      { purpose: 'transactional', topic: 'x', sent: [WED, WED] },
      paused,
    );
    expect(verdict).toEqual({ go: true });
  });
});
