import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getItem, putItem } from '../../functions/adapters/dynamo.ts';
import { publishLeft, publishOutbox } from '../../functions/adapters/outbox.ts';
import { type Outbox, outboxItem, outboxKey } from '../../functions/adapters/table.ts';
import type { Envelope } from '../../functions/lead/message.ts';
import { type LocalDynamo, startLocalDynamo } from '../local-dynamo.ts';
import { AT } from './example-definition.ts';

let local: LocalDynamo;
const bus = mockClient(EventBridgeClient);

beforeAll(async () => {
  local = await startLocalDynamo();
});
afterAll(() => local.stop());
beforeEach(() => bus.reset());

const outboxOf = async (name: string, count: number) => {
  const messages = Array.from({ length: count }, (_, i): Envelope => {
    const id = `msg_${name}${i}`;
    return { type: 'lead.due', leadId: `lead_${i}`, id, version: 1, at: AT };
  });
  const outbox = { id: `msg_${name}0`, at: AT, messages };
  await putItem(outboxItem(outbox));
  return outbox;
};
const left = (outbox: Outbox) => getItem(outboxKey(outbox));
const accept = (from: (i: number) => boolean) =>
  bus.on(PutEventsCommand).callsFake(({ Entries }: { Entries: { Detail: string }[] }) => ({
    Entries: Entries.map(({ Detail }) => {
      const nth = Number(JSON.parse(Detail).leadId.slice(5));
      return from(nth) ? { EventId: 'e' } : { ErrorCode: 'ThrottlingException' };
    }),
  }));

describe('the messages of a commit', () => {
  it('go out ten a call, and their item is gone', async () => {
    accept(() => true);
    const outbox = await outboxOf('a', 23);
    expect(await publishOutbox(outbox)).toBe(true);
    const sizes = bus.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries?.length);
    expect(sizes).toEqual([10, 10, 3]);
    expect(await left(outbox)).toBeUndefined();
  });

  it('stay for the sweeper where the bus took only some: those alone, under the same ids', async () => {
    accept((i) => i !== 4 && i !== 11);
    const outbox = await outboxOf('b', 12);
    expect(await publishOutbox(outbox)).toBe(false);
    expect(await left(outbox)).toMatchObject({
      body: { messages: [{ id: 'msg_b4' }, { id: 'msg_b11' }] },
    });
    accept(() => true);
    expect(await publishLeft(outboxKey(outbox))).toBe(true);
    expect(await left(outbox)).toBeUndefined();
  });

  it('stay, all of them, when the bus cannot be reached; the act itself does not fail', async () => {
    bus.on(PutEventsCommand).rejects(new Error('timeout'));
    const outbox = await outboxOf('c', 2);
    expect(await publishOutbox(outbox)).toBe(false);
    expect(await left(outbox)).toMatchObject({ body: { messages: [{ id: 'msg_c0' }, { id: 'msg_c1' }] } });
  });

  it('do not come back when another one published all of them meanwhile', async () => {
    accept((i) => i === 0);
    const outbox = await outboxOf('d', 2);
    accept(() => true);
    await publishOutbox(outbox);
    accept((i) => i === 0);
    await publishOutbox(outbox);
    expect(await left(outbox)).toBeUndefined();
    expect(await publishLeft(outboxKey(outbox))).toBe(true);
  });
});
