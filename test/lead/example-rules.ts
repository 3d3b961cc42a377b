/** The example definition as deciding sees it: its scoring with forms, two workflows and the handoff beside it. */
import type { Rules } from '../../functions/definition/definition.ts';
import type { Form } from '../../functions/definition/form.ts';
import type { Settings } from '../../functions/definition/settings.ts';
import type { Workflow } from '../../functions/definition/workflow.ts';
import { DAY, exampleScoring, HOUR } from './example-scoring.ts';

export const exampleSettings: Settings = {
  name: 'Cash Clarity',
  from: { name: 'Lan at Cash Clarity', address: 'lan@mail.example.com' },
  languages: ['en', 'vi', 'th'],
  zone: 'Asia/Ho_Chi_Minh',
  staffDomains: ['example.com'],
  webhooks: {},
  softBounces: 5,
  clickHold: 90_000,
  subjectLabel: {},
  topics: {},
};

const oneOf = (...values: string[]) => ({ oneOf: values });

export const guideForm: Form = {
  name: 'cash-flow-guide',
  conversion: 'download',
  asset: { name: 'cash-flow-guide', depth: 'deep', problem: 'cash-flow' },
  audience: 'sales',
  deliver: 'guide-delivery',
  fields: {
    email: { type: 'email', required: true },
    name: { type: 'text', required: false },
    phone: { type: 'phone', required: false, defaultCountry: 'VN' },
    companySize: { type: 'choice', of: ['1-9', '10-49', '50-249', '250+'], required: false },
    jobTitle: { type: 'text', required: false },
    country: { type: 'country', required: false },
    problem: { type: 'choice', of: ['cash-flow', 'tax-filing', 'payroll'], required: false },
  },
  consent: {
    marketing: {
      field: 'agree',
      doubleOptIn: false,
      frequency: { perWeek: 2 },
      text: {
        en: 'I agree to receive advice on cash flow by email, at most twice a week.',
        vi: 'Tôi đồng ý nhận tư vấn về dòng tiền qua email, tối đa hai lần mỗi tuần.',
      },
    },
  },
  origins: ['https://www.example.com'],
  trap: 'website',
};

export const demoForm: Form = {
  name: 'demo-request',
  conversion: 'demo',
  audience: 'sales',
  fields: guideForm.fields,
  consent: guideForm.consent,
  origins: ['https://www.example.com'],
};

/** The example's nurture, compiled by hand. */
export const guideToDemo: Workflow = {
  name: 'guide-to-demo',
  enrol: {
    on: 'event',
    event: 'form.submitted',
    where: { kind: 'property', property: 'form', test: oneOf('cash-flow-guide') },
    again: { after: 180 * DAY },
  },
  goal: { kind: 'stage', test: oneOf('sql') },
  keepAt: [],
  first: 'wait-1',
  steps: {
    'wait-1': { id: 'wait-1', title: 'Wait 2 days', kind: 'wait', for: 2 * DAY, next: 'three-leaks' },
    'three-leaks': {
      id: 'three-leaks',
      title: 'Send three-leaks',
      kind: 'send',
      email: 'three-leaks',
      transactional: false,
      next: 'clicked',
    },
    clicked: {
      id: 'clicked',
      title: 'Clicked three-leaks?',
      kind: 'waitFor',
      awaited: { event: 'email.clicked', email: 'three-leaks' },
      upTo: 3 * DAY,
      // biome-ignore lint/suspicious/noThenProperty: the word of the workflow language
      then: 'webinar-invitation',
      otherwise: 'three-leaks-short',
      next: 'choose-1',
    },
    'webinar-invitation': {
      id: 'webinar-invitation',
      title: 'Send webinar-invitation',
      kind: 'send',
      email: 'webinar-invitation',
      transactional: false,
      next: 'choose-1',
    },
    'three-leaks-short': {
      id: 'three-leaks-short',
      title: 'Send three-leaks-short',
      kind: 'send',
      email: 'three-leaks-short',
      transactional: false,
      next: 'choose-1',
    },
    'choose-1': {
      id: 'choose-1',
      title: 'Which story?',
      kind: 'choose',
      branches: [
        { when: { kind: 'field', field: 'problem', test: oneOf('payroll') }, go: 'payroll-story' },
        { when: { kind: 'fit', test: { compare: '>=', than: 50 } }, go: 'customer-story' },
      ],
      next: 'mql',
    },
    mql: {
      id: 'mql',
      title: 'Becomes MQL?',
      kind: 'waitFor',
      awaited: { stage: 'mql' },
      upTo: 14 * DAY,
      // biome-ignore lint/suspicious/noThenProperty: the word of the workflow language
      then: null,
      otherwise: 'digest',
      next: null,
    },
    digest: {
      id: 'digest',
      title: 'Enrol in quarterly-digest',
      kind: 'enrol',
      workflow: 'quarterly-digest',
      next: null,
    },
  },
};

export const quarterlyDigest: Workflow = {
  name: 'quarterly-digest',
  enrol: { on: 'call', again: 'always' },
  keepAt: ['recycled'],
  first: 'wait-1',
  steps: {
    'wait-1': { id: 'wait-1', title: 'Wait 90 days', kind: 'wait', for: 90 * DAY, next: 'checklist' },
    checklist: {
      id: 'checklist',
      title: 'Send checklist',
      kind: 'send',
      email: 'checklist',
      transactional: false,
      next: null,
    },
  },
};

export const exampleRules: Rules = {
  hash: 'd1',
  settings: exampleSettings,
  scoring: exampleScoring,
  forms: { 'cash-flow-guide': guideForm, 'demo-request': demoForm },
  workflows: { 'guide-to-demo': guideToDemo, 'quarterly-digest': quarterlyDigest },
  handoff: {
    name: 'sales',
    when: {
      kind: 'any',
      of: [
        { kind: 'stage', test: oneOf('mql') },
        { kind: 'handRaise', is: true },
      ],
    },
    assign: [
      { where: { kind: 'field', field: 'country', test: oneOf('TH') }, to: ['somchai@example.com'], by: 'first' },
      { to: ['an@example.com', 'binh@example.com'], by: 'turns' },
    ],
    notify: [{ channel: 'email' }],
    answer: {
      within: { handRaise: HOUR / 4, otherwise: 4 * HOUR },
      hours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00', zone: 'Asia/Ho_Chi_Minh' },
      remind: 'half-way',
      escalateTo: 'head-of-sales@example.com',
    },
    outcomes: {
      accepted: { stage: 'sql' },
      'not-ready': { stage: 'recycled', enrol: 'quarterly-digest', rest: 30 * DAY },
      'bad-fit': { stage: 'disqualified' },
      'bad-data': { stage: 'disqualified' },
      duplicate: { stage: 'sql' },
      customer: { stage: 'customer' },
      won: { stage: 'customer', after: 'accepted' },
      lost: { stage: 'recycled', after: 'accepted', rest: 90 * DAY },
    },
  },
  classes: { 'three-leaks': 'educational' },
};
