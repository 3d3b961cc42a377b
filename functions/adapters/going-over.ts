/**
 * What belongs to a lead that was merged into another one goes over, page by page. Each item is put there and deleted here
 * in one transaction, so that it can stop anywhere and go on.
 */
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { env } from '../env.ts';
import type { Lead } from '../lead/lead.ts';
import { dynamo, fromItem, toItem, values } from './dynamo.ts';
import { addLedger } from './mailed.ts';
import { leadIdOfPk, leadPk, MERGING, mailedKey, profileKey } from './table.ts';
import { sendTransaction } from './transaction.ts';

/** Two writes each, far below the 100 of a transaction. */
const PER_PAGE = 25;

/** These stay until all else is gone. */
const LAST = new Set([profileKey('').sk, MERGING]);

/** Most keep what they tell under `body`; counters and sets stand beside their key. */
const stored = z.looseObject({ pk: z.string(), sk: z.string(), body: z.optional(z.looseObject({})) });
type Stored = z.infer<typeof stored>;

/** Moves all but the profile. What is there already (the same event came to both) stays as it is there. */
export async function goOver(from: string, into: string): Promise<number> {
  let count = 0;
  for (;;) {
    const items = await page(from);
    if (items.length === 0) return count;
    for (const item of items) await moveItem(item, into);
    count += items.length;
  }
}

async function page(leadId: string): Promise<Stored[]> {
  const { Items } = await dynamo.send(
    new QueryCommand({
      TableName: env('table'),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: values({ ':pk': leadPk(leadId) }),
      ConsistentRead: true,
      Limit: PER_PAGE + LAST.size,
    }),
  );
  const items = (Items ?? []).map((item) => z.parse(stored, fromItem(item)));
  return items.filter(({ sk }) => !LAST.has(sk));
}

async function moveItem(item: Stored, into: string): Promise<void> {
  const { pk, sk, body } = item;
  if (sk === mailedKey('').sk) return addLedger(leadIdOfPk(pk), into);
  const own = body && 'leadId' in body ? { body: { ...body, leadId: into } } : {};
  const there = { ...item, ...own, pk: leadPk(into) };
  const remove = { Delete: { TableName: env('table'), Key: toItem({ pk, sk }) } };
  const put = {
    Put: { TableName: env('table'), Item: toItem(there), ConditionExpression: 'attribute_not_exists(pk)' },
  };
  try {
    await sendTransaction([put, remove]);
  } catch (error) {
    if (!isTaken(error)) throw error;
    await sendTransaction([remove]);
  }
}

const isTaken = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === 'TransactionCanceledException' &&
  'CancellationReasons' in error &&
  Array.isArray(error.CancellationReasons) &&
  error.CancellationReasons[0]?.Code === 'ConditionalCheckFailed';

/** In the place of the profile: where the lead has gone. Nothing is due any more. */
export async function leaveNote({ id, version }: Lead, into: string): Promise<void> {
  const TableName = env('table');
  const note = { ...profileKey(id), body: { id, version: version + 1, mergedInto: into } };
  await sendTransaction([
    { Put: { TableName, Item: toItem(note), ConditionExpression: 'attribute_exists(pk)' } },
    { Delete: { TableName, Key: toItem({ pk: leadPk(id), sk: MERGING }) } },
  ]);
}
