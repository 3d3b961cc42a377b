/** What is due: the sharded index that the sweeper reads, and the messages that a crash left behind. */
import { QueryCommand, type QueryCommandInput, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import { dynamo, fromItem, toItem, values } from './dynamo.ts';
import { duePk, INDEX, type Key, later, OUTBOX, OUTBOX_GRACE_MS, outboxAt, outboxPk, SHARDS } from './table.ts';

const keyShape = z.object({ pk: z.string(), sk: z.string() });
const entryShape = z.extend(keyShape, { dueAt: z.string() });

/** The key of a due item and when it was due. */
export type Due = z.infer<typeof entryShape>;

/** What a due item is, by the first word of its key: `PEND`, `ENR`, `OUT`, … */
export const kindOf = ({ pk, sk }: Due): string => (pk.startsWith(OUTBOX) ? pk : sk).split('#')[0] ?? '';

export const idOf = ({ pk, sk, dueAt }: Due): string => `${pk}|${sk}|${dueAt}`;

/** A shard of what is due, the earliest first, and how its items are read. */
interface Queue {
  query: Omit<QueryCommandInput, 'TableName'>;
  dueIn(item: Record<string, unknown>): Due;
}

const indexed = (shard: number, now: Instant): Queue => ({
  query: {
    IndexName: INDEX.due,
    KeyConditionExpression: 'duePk = :due AND dueAt <= :now',
    ExpressionAttributeValues: values({ ':due': duePk(shard), ':now': now }),
  },
  dueIn: (item) => z.parse(entryShape, item),
});

/** Messages that were not published with their commit: they are found by their own key, which is in the order of time. */
const outboxes = (shard: number, now: Instant): Queue => ({
  query: {
    // What follows an instant in the key, `#`, sorts before `~`.
    KeyConditionExpression: 'pk = :pk AND sk < :end',
    ExpressionAttributeValues: values({ ':pk': outboxPk(shard), ':end': `${later(now, -OUTBOX_GRACE_MS)}~` }),
    ProjectionExpression: 'pk, sk',
  },
  dueIn(item) {
    const { pk, sk } = z.parse(keyShape, item);
    return { pk, sk, dueAt: later(outboxAt(sk), OUTBOX_GRACE_MS) };
  },
});

/** Those that were seen are passed by, over as many pages as it takes: what keeps its place hides nothing behind it. */
async function firstOf({ query, dueIn }: Queue, limit: number, seen: ReadonlySet<string>): Promise<Due[]> {
  const found: Due[] = [];
  let from: QueryCommandInput['ExclusiveStartKey'];
  do {
    const { Items, LastEvaluatedKey } = await dynamo.send(
      new QueryCommand({ ...query, TableName: env('table'), Limit: limit, ExclusiveStartKey: from }),
    );
    const page = (Items ?? []).map((item) => dueIn(fromItem(item)));
    found.push(...page.filter((due) => !seen.has(idOf(due))));
    from = LastEvaluatedKey;
  } while (from && found.length < limit);
  return found.slice(0, limit);
}

/**
 * What is due by now, the earliest first; at most `limit` of each kind and shard.
 * @param seen those to pass by (`idOf`).
 */
export async function dueBy(now: Instant, limit: number, seen: ReadonlySet<string> = new Set()): Promise<Due[]> {
  const queues = SHARDS.flatMap((shard) => [indexed(shard, now), outboxes(shard, now)]);
  const found = await Promise.all(queues.map((queue) => firstOf(queue, limit, seen)));
  return found.flat().sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
}

/** No instant is later. */
const END_OF_TIME = '9999-12-31T23:59:59.999Z';

/** When the first of all that is there falls due, past ones included. */
export const firstDue = async (): Promise<Instant | undefined> => (await dueBy(END_OF_TIME, 1))[0]?.dueAt;

/**
 * Looks at an item again later, unless it was written meanwhile with another due instant, or none. A message that was left
 * keeps its place, which is its key.
 */
export async function putOffDue({ pk, sk, dueAt }: Due, until: Instant): Promise<void> {
  if (pk.startsWith(OUTBOX)) return;
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
