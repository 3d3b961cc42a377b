/** What sales is told: five boxes, the points, what was read, what to ask, until when, and how to answer. */
import { describe, expect, it } from 'vitest';
import { briefMail } from '../../functions/lead/brief-mail.ts';
import type { LeadEvent } from '../../functions/lead/event.ts';
import { type BriefFacts, dueText, handoffBrief } from '../../functions/lead/handoff-brief.ts';
import type { Handoff, Lead } from '../../functions/lead/lead.ts';
import { exampleRules } from './example-rules.ts';

const lead = {
  id: 'lead_1',
  email: { asTyped: 'h@acme.example', deliverTo: 'h@acme.example', key: 'h@acme.example' },
  fields: {
    name: 'Nguyễn Thị Hương',
    company: 'Acme',
    companySize: '50-249',
    problem: 'payroll',
    phone: '+84901234567',
  },
  source: { first: { channel: 'ads', utm: { campaign: 'spring' } }, last: { channel: 'email' } },
  stage: 'mql',
  consents: {},
  conversions: 1,
  values: {},
} as unknown as Lead;
const handoff = {
  id: 'hnd_1',
  leadId: 'lead_1',
  status: 'pending',
  reason: 'demo requested',
  handRaise: true,
  dueAt: '2027-03-01T02:15:00.000Z',
  assignee: 'an@example.com',
} as unknown as Handoff;
const event = (type: string, at: string, data = {}, over = {}): LeadEvent =>
  ({ id: at, key: at, type, at, actor: 'human', data, ...over }) as unknown as LeadEvent;
const events = [
  event('asset.downloaded', '2027-02-20T00:00:00.000Z', { asset: 'cash-flow-guide' }),
  event('page.viewed', '2027-02-21T00:00:00.000Z', { category: 'pricing' }),
  event('page.viewed', '2027-02-22T00:00:00.000Z', { category: 'pricing' }),
  event('email.clicked', '2027-02-23T00:00:00.000Z', { email: 'three-leaks' }),
  event('email.clicked', '2027-02-24T00:00:00.000Z', { email: 'scanned' }, { actor: 'machine' }),
  event('demo.requested', '2027-03-01T02:00:00.000Z', { form: 'demo-request' }),
];
const facts = (over: Partial<BriefFacts> = {}): BriefFacts => ({
  occasion: 'new',
  lead,
  handoff,
  now: '2027-03-01T02:00:00.000Z',
  rules: exampleRules,
  grade: 'A',
  fit: {
    value: 75,
    contributions: [
      { rule: 'size', points: 40 },
      { rule: 'role', points: 35 },
    ],
  },
  engagement: {
    value: 27,
    contributions: [
      { rule: 'guide', points: 20 },
      { rule: 'careers', points: -3 },
      { rule: 'page', points: 0 },
    ],
  },
  events,
  answers: [
    { answer: 'accepted', url: 'https://x/1?answer=accepted&a=b' },
    { answer: 'not-ready', url: 'https://x/1' },
  ],
  page: 'https://x/1',
  ...over,
});
const box = (brief: ReturnType<typeof handoffBrief>, title: string) =>
  [...brief.boxes, ...brief.score].find((one) => one.title.startsWith(title))?.lines;

