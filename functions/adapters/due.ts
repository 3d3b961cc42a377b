/** What is due: the sharded index that the sweeper reads, and the messages that a crash left behind. */
import { QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import { dynamo, fromItem, toItem, values } from './dynamo.ts';
import { duePk, INDEX, type Key, later, OUTBOX_GRACE_MS, outboxAt, outboxPk, SHARDS } from './table.ts';

const keyShape = z.object({ pk: z.string(), sk: z.string() });
const entryShape = z.extend(keyShape, { dueAt: z.string() });

/** The key of a due item and when it was due. */
export type Due = z.infer<typeof entryShape>;

const read = async (shard: number, condition: string, now: Instant, limit: number): Promise<Due[]> => {
  const { Items } = await dynamo.send(
    new QueryCommand({
      TableName: env('table'),
      IndexName: INDEX.due,
      KeyConditionExpression: `duePk = :due AND dueAt ${condition} :now`,
      ExpressionAttributeValues: values({ ':due': duePk(shard), ':now': now }),
      Limit: limit,
    }),
  );
  return (Items ?? []).map((item) => z.parse(entryShape, fromItem(item)));
};

/** Messages that were not published with their commit: they are found by their own key, which is in the order of time. */
async function outboxes(shard: number, now: Instant, limit: number): Promise<Due[]> {
  const { Items } = await dynamo.send(
    new QueryCommand({
      TableName: env('table'),
      // What follows an instant in the key, `#`, sorts before `~`.
      KeyConditionExpression: 'pk = :pk AND sk < :end',
      ExpressionAttributeValues: values({ ':pk': outboxPk(shard), ':end': `${later(now, -OUTBOX_GRACE_MS)}~` }),
      ProjectionExpression: 'pk, sk',
      Limit: limit,
    }),
  );
  return (Items ?? []).map((item) => {
    const { pk, sk } = z.parse(keyShape, fromItem(item));
    return { pk, sk, dueAt: later(outboxAt(sk), OUTBOX_GRACE_MS) };
  });
}

async function overShards(find: (shard: number) => Promise<Due[]>[]): Promise<Due[]> {
  const found = await Promise.all(SHARDS.flatMap(find));
  return found.flat().sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
}

/** What is due by now, the earliest first; at most `limit` of each kind and shard. */
export const dueBy = (now: Instant, limit: number): Promise<Due[]> =>
  overShards((shard) => [read(shard, '<=', now, limit), outboxes(shard, now, limit)]);

/** No instant is later. */
const END_OF_TIME = '9999-12-31T23:59:59.999Z';

/** When the first of all that is there falls due, past ones included. */
export const firstDue = async (): Promise<Instant | undefined> =>
  (await overShards((shard) => [read(shard, '>', '0', 1), outboxes(shard, END_OF_TIME, 1)]))[0]?.dueAt;

/** Looks at an item again later, unless it was written meanwhile with another due instant, or none. */
export async function putOffDue({ pk, sk, dueAt }: Due, until: Instant): Promise<void> {
  const key: Key = { pk, sk };
  try {
    await dynamo.send(
      new UpdateItemCommand({
        TableName: env('table'),
        Key: toItem(key),
        UpdateExpression: 'SET dueAt = :until',
        ConditionExpression: 'dueAt = :due',
        ExpressionAttributeValues: values({ ':until': until, ':due': dueAt }),
      }),
    );
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ConditionalCheckFailedException')) throw error;
  }
}
