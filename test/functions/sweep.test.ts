import { DescribeExecutionCommand, ExecutionDoesNotExist, SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { act } from '../../functions/adapters/act.ts';
import { putItem } from '../../functions/adapters/dynamo.ts';
import { holdForConsent } from '../../functions/adapters/enrolments.ts';
import { enrolmentsOf, loadLead, pendingActs } from '../../functions/adapters/leads.ts';
import { later, outboxItem, pendingItem, sendItem } from '../../functions/adapters/table.ts';
import { handler as fold } from '../../functions/fold.ts';
import type { Send } from '../../functions/lead/lead.ts';
import { handler } from '../../functions/sweep.ts';
import { AT } from '../adapters/example-definition.ts';
import { address, guidePost, happening } from '../adapters/happenings.ts';
import { DAY } from '../lead/example-scoring.ts';
import { everyItem } from '../local-dynamo.ts';
import { leadOf, setTime, startWorld, type World } from './world.ts';

let world: World;
const machines = mockClient(SFNClient);

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
beforeEach(() => {
  setTime(AT);
  machines.reset();
  world.quiet();
});

const dueItems = async () => (await everyItem()).filter(({ dueAt }) => dueAt !== undefined);
const makeLead = async (email: string) => {
  await act({ email: address(email) }, guidePost('form:1'), { at: AT });
  world.quiet();
  return (await leadOf(email)).id;
};
const only = async (leadId: string) => {
  const [enrolment] = await enrolmentsOf(leadId);
  if (!enrolment) throw new Error('The lead is in no workflow.');
  return enrolment;
};

describe('a sweep', () => {
  it('publishes what a crash left between a commit and its messages, once it is old enough', async () => {
    const leadId = `lead_${'1'.repeat(26)}`;
    const id = `msg_${'1'.repeat(26)}`;
    await putItem(outboxItem({ id, at: AT, messages: [{ type: 'lead.due', leadId, id, version: 1, at: AT }] }));
    setTime(later(AT, 29_000));
    expect(await handler()).toEqual({ nothingBefore: later(AT, 30_000) });
    expect(world.published()).toEqual([]);
    setTime(later(AT, 30_000));
    expect(await handler()).toEqual({ nothingBefore: later(AT, 30_000 + 7 * 86_400_000) });
    expect(world.published()).toEqual(['lead.due']);
  });

  it('has pending acts folded, and asks once while they are being worked off', async () => {
    const leadId = await makeLead('pending@sweep.example');
    const [first] = [[happening('late')]];
    await putItem(pendingItem(leadId, { happenings: first, at: AT, why: 'contended', tries: 0 }, later(AT, 30_000)));
    setTime(later(AT, 60_000));
    await handler();
    await handler();
    expect(world.published()).toEqual(['lead.fold']);
    await fold({ 'detail-type': 'lead.fold', detail: { leadId } });
    expect(await pendingActs(leadId)).toEqual([]);
    expect((await leadOf('pending@sweep.example')).values.page?.value).toBe(1);
  });

  it('lets the clock strike for a lead whose stage is due to fall, and it falls once', async () => {
    const leadId = await makeLead('falls@sweep.example');
    await act({ leadId }, [happening('v', { at: later(AT, 1), data: { category: 'pricing' } })], { at: later(AT, 1) });
    const other = { at: later(AT, DAY), data: { category: 'pricing' } };
    await act({ leadId }, [happening('w', other)], { at: later(AT, DAY) });
    const { stage, dueAt } = await leadOf('falls@sweep.example');
    expect(stage).toBe('mql');
    if (!dueAt) throw new Error('The lead is never due.');
    world.quiet();
    setTime(later(dueAt, 1000));
    await handler();
    expect(world.published()).toContain('lead.due');
    for (let i = 0; i < 2; i++) await fold({ 'detail-type': 'lead.due', detail: { leadId } });
    const fallen = await loadLead(leadId);
    expect(fallen?.stage).toBe('iql');
    expect(fallen?.dueAt).toBeUndefined();
  });

  it('asks again for a mail that is held or that nobody told of', async () => {
    const leadId = await makeLead('held@sweep.example');
    const send: Send = {
      id: `snd_${'2'.repeat(26)}`,
      leadId,
      status: 'held',
      email: 'guide-delivery',
      language: 'en',
      definition: 'a'.repeat(64),
      attempt: 'a',
      leaseUntil: AT,
      at: AT,
      asked: { eventId: 'evt_1', form: 'cash-flow-guide' },
    };
    await putItem(sendItem(send, later(AT, 10_000)));
    setTime(later(AT, 10_000));
    await handler();
    expect(world.published()).toEqual(['deliver.requested']);
  });

  it('sees to all that is due, however much it is', { timeout: 60_000 }, async () => {
    for (let i = 0; i < 230; i++) {
      const id = `msg_${String(i).padStart(26, '0')}`;
      const message = { type: 'lead.due', leadId: 'lead_x', id, version: 1, at: AT } as const;
      await putItem(outboxItem({ id, at: AT, messages: [message] }));
    }
    setTime(later(AT, 60_000));
    await handler();
    expect(world.published().filter((type) => type === 'lead.due')).toHaveLength(230);
  });
});

describe('an overdue enrolment', () => {
  const OVERDUE = later(AT, 2 * DAY + 10 * 60_000);

  it('goes on as the next run when its execution failed or was never started', async () => {
    const leadId = await makeLead('lost@sweep.example');
    const before = await only(leadId);
    machines.on(DescribeExecutionCommand).rejects(new ExecutionDoesNotExist({ message: 'none', $metadata: {} }));
    setTime(OVERDUE);
    await handler();
    const asked = machines.commandCalls(DescribeExecutionCommand).map(({ args }) => args[0].input.executionArn);
    expect(asked).toContain(
      `arn:aws:states:us-east-1:123456789012:execution:ripen-guide-to-demo:${before.id}-${before.run}`,
    );
    expect(await only(leadId)).toMatchObject({ run: 2, status: 'active', step: before.step, dueAt: OVERDUE });
    expect(world.published()).toContain('enrolment.started');
    await handler();
    expect((await only(leadId)).run).toBe(2);
  });

  it('is left alone while its execution runs, and looked at again later', async () => {
    const leadId = await makeLead('slow@sweep.example');
    machines.on(DescribeExecutionCommand).resolves({ status: 'RUNNING' });
    setTime(OVERDUE);
    await handler();
    await handler();
    expect((await only(leadId)).run).toBe(1);
    expect(world.published()).toEqual([]);
    const { id } = await only(leadId);
    expect((await dueItems()).find(({ sk }) => sk === `ENR#${id}`)?.dueAt).toBe(later(OVERDUE, 10 * 60_000));
  });

  it('is not moved by a sweep that looked before it was moved by its step', async () => {
    const leadId = await makeLead('moving@sweep.example');
    const before = await only(leadId);
    machines.on(DescribeExecutionCommand).callsFake(async () => {
      const { enrolmentItem } = await import('../../functions/adapters/table.ts');
      await putItem(enrolmentItem({ ...before, step: 'after', dueAt: later(OVERDUE, DAY) }));
      return { status: 'FAILED' };
    });
    setTime(OVERDUE);
    await handler();
    expect(await only(leadId)).toMatchObject({ run: 1, step: 'after' });
  });

  it('that was held for consent ends when the consent never came', async () => {
    const leadId = await makeLead('unsure@sweep.example');
    const [lead, enrolment] = [await leadOf('unsure@sweep.example'), await only(leadId)];
    const until = later(AT, 30 * DAY);
    expect(await holdForConsent(lead, enrolment, until, AT)).toBe('moved');
    setTime(later(until, -1));
    machines.on(DescribeExecutionCommand).resolves({ status: 'RUNNING' });
    await handler();
    expect((await only(leadId)).status).toBe('held');
    setTime(until);
    await handler();
    expect(await only(leadId)).toMatchObject({ status: 'ended', reason: 'no consent within 30 days' });
    expect((await leadOf('unsure@sweep.example')).enrolments['guide-to-demo']?.endedAt).toBe(until);
  });

  it('that cannot be looked at keeps no other due item waiting, and is soon looked at again', async () => {
    await makeLead('throttled@sweep.example');
    const leadId = `lead_${'3'.repeat(26)}`;
    const id = `msg_${'3'.repeat(26)}`;
    await putItem(outboxItem({ id, at: AT, messages: [{ type: 'lead.fold', leadId, id, version: 1, at: AT }] }));
    machines.on(DescribeExecutionCommand).rejects(new Error('throttled'));
    setTime(OVERDUE);
    const { nothingBefore } = await handler();
    expect(world.published()).toContain('lead.fold');
    expect(nothingBefore <= later(OVERDUE, 3 * 60_000)).toBe(true);
  });
});