describe('a brief', () => {
  it('has the five boxes in their order', () => {
    const brief = handoffBrief(facts());
    expect(brief.boxes.map(({ title }) => title)).toEqual(['Conversion', 'Who', 'Problem', 'Behaviour', 'Source']);
    expect(box(brief, 'Conversion')).toEqual([
      '2027-03-01 demo requested: demo-request',
      '2027-02-20 asset downloaded: cash-flow-guide',
    ]);
    expect(box(brief, 'Who')).toContain('company size: 50-249');
    expect(box(brief, 'Problem')).toEqual(['payroll']);
    expect(box(brief, 'Behaviour')).toContain('2 × page viewed');
    expect(box(brief, 'Source')).toEqual(['first: ads · spring', 'last: email']);
  });

  it('tells the score point by point, what takes away included', () => {
    const brief = handoffBrief(facts());
    expect(box(brief, 'Fit')).toEqual(['+40 size', '+35 role']);
    expect(box(brief, 'Engagement')).toEqual(['+20 guide', '−3 careers']);
    expect(brief.score.map(({ title }) => title)).toEqual(['Fit 75 (grade A)', 'Engagement 27']);
  });

  it('lists what a person read, newest first and once, and not what a scanner opened', () => {
    expect(handoffBrief(facts()).read).toEqual([
      'email clicked: three-leaks',
      'page viewed: pricing',
      'asset downloaded: cash-flow-guide',
    ]);
  });

  it('asks what is not known yet, the fields of sales first', () => {
    expect(handoffBrief(facts()).questions).toEqual(['sales note?', 'country?', 'job title?']);
  });

  it('says who and why in the subject, and until when in the zone of sales', () => {
    const brief = handoffBrief(facts());
    expect(brief.subject).toBe('Nguyễn Thị Hương, Acme: demo requested');
    expect(brief.opening.at(-1)).toMatch(/^Please answer by Monday.*1 March 2027.*09:15 \(Asia\/Ho_Chi_Minh\)\.$/);
    expect(dueText('2027-03-01T17:00:00.000Z', 'Asia/Ho_Chi_Minh')).toMatch(/Tuesday.*2 March 2027.*00:00/);
  });

  it.each(['escalation', 'new'] as const)('as %s whose answer is overdue says since when', (occasion) => {
    const { opening } = handoffBrief(facts({ occasion, now: '2027-03-01T02:15:00.000Z' }));
    expect(opening.at(-1)).toMatch(/^The answer is overdue since Monday.*1 March 2027.*09:15 \(Asia\/Ho_Chi_Minh\)\.$/);
    expect(opening.join(' ')).not.toContain('Please answer by');
  });

  it.each([
    ['reminder', 'Reminder: ', 'still waits'],
    ['escalation', 'Nobody answered: ', 'an@example.com did not answer in time'],
    ['changed', 'Now more urgent: ', 'a new reason to be quick'],
  ] as const)('as %s begins with “%s”', (occasion, prefix, says) => {
    const brief = handoffBrief(facts({ occasion }));
    expect(brief.subject.startsWith(prefix)).toBe(true);
    expect(brief.opening[0]).toContain(says);
  });

  it('warns where marketing may not mail any more', () => {
    const brief = handoffBrief(facts({ handoff: { ...handoff, noMarketingMail: true } }));
    expect(brief.opening.join()).toContain('no marketing mail');
  });

  it('of a lead that nothing is known about says so', () => {
    const bare = { ...lead, fields: {}, source: {} } as Lead;
    const brief = handoffBrief(facts({ lead: bare, events: [] }));
    expect(brief.boxes.map(({ lines }) => lines)).toEqual([
      ['not known'],
      ['email: h@acme.example'],
      ['not known'],
      ['not known'],
      ['not known'],
    ]);
    expect(brief.subject).toBe('h@acme.example: demo requested');
  });
});

describe('the mail of a brief', () => {
  it('says the same in HTML and in text, with the same links', () => {
    const { html, text } = briefMail(handoffBrief(facts()));
    for (const word of ['Hương', 'payroll', '+40 size', 'sales note?', 'Not ready', 'an']) {
      expect(html).toContain(word);
      expect(text).toContain(word);
    }
    expect(text).toContain('Accepted: https://x/1?answer=accepted&a=b');
    expect(html).toContain('href="https://x/1?answer=accepted&amp;a=b" ses:no-track');
  });

  it('escapes what the lead wrote, and lets it pass for no section of ours', () => {
    const fields = {
      name: '<img src=x onerror=alert(1)>',
      problem: 'x\n\nYOUR ANSWER\nAccepted: https://evil.example',
    };
    const { html, text, subject } = briefMail(handoffBrief(facts({ lead: { ...lead, fields } as Lead })));
    expect(html).not.toContain('<img');
    expect(text.match(/^YOUR ANSWER$/gm)).toHaveLength(1);
    expect(text).toContain('- x YOUR ANSWER Accepted: https://evil.example');
    expect(subject).not.toContain('\n');
  });
});
