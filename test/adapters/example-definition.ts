/** A small definition around the example scoring, and putting it in force on the local table. */
import {
  currentPointer,
  forgetDefinitions,
  movePointer,
  storeDefinition,
  writeManifest,
} from '../../functions/adapters/definitions.ts';
import type { Definition } from '../../functions/definition/definition.ts';
import type { Form } from '../../functions/definition/form.ts';
import { DAY, exampleScoring, HOUR } from '../lead/example-scoring.ts';

export const AT = '2027-03-01T02:00:00.000Z';

const guide: Form = {
  name: 'cash-flow-guide',
  conversion: 'download',
  asset: { name: 'cash-flow-guide', depth: 'deep', problem: 'cash-flow' },
  audience: 'sales',
  deliver: 'guide-delivery',
  fields: {
    email: { type: 'email', required: true },
    name: { type: 'text', required: false },
    companySize: { type: 'choice', of: ['1-9', '10-49', '50-249', '250+'], required: false },
    jobTitle: { type: 'text', required: false },
    country: { type: 'country', required: false },
  },
  consent: {
    marketing: { field: 'agree', doubleOptIn: false, text: { en: 'I agree to receive advice.', vi: 'Tôi đồng ý.' } },
  },
  redirect: 'https://www.example.com/thanks',
  origins: ['https://www.example.com', 'http://localhost:*'],
  trap: 'website',
};

const { redirect: _, deliver: __, asset: ___, trap: ____, ...rest } = guide;
const demo: Form = { ...rest, name: 'demo-request', conversion: 'demo', fields: { ...guide.fields } };

export const exampleDefinition: Definition = {
  hash: 'a'.repeat(64),
  settings: {
    name: 'Cash Clarity',
    from: { name: 'Lan', address: 'lan@mail.example.com' },
    languages: ['en', 'vi', 'th'],
    zone: 'Asia/Ho_Chi_Minh',
    staffDomains: ['staff.example'],
    webhooks: {},
    softBounces: 5,
    clickHold: 90_000,
    subjectLabel: {},
    topics: {},
  },
  scoring: exampleScoring,
  forms: { [guide.name]: guide, [demo.name]: demo },
  workflows: {
    'guide-to-demo': {
      name: 'guide-to-demo',
      enrol: {
        on: 'event',
        event: 'form.submitted',
        where: { kind: 'property', property: 'form', test: { oneOf: ['cash-flow-guide'] } },
        again: { after: 180 * DAY },
      },
      goal: { kind: 'stage', test: { oneOf: ['sql'] } },
      keepAt: [],
      first: 'wait',
      steps: {
        wait: { id: 'wait', title: 'Wait 2 days', kind: 'wait', for: 2 * DAY, next: 'three-leaks' },
        'three-leaks': {
          id: 'three-leaks',
          title: 'Send three-leaks',
          kind: 'send',
          email: 'three-leaks',
          transactional: false,
          next: null,
        },
      },
    },
  },
  handoff: {
    name: 'sales',
    when: {
      kind: 'any',
      of: [
        { kind: 'stage', test: { oneOf: ['mql'] } },
        { kind: 'handRaise', is: true },
      ],
    },
    assign: [{ to: ['an@example.com'], by: 'first' }],
    notify: [{ channel: 'email' }],
    answer: {
      within: { handRaise: 900_000, otherwise: 4 * HOUR },
      hours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00', zone: 'Asia/Ho_Chi_Minh' },
    },
    outcomes: {
      accepted: { stage: 'sql' },
      'not-ready': { stage: 'recycled', rest: 30 * DAY },
      won: { stage: 'customer', after: 'accepted' },
    },
  },
  emails: {
    'three-leaks': {
      en: {
        name: 'three-leaks',
        language: 'en',
        subject: 'Three leaks',
        class: 'educational',
        html: '<p>Hello</p>',
        text: 'Hello',
      },
    },
  },
  machines: { 'guide-to-demo': { StartAt: 'Start', States: {} } },
};

export const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:ripen-guide-to-demo:1';

/** Stores a definition and puts it in force, as the first publication of the table. */
export async function publishExample(definition: Definition = exampleDefinition): Promise<void> {
  const parts = await storeDefinition(definition);
  await writeManifest({ hash: definition.hash, at: AT, parts, machines: { 'guide-to-demo': MACHINE } });
  await movePointer(undefined, { hash: definition.hash, at: AT });
  forgetDefinitions();
}

/** Stores another definition and puts it in force. */
export async function publishNext(definition: Definition): Promise<void> {
  const parts = await storeDefinition(definition);
  await writeManifest({ hash: definition.hash, at: AT, parts, machines: { 'guide-to-demo': MACHINE } });
  await movePointer(await currentPointer(), { hash: definition.hash, at: AT });
  forgetDefinitions();
}

/** Another scoring: the guide gives 40 points in place of 20 and fades sooner, a company's size gives one less. */
export const otherDefinition: Definition = {
  ...exampleDefinition,
  hash: 'b'.repeat(64),
  scoring: {
    ...exampleScoring,
    fit: { ...exampleScoring.fit, rules: { size: { field: 'companySize', points: { '50-249': 39 } } } },
    engagement: {
      ...exampleScoring.engagement,
      rules: { guide: { on: 'form.submitted', points: 40, cap: 50, halfLife: 7 * DAY, per: 'event' } },
    },
  },
};
