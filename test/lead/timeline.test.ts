import { describe, expect, it } from 'vitest';
import { CONVERSIONS } from '../../functions/definition/form.ts';
import { type LeadEvent, NOTED_EVENTS } from '../../functions/lead/event.ts';
import type { Enrolment, Handoff, Send } from '../../functions/lead/lead.ts';
import { type History, timelineOf } from '../../functions/lead/timeline.ts';

const AT = '2027-03-01T02:00:00.000Z';
const LATER = '2027-03-02T02:00:00.000Z';

const event = (over: Partial<LeadEvent>): LeadEvent => ({
  id: 'evt_1',
  leadId: 'lead_1',
  key: 'k',
  type: 'page.viewed',
  at: AT,
  recordedAt: AT,
  actor: 'human',
  data: {},
  definition: 'd',
  changes: [],
  ...over,
});
const history = (over: Partial<History>): History => ({
  events: [],
  sends: [],
  enrolments: [],
  handoffs: [],
  pending: [],
  ...over,
});
const textsOf = (over: Partial<History>): string[] => timelineOf(history(over)).map(({ text }) => text);

describe('an event', () => {
  it.each([...NOTED_EVENTS, ...Object.values(CONVERSIONS)])('%s is told in words', (type) => {
    const [text = ''] = textsOf({ events: [event({ type })] });
    expect(text).not.toContain(type);
    expect(text.toLowerCase()).not.toBe(type.replace('.', ' '));
  });

  it('that outlived an erased person says that it is a no', () => {
    const texts = textsOf({ events: [event({ type: 'consent.withdrawn', actor: 'clock' })] });
    expect(texts).toEqual([expect.stringContaining('Said no to mail')]);
  });

  it.each([
    [{ type: 'form.submitted', data: { form: 'guide' } }, 'Sent the form guide'],
    [{ type: 'page.viewed', data: {} }, 'Viewed'],
    [
      { type: 'email.clicked', data: { email: 'tips', link: 'https://x.example/a' } },
      'Clicked in the mail tips: https://x.example/a',
    ],
    [{ type: 'email.clicked', data: { email: 'tips' } }, 'Clicked in the mail tips'],
    [
      { type: 'email.opened', data: { email: 'tips' }, actor: 'proxy' },
      'Opened the mail tips (a mail proxy: does not count)',
    ],
    [
      { type: 'email.bounced', data: { email: 'tips', bounce: 'hard', reason: 'General' } },
      'The mail tips will never arrive: the address takes no mail (General)',
    ],
    [{ type: 'webinar.attended', data: { minutes: 30 } }, 'Webinar attended: minutes 30'],
    [{ type: 'order.paid-late', data: {} }, 'Order paid late'],
    [{ type: 'demo.requested', data: { form: 'demo-request', conversion: 'demo' } }, 'Asked for a demo'],
    [{ type: 'trial.started', data: { plan: 'pro' } }, 'Started a trial: plan pro'],
    [
      { type: 'lead.corrected', actor: 'hand', fields: { jobTitle: 'CFO', country: 'VN' }, clears: ['phone'] },
      'Corrected by hand: job title, country; taken away: phone',
    ],
    [
      { type: 'lead.corrected', actor: 'hand', clears: ['phone'], by: { who: 'an@example.com', why: 'wrong number' } },
      'Corrected by hand: taken away: phone (an@example.com: wrong number)',
    ],
    [
      { type: 'handoff.accepted', actor: 'sales', answered: { by: 'an@example.com', note: 'on Monday' } },
      'Sales accepted (an@example.com: on Monday)',
    ],
    [{ type: 'handoff.won', actor: 'sales', answered: { by: 'binh@example.com' } }, 'Won (binh@example.com)'],
    [{ type: 'lead.imported', data: { list: 'fair-2026' } }, 'Came with an imported list: fair-2026'],
    [{ type: 'lead.imported', data: {} }, 'Came with an imported list'],
    [
      { type: 'handoff.rejected', data: { reason: 'not-ready' }, superseded: true },
      'Sales said no: not-ready (corrected since)',
    ],
  ] satisfies [Partial<LeadEvent>, string][])('%j reads “%s”', (over, expected) => {
    expect(textsOf({ events: [event(over)] })).toEqual([expected]);
  });

  it('is followed by the stage that it led to, at the time when it was judged', () => {
    const changes = [{ what: 'stage', name: 'mql', from: 'iql', to: 'mql', why: 'engagement 33' }] as const;
    const items = timelineOf(history({ events: [event({ recordedAt: LATER, changes: [...changes] })] }));
    expect(items).toMatchObject([
      { at: AT, kind: 'event' },
      { at: LATER, kind: 'stage', from: 'iql', to: 'mql', text: 'From iql to mql: engagement 33' },
    ]);
  });
});

