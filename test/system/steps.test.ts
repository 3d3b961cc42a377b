/** Every kind of step on the whole system: splitting, noting, telling a webhook, waiting for a weekday and for any of two. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { definitionCopy } from './definition-copy.ts';
import { System } from './system.ts';

const FORM = `form: tried
conversion: trial
fields: { email: { type: email, required: true } }
consent:
  marketing: { field: agree, text: { en: I agree., vi: Tôi đồng ý., th: ฉันยินยอม } }
`;
const WORKFLOW = `workflow: tried
enrol: { on: form.submitted, where: { form: tried } }
exit: [{ on: subscription.cancelled, because: cancelled }]
steps:
  - tag: [reader, guest]
  - split:
      - { variant: one, share: 50, then: [{ set: { problem: payroll } }] }
      - { variant: two, share: 50, then: [{ set: { problem: payroll } }] }
  - untag: guest
  - webhook: crm
  - wait: { until: { days: tue, at: "09:00", zone: Asia/Ho_Chi_Minh } }
  - choose:
      - when: { tag: reader, not: { tag: guest }, problem: payroll }
        then: [{ send: three-leaks }]
  - waitFor: { any: [{ event: call.held }, { stage: sql }] }
    upTo: 30 days
    then: [{ send: checklist }]
`;

let system: System;
beforeAll(async () => {
  const workflows = definitionCopy({ 'forms/tried.yaml': FORM, 'nurture/tried.yaml': WORKFLOW });
  system = await new System({ workflows }).start();
});
afterAll(() => system.remove());

const mailsOf = async (email: string) => (await system.mails(email)).map(({ tags }) => tags.email);

it('goes through steps of every kind at their times', async () => {
  const monday = await system.advanceToMonday();
  for (const email of ['stays@steps.test', 'leaves@steps.test']) {
    await system.postForm('tried', { email, agree: 'yes', language: 'en' });
  }
  await system.settle();
  const told = (await system.sales()).filter(({ channel }) => channel === 'webhook');
  expect(told.map(({ text }) => JSON.parse(text)).map(({ type, step, lead }) => [type, step, lead.tags])).toEqual([
    ['step.reached', 'webhook-1', ['reader']],
    ['step.reached', 'webhook-1', ['reader']],
  ]);
  expect(await mailsOf('stays@steps.test')).toEqual([]);

  await system.advance('P1D');
  const [leaks] = await system.mails('stays@steps.test');
  expect(leaks?.tags.email).toBe('three-leaks');
  // Tuesday, 09:00 in Vietnam: a day after the Monday on which it began.
  expect(Date.parse(leaks?.at ?? '') - Date.parse(monday)).toBeLessThan(86_400_000 + 60_000);
  expect(Date.parse(leaks?.at ?? '') - Date.parse(monday)).toBeGreaterThan(86_400_000 - 60_000);

  await system.postEvents([
    { id: 'cancel-1', type: 'subscription.cancelled', email: 'leaves@steps.test' },
    { id: 'call-1', type: 'call.held', email: 'stays@steps.test' },
    { id: 'call-2', type: 'call.held', email: 'leaves@steps.test' },
  ]);
  await system.settle();
  expect(await mailsOf('stays@steps.test')).toEqual(['three-leaks', 'checklist']);
  expect(await mailsOf('leaves@steps.test')).toEqual(['three-leaks']);
  const { id } = await system.lead('leaves@steps.test');
  const { items } = await system.json<{ items: { text: string }[] }>(`/api/leads/${id}/timeline`);
  const texts = items.map(({ text }) => text);
  expect(texts).toContain('Left the workflow tried: cancelled');
  expect(texts).toContain('Told the webhook crm');
  expect(texts).toContain('The workflow tried noted: problem: payroll');
});
