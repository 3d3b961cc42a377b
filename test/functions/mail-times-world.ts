/** A definition with three workflows that one post enters: two with a window and a cap, one that is free. */
import type { Definition } from '../../functions/definition/definition.ts';
import type { Step, Workflow } from '../../functions/definition/workflow.ts';
import { guideToDemo } from '../lead/example-rules.ts';
import { nurtureDefinition } from './nurture-world.ts';

export const DAY = 86_400_000;
export const office = {
  window: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00' },
  zone: 'lead',
  cap: { perDay: 1, perWeek: 2 },
} satisfies Workflow['send'];

const send = (email: string, next: string | null = null): Step => ({
  id: email,
  title: `Send ${email}`,
  kind: 'send',
  email,
  transactional: false,
  next,
});
const wait = (id: string, days: number, next: string): Step => ({
  id,
  title: `Wait ${days} days`,
  kind: 'wait',
  for: days * DAY,
  next,
});
const byId = (steps: Step[]): Workflow['steps'] => Object.fromEntries(steps.map((step) => [step.id, step]));

const { goal: _, ...rest } = guideToDemo;
const guide: Workflow = {
  ...rest,
  name: 'guide',
  send: office,
  steps: { ...guideToDemo.steps, ...byId([send('checklist'), send('pricing')]) },
};
const news: Workflow = {
  ...rest,
  name: 'news',
  send: office,
  first: 'payroll-story',
  steps: byId([send('payroll-story', 'wait-1'), wait('wait-1', 3, 'customer-story'), send('customer-story')]),
};
const free: Workflow = {
  ...rest,
  name: 'free',
  first: 'payroll-story',
  steps: byId([
    send('payroll-story', 'customer-story'),
    send('customer-story', 'checklist'),
    send('checklist', 'three-leaks'),
    send('three-leaks'),
  ]),
};

const { 'three-leaks': template, ...emails } = nurtureDefinition.emails;
const english = template?.en;
if (!english) throw new Error('The definition of the tests has no mail three-leaks.');
const mail = (name: string, over: object = {}) => ({ [name]: { en: { ...english, name, ...over } } });

export const timedDefinition: Definition = {
  ...nurtureDefinition,
  settings: { ...nurtureDefinition.settings, sunset: { slowAfter: 3, stopAfter: 4 } },
  workflows: { guide, news, free },
  emails: {
    ...emails,
    ...mail('three-leaks'),
    ...mail('three-leaks-short'),
    ...mail('checklist'),
    ...mail('pricing', { class: 'pricing' }),
    ...mail('webinar-invitation', { topic: 'events' }),
  },
  machines: { guide: { StartAt: 'Start' }, news: { StartAt: 'Start' }, free: { StartAt: 'Start' } },
};