const send: Send = {
  id: 'snd_1',
  leadId: 'lead_1',
  status: 'sent',
  email: 'tips',
  language: 'en',
  definition: 'd',
  attempt: 'a',
  leaseUntil: AT,
  at: AT,
};

describe('a send', () => {
  it.each([
    [{ subject: 'Hello', deliveredAt: LATER }, 'The mail tips “Hello” was sent and has arrived'],
    [{ status: 'held', why: 'no sending slot' }, 'The mail tips is held: no sending slot'],
    [{ status: 'skipped', why: 'not for the stage sql' }, 'The mail tips was skipped: not for the stage sql'],
    [{ status: 'unknown', why: 'x' }, 'The mail tips may have been sent: nobody knows, and it is not sent again'],
    [{ purpose: 'handoff' }, 'The mail tips to sales was sent'],
    [{ purpose: 'handoff', email: 'webhook-crm' }, 'Told the webhook crm'],
  ] satisfies [Partial<Send>, string][])('%j reads “%s”', (over, expected) => {
    expect(textsOf({ sends: [{ ...send, ...over }] })).toEqual([expected]);
  });
});

const enrolment: Enrolment = {
  id: 'enr_1',
  leadId: 'lead_1',
  workflow: 'welcome',
  definition: 'd',
  run: 1,
  status: 'ended',
  startedAt: AT,
  endedAt: LATER,
  reason: 'goal',
  step: null,
  dueAt: AT,
  cause: 'evt_1',
};
const handoff: Handoff = {
  id: 'hnd_1',
  leadId: 'lead_1',
  status: 'rejected',
  reason: 'asked for a demo',
  handRaise: true,
  definition: 'd',
  openedAt: AT,
  assignee: 'an@example.com',
  answer: { answer: 'not-ready', at: LATER, by: 'an@example.com', note: 'in May', eventId: 'evt_2' },
  version: 2,
};

describe('the timeline', () => {
  it('tells when a workflow began and ended, and when sales was asked and answered', () => {
    expect(textsOf({ enrolments: [enrolment], handoffs: [handoff] })).toEqual([
      'Entered the workflow welcome',
      'Handed to sales (an@example.com): asked for a demo',
      'Left the workflow welcome: goal',
      'an@example.com answered: not-ready (in May)',
    ]);
  });

  it('tells an answer of sales once, by its event, where that is there', () => {
    const data = { handoff: 'hnd_1', answer: 'not-ready', reason: 'not-ready' };
    const answered = { by: 'an@example.com', note: 'in May' };
    const told = event({ id: 'evt_2', type: 'handoff.rejected', at: LATER, actor: 'sales', data, answered });
    expect(textsOf({ events: [told], handoffs: [handoff] })).toEqual([
      'Handed to sales (an@example.com): asked for a demo',
      'Sales said no: not-ready (an@example.com: in May)',
    ]);
  });

  it('tells where a workflow waits without a machine, and why', () => {
    const { endedAt: _, reason: __, ...rest } = enrolment;
    const held: Enrolment = { ...rest, status: 'held', step: 'tips', putOff: { since: LATER, why: 'no consent yet' } };
    expect(textsOf({ enrolments: [held] })).toEqual([
      'Entered the workflow welcome',
      'The step tips of the workflow welcome waits: no consent yet',
    ]);
  });

  it('shows what is stored and not judged yet', () => {
    const pending = [{ at: AT, why: 'contended', happenings: [{ type: 'page.viewed', at: AT, data: {} }] }];
    expect(textsOf({ pending })).toEqual(['Stored and not judged yet: page.viewed (contended)']);
  });
});
