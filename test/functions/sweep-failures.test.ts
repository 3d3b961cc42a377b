import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deleteItem, dynamo, getItem, putItem } from '../../functions/adapters/dynamo.ts';
import {
  dueOf,
  enrolmentKey,
  type Key,
  later,
  leadPk,
  outboxItem,
  outboxKey,
  pendingItem,
} from '../../functions/adapters/table.ts';
import { handler } from '../../functions/sweep.ts';
import { AT, exampleDefinition } from '../adapters/example-definition.ts';
import { happening } from '../adapters/happenings.ts';
import { everyItem } from '../local-dynamo.ts';
import { setTime, useWorld } from './world.ts';

const { published } = useWorld();
const machines = mockClient(SFNClient);

/** More than a sweep reads of a shard at once. */
const MANY = 60;
/** All ids end alike, so that all stands in one shard. */
const LEAD = `lead_${'7'.repeat(26)}`;
const ids = Array.from({ length: MANY }, (_, i) => `${String(i).padStart(25, '0')}7`);

beforeEach(() => {
  machines.reset();
  machines.on(DescribeExecutionCommand).rejects(new Error('denied'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const { pk, sk } of await everyItem()) {
    if (!String(pk).startsWith('DEF')) await deleteItem({ pk: String(pk), sk: String(sk) });
  }
});

/** Enrolments whose machines cannot be looked at, overdue by now. */
async function overdueEnrolments(): Promise<void> {
  const common = {
    leadId: LEAD,
    workflow: 'guide-to-demo',
    definition: exampleDefinition.hash,
    run: 1,
    status: 'active',
  };
  for (const id of ids) {
    await putItem({ ...enrolmentKey(LEAD, id), ...dueOf(id, AT), body: { ...common, id, dueAt: AT } });
  }
}

/** Falls due after all of those. */
const putBehind = () =>
  putItem(pendingItem(LEAD, { happenings: [happening('behind')], at: AT, why: 'contended', tries: 0 }, later(AT, 1)));
const dueAtOf = async (key: Key) => (await getItem(key))?.dueAt;

describe('due items that fail', () => {
  it('keep nothing waiting behind them, and are logged as errors', async () => {
    await overdueEnrolments();
    await putBehind();
    const errors = vi.spyOn(console, 'error');
    setTime(later(AT, 60_000));
    await handler();
    expect(published()).toEqual(['lead.fold']);
    const lines = errors.mock.calls.map(([line]) => JSON.parse(line));
    expect(lines).toHaveLength(MANY);
    expect(lines[0]).toMatchObject({ level: 'ERROR', message: 'a due item could not be seen to', eventType: 'ENR' });
  });

  it('come again after three minutes, behind all that is due by then', async () => {
    await overdueEnrolments();
    setTime(later(AT, 60_000));
    expect(await handler()).toEqual({ nothingBefore: later(AT, 4 * 60_000) });
    for (const id of ids) expect(await dueAtOf(enrolmentKey(LEAD, id))).toBe(later(AT, 4 * 60_000));
    machines.on(DescribeExecutionCommand).resolves({ status: 'RUNNING' });
    setTime(later(AT, 4 * 60_000));
    await handler();
    expect(await dueAtOf(enrolmentKey(LEAD, ids[0] ?? ''))).toBe(later(AT, 14 * 60_000));
  });

  it('keep nothing waiting where they cannot be put off either, and that is logged too', async () => {
    await overdueEnrolments();
    await putBehind();
    const real = dynamo.send.bind(dynamo);
    vi.spyOn(dynamo, 'send').mockImplementation((command: unknown) =>
      command instanceof UpdateItemCommand ? Promise.reject(new Error('denied')) : real(command as UpdateItemCommand),
    );
    const errors = vi.spyOn(console, 'error');
    setTime(later(AT, 60_000));
    await handler();
    expect(published()).toEqual(['lead.fold']);
    expect(errors.mock.calls.some(([line]) => line.includes('a due item could not be put off'))).toBe(true);
    expect(await dueAtOf(enrolmentKey(LEAD, ids[0] ?? ''))).toBe(AT);
  });

  it('stay where somebody else moved them while they were looked at', async () => {
    await overdueEnrolments();
    const [id = ''] = ids;
    const moved = later(AT, 86_400_000);
    machines.on(DescribeExecutionCommand).callsFake(async () => {
      const { body } = (await getItem(enrolmentKey(LEAD, id))) ?? {};
      await putItem({ ...enrolmentKey(LEAD, id), ...dueOf(id, moved), body: body as object });
      throw new Error('denied');
    });
    setTime(later(AT, 60_000));
    await handler();
    expect(await dueAtOf(enrolmentKey(LEAD, id))).toBe(moved);
  });

  it('of a kind that nobody knows are errors that name it, and keep nothing waiting', async () => {
    for (const id of ids) await putItem({ pk: leadPk(LEAD), sk: `NOVELTY#${id}`, ...dueOf(id, AT), body: {} });
    await putBehind();
    const errors = vi.spyOn(console, 'error');
    setTime(later(AT, 60_000));
    await handler();
    expect(published()).toEqual(['lead.fold']);
    expect(errors.mock.calls.filter(([line]) => JSON.parse(line).eventType === 'NOVELTY')).toHaveLength(MANY);
  });

  it('among the messages that a crash left behind keep no other message waiting', async () => {
    for (const id of ids) await putItem({ ...outboxKey({ id: `msg_${id}`, at: AT }), body: { of: 'another shape' } });
    const id = `msg_${'8'.repeat(25)}7`;
    const message = { type: 'lead.due', leadId: LEAD, id, version: 1, at: AT } as const;
    await putItem(outboxItem({ id, at: later(AT, 1), messages: [message] }));
    const errors = vi.spyOn(console, 'error');
    setTime(later(AT, 60_000));
    await handler();
    expect(published()).toEqual(['lead.due']);
    expect(errors).toHaveBeenCalledTimes(MANY);
  });
});
