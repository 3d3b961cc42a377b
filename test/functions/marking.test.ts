/** Steps that sort, note and tell, and exits: against the table, with the services mocked. */
import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { putItem } from '../../functions/adapters/dynamo.ts';
import { readLog, sendsOf } from '../../functions/adapters/leads.ts';
import { enrolmentItem } from '../../functions/adapters/table.ts';
import { handler as call } from '../../functions/call.ts';
import type { Definition } from '../../functions/definition/definition.ts';
import type { Step } from '../../functions/definition/workflow.ts';
import { variantOf } from '../../functions/lead/split.ts';
import { handler as decideStep } from '../../functions/step.ts';
import { isDecision, refuse } from '../adapters/contention.ts';
import { guideToDemo } from '../lead/example-rules.ts';
import type { LocalDynamo } from '../local-dynamo.ts';
import {
  afterCall,
  calm,
  disarm,
  enrolledLead,
  enrolmentOf,
  happens,
  leadOf,
  loseAnswer,
  MONDAY,
  nurtureDefinition,
  startWorld,
  taskOf,
  thrown,
} from './nurture-world.ts';

// Others are quicker for seconds, and no test waits for them.
vi.mock('node:timers/promises', async (original) => {
  const real = await original<typeof import('node:timers/promises')>();
  return { ...real, setTimeout: (ms: number) => real.setTimeout(Math.min(ms, 5)) };
});

const send = (id: string): Step => ({
  id,
  title: id,
  kind: 'send',
  email: 'three-leaks',
  transactional: false,
  next: null,
});
const split: Extract<Step, { kind: 'split' }> = {
  id: 'length',
  title: 'Split',
  kind: 'split',
  next: null,
  variants: [
    { name: 'short', share: 45, go: 'a' },
    { name: 'long', share: 45, go: 'b' },
    { name: 'hold-out', share: 10, holdOut: true, go: null },
  ],
};
const note: Step = {
  id: 'note',
  title: 'Note',
  kind: 'set',
  fields: { problem: 'payroll' },
  tags: { add: ['reader'], remove: ['guest'] },
  next: 'tuesday',
};
const tuesday: Step = {
  id: 'tuesday',
  title: 'Wait until tue 09.00',
  kind: 'waitUntil',
  until: { days: ['tue'], at: '09:00', zone: 'lead' },
  next: 'a',
};
const vip: Step = { ...note, id: 'vip', fields: {}, tags: { add: ['vip'], remove: [] } };
const tell: Step = { id: 'tell', title: 'Call crm', kind: 'webhook', webhook: 'crm', next: 'a' };
const steps = Object.fromEntries(
  [send('a'), send('b'), split, note, tuesday, vip, tell].map((step) => [step.id, step]),
);
const definition: Definition = {
  ...nurtureDefinition,
  workflows: {
    ...nurtureDefinition.workflows,
    'guide-to-demo': {
      ...guideToDemo,
      exits: [
        { reason: 'cancelled', on: 'subscription.cancelled' },
        { reason: 'is a vip', when: { kind: 'tag', tags: ['vip'] } },
      ],
      first: 'length',
      steps,
    },
  },
};

