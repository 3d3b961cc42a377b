/** What is due: the sharded index that the sweeper reads. */
import { QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import { dynamo, fromItem, toItem, values } from './dynamo.ts';
import { duePk, INDEX, type Key, SHARDS } from './table.ts';

const entryShape = z.object({ pk: z.string(), sk: z.string(), dueAt: z.string() });

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

const overShards = async (condition: string, now: Instant, limit: number): Promise<Due[]> => {
  const found = await Promise.all(SHARDS.map((shard) => read(shard, condition, now, limit)));
  return found.flat().sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
};

/** What is due by now, the earliest first; at most `limit` of each shard. */
export const dueBy = (now: Instant, limit: number): Promise<Due[]> => overShards('<=', now, limit);

/** When the first of all that is in the index falls due, past ones included. */
export const firstDue = async (): Promise<Instant | undefined> => (await overShards('>', '0', 1))[0]?.dueAt;

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
