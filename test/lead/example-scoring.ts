/** The example `scoring.yaml` as the compiler makes it. Durations are milliseconds. */
import type { Scoring } from '../../functions/definition/scoring.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

const at = 'at-capture';

export const exampleScoring: Scoring = {
  name: 'b2b-software',
  owners: { marketing: 'lan@example.com', sales: 'minh@example.com' },
  reviewBy: '2027-03-31',
  capacity: { handoffsPerWeek: 40 },
  fields: {
    country: { type: 'country', known: at },
    jobTitle: { type: 'text', known: at },
    companySize: { type: 'choice', of: ['1-9', '10-49', '50-249', '250+'], known: at },
    problem: { type: 'choice', of: ['cash-flow', 'tax-filing', 'payroll'], known: at },
    salesNote: { type: 'text', known: 'after-handoff' },
  },
  lists: { competitors: ['rival.example', 'rival.co.th'] },
  gates: {
    consented: { kind: 'consent', purpose: 'marketing' },
    reachable: { kind: 'emailStatus', test: { oneOf: ['verified', 'unknown'] } },
    converted: { kind: 'conversions', test: { compare: '>=', than: 1 } },
    'no-rival': { kind: 'not', of: { kind: 'emailDomain', lists: ['competitors'] } },
  },
  fit: {
    grades: { A: 70, B: 50, C: 30 },
    rules: {
      size: { field: 'companySize', points: { '1-9': 5, '10-49': 20, '50-249': 40, '250+': 30 } },
      role: {
        field: 'jobTitle',
        matches: [
          { words: ['giám đốc', 'director', 'ceo', 'founder', 'ผู้อำนวยการ'], points: 35 },
          { words: ['trưởng phòng', 'manager', 'head of', 'ผู้จัดการ'], points: 25 },
          { words: ['intern', 'student', 'sinh viên', 'นักศึกษา'], points: -20 },
        ],
      },
      area: { field: 'country', points: { VN: 25, TH: 25 }, other: 0 },
    },
  },
  engagement: {
    groups: { email: { cap: 25 }, web: { cap: 45 }, deep: { cap: 70 } },
    rules: {
      'pricing-page': {
        on: 'page.viewed',
        where: { kind: 'property', property: 'category', test: { oneOf: ['pricing'] } },
        points: 8,
        per: 'day',
        cap: 24,
        halfLife: 7 * DAY,
        group: 'web',
      },
      page: { on: 'page.viewed', points: 1, per: 'event', cap: 10, halfLife: 7 * DAY, group: 'web' },
      'email-click': { on: 'email.clicked', points: 6, per: 'email', cap: 18, halfLife: 14 * DAY, group: 'email' },
      'email-open': { on: 'email.opened', points: 0, per: 'event' },
      guide: {
        on: 'form.submitted',
        where: {
          kind: 'all',
          of: [
            { kind: 'property', property: 'conversion', test: { oneOf: ['download'] } },
            { kind: 'property', property: 'depth', test: { oneOf: ['deep'] } },
          ],
        },
        points: 20,
        per: 'asset',
        cap: 40,
        halfLife: 21 * DAY,
        group: 'deep',
      },
      webinar: {
        on: 'webinar.attended',
        where: { kind: 'property', property: 'minutes', test: { compare: '>=', than: 20 } },
        points: 25,
        per: 'event',
        halfLife: 30 * DAY,
        group: 'deep',
      },
      careers: {
        on: 'page.viewed',
        where: { kind: 'property', property: 'category', test: { oneOf: ['careers'] } },
        points: -20,
        per: 'once',
        halfLife: 90 * DAY,
      },
      'not-ready': {
        on: 'handoff.rejected',
        where: { kind: 'property', property: 'reason', test: { oneOf: ['not-ready'] } },
        points: -30,
        per: 'event',
        halfLife: 30 * DAY,
      },
    },
  },
  handRaise: {
    on: ['quote.requested', 'demo.requested', 'meeting.booked', 'contact.requested'],
    unless: { kind: 'grade', test: { oneOf: ['D'] } },
  },
  stages: [
    { stage: 'iql', when: { kind: 'conversions', test: { compare: '>=', than: 1 } } },
    {
      stage: 'mql',
      when: {
        kind: 'any',
        of: [
          {
            kind: 'all',
            of: [
              { kind: 'grade', test: { oneOf: ['A', 'B'] } },
              { kind: 'engagement', test: { compare: '>=', than: 60 } },
            ],
          },
          {
            kind: 'all',
            of: [
              { kind: 'grade', test: { oneOf: ['A'] } },
              { kind: 'engagement', test: { compare: '>=', than: 30 } },
            ],
          },
        ],
      },
      leaveBelow: { engagement: 15 },
      stay: 24 * HOUR,
    },
    {
      stage: 'sql',
      when: {
        kind: 'any',
        of: [
          { kind: 'handRaise', is: true },
          { kind: 'handoff', test: { oneOf: ['accepted'] } },
        ],
      },
    },
  ],
  content: {
    educational: ['lead', 'iql', 'mql', 'recycled'],
    proof: ['iql', 'mql', 'recycled'],
    invitation: ['iql', 'mql', 'recycled'],
    brand: ['mql', 'sql'],
    pricing: ['sql'],
    offer: ['sql'],
    retention: ['customer'],
  },
};