let local: LocalDynamo;
const fetched = vi.fn<typeof fetch>();
beforeAll(async () => {
  local = await startWorld(definition);
});
afterAll(() => local.stop());
beforeEach(() => {
  calm();
  fetched.mockReset();
  fetched.mockResolvedValue(new Response(null, { status: 200 }));
  vi.stubGlobal('fetch', fetched);
  for (const level of ['error', 'warn', 'info'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});
afterEach(() => {
  disarm();
  vi.restoreAllMocks();
});

type Enrolled = { leadId: string; enrolmentId: string };

async function standingAt(step: string): Promise<Enrolled> {
  const enrolled = await enrolledLead();
  await putItem(enrolmentItem({ ...(await enrolmentOf(enrolled)), step, dueAt: MONDAY }));
  return enrolled;
}

describe('a split', () => {
  it('leads each lead to its own variant, and ends the enrolment of a hold-out with that reason', async () => {
    const seen = new Set<string>();
    for (let i = 0; i < 200 && seen.size < 3; i++) {
      const enrolled = await standingAt('length');
      const { name } = variantOf(split, enrolled.leadId, 'guide-to-demo');
      if (seen.has(name)) continue;
      seen.add(name);
      const answer = await thrown(decideStep({ ...(await taskOf(enrolled, 'length')), kind: 'split' }));
      const enrolment = await enrolmentOf(enrolled);
      if (name === 'hold-out') {
        expect(answer).toEqual({ name: 'Ended', message: 'hold-out' });
        expect(enrolment).toMatchObject({ status: 'ended', reason: 'hold-out' });
      } else {
        expect(JSON.parse(answer.message)).toEqual({ outcome: name, due: MONDAY });
        expect(enrolment).toMatchObject({ status: 'active', step: name === 'short' ? 'a' : 'b' });
      }
    }
    expect([...seen].sort()).toEqual(['hold-out', 'long', 'short']);
  });
});

describe('a step that notes', () => {
  it('sets fields and tags once, in the log, and goes on by the calendar of the lead', async () => {
    const enrolled = await standingAt('note');
    const task = { ...(await taskOf(enrolled, 'note')), kind: 'set' };
    // Tuesday, 09:00 in Vietnam.
    const answer = { outcome: 'next', due: '2027-03-02T02:00:00.000Z' };
    expect(await decideStep(task)).toEqual(answer);
    expect(await decideStep(task)).toEqual(answer);
    expect(await leadOf(enrolled.leadId)).toMatchObject({ fields: { problem: 'payroll' }, tags: ['reader'] });
    const notes = (await readLog(enrolled.leadId)).filter(({ type }) => type === 'lead.noted');
    expect(notes).toMatchObject([{ data: { what: 'problem: payroll, tag reader, no tag guest' } }]);
  });

  it('goes on only once it is judged, where others were quicker for long', async () => {
    const enrolled = await standingAt('note');
    const task = { ...(await taskOf(enrolled, 'note')), kind: 'set' };
    refuse(isDecision);
    for (const _ of ['first try', 'second try'])
      expect(await thrown(decideStep(task))).toMatchObject({ name: 'Retry', message: 'not judged yet' });
    expect(await enrolmentOf(enrolled)).toMatchObject({ step: 'note' });
    vi.restoreAllMocks();
    expect(await decideStep(task)).toMatchObject({ outcome: 'next' });
    expect(await leadOf(enrolled.leadId)).toMatchObject({ fields: { problem: 'payroll' }, tags: ['reader'] });
  });

  it('ends the enrolment where an exit asks for what it noted', async () => {
    const enrolled = await standingAt('vip');
    const answer = await thrown(decideStep({ ...(await taskOf(enrolled, 'vip')), kind: 'set' }));
    expect(answer).toEqual({ name: 'Ended', message: 'is a vip' });
    expect(await enrolmentOf(enrolled)).toMatchObject({ status: 'ended', reason: 'is a vip' });
  });
});

describe('an exit by an event', () => {
  it('ends the enrolment at once, with its reason', async () => {
    const enrolled = await standingAt('a');
    await happens(enrolled.leadId, 'subscription.cancelled');
    expect(await enrolmentOf(enrolled)).toMatchObject({ status: 'ended', reason: 'cancelled' });
  });

  it('listens to people alone', async () => {
    const enrolled = await standingAt('a');
    await happens(enrolled.leadId, 'subscription.cancelled', { actor: 'machine' });
    expect(await enrolmentOf(enrolled)).toMatchObject({ status: 'active' });
  });
});

describe('a step that calls a webhook', () => {
  const taskAt = async (enrolled: Enrolled, attempt = 0) => ({ ...(await taskOf(enrolled, 'tell')), attempt });

  it('tells of the lead, signed, and goes on', async () => {
    const enrolled = await standingAt('tell');
    expect(await call(await taskAt(enrolled))).toEqual({ outcome: 'next', due: MONDAY });
    const [url, request] = fetched.mock.calls[0] ?? [];
    const body = String(request?.body);
    const headers = new Headers(request?.headers);
    const signed = `${headers.get('Ripen-Id')}.${headers.get('Ripen-Timestamp')}.${body}`;
    expect(url).toBe('https://crm.example.com/hooks/leads');
    expect(headers.get('Ripen-Signature')).toBe(`v1=${createHmac('sha256', 'shh').update(signed).digest('hex')}`);
    expect(JSON.parse(body)).toMatchObject({
      type: 'step.reached',
      workflow: 'guide-to-demo',
      step: 'tell',
      enrolmentId: enrolled.enrolmentId,
      lead: { id: enrolled.leadId },
    });
    expect(await sendsOf(enrolled.leadId)).toMatchObject([{ status: 'sent', purpose: 'webhook', step: 'tell' }]);
    expect(await enrolmentOf(enrolled)).toMatchObject({ step: 'a' });
  });

  it('asks for another try while the receiver is silent, under the same id', async () => {
    const enrolled = await standingAt('tell');
    fetched.mockResolvedValueOnce(new Response(null, { status: 503 }));
    expect(await thrown(call(await taskAt(enrolled)))).toMatchObject({ name: 'Retry' });
    expect(await call(await taskAt(enrolled, 1))).toMatchObject({ outcome: 'next' });
    const ids = fetched.mock.calls.map(([, request]) => new Headers(request?.headers).get('Ripen-Id'));
    expect(new Set(ids).size).toBe(1);
  });

  it.each([
    ['a receiver that stays silent, after its tries', 503, 11, 'answered 503, 12 times'],
    ['a receiver that refuses, at once', 410, 0, 'answered 410'],
  ])('gives up %s, says why, and goes on', async (_, status, attempt, why) => {
    const enrolled = await standingAt('tell');
    fetched.mockResolvedValue(new Response(null, { status }));
    expect(await call(await taskAt(enrolled, attempt))).toMatchObject({ outcome: 'next' });
    expect(await sendsOf(enrolled.leadId)).toMatchObject([{ status: 'refused', why }]);
  });

  it('answers the same when its first answer was lost, and calls nobody again', async () => {
    const enrolled = await standingAt('tell');
    const task = await taskAt(enrolled);
    await call(task);
    expect(await call(task)).toEqual({ outcome: 'next', due: MONDAY });
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('calls once where the answer of the table is lost', async () => {
    const enrolled = await standingAt('tell');
    afterCall('TransactWriteItems', loseAnswer);
    expect(await call(await taskAt(enrolled))).toEqual({ outcome: 'next', due: MONDAY });
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('calls nobody for an enrolment that is over', async () => {
    const enrolled = await standingAt('tell');
    const task = await taskAt(enrolled);
    await happens(enrolled.leadId, 'subscription.cancelled');
    expect(await thrown(call(task))).toMatchObject({ name: 'Ended' });
    expect(fetched).not.toHaveBeenCalled();
  });
});
