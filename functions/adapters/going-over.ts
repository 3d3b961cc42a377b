/**
 * What belongs to a lead that was merged into another one goes over, page by page. Each item is put there and deleted here
 * in one transaction, so that it can stop anywhere and go on.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { QueryCommand, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { env } from '../env.ts';
import type { Lead } from '../lead/lead.ts';
import { dynamo, fromItem, toItem, values } from './dynamo.ts';
import { lastIdOf } from './leads.ts';
import { addLedger } from './mailed.ts';
import { EVENT, leadPk, MERGING, mailedKey, profileKey } from './table.ts';
import { sendTransaction } from './transaction.ts';
import { notMerged } from './writes.ts';

/** Two writes each, far below the 100 of a transaction. */
const PER_PAGE = 25;
const TRIES = 8;

/** These stay until all else is gone. */
const LAST = new Set([profileKey('').sk, MERGING]);

/** Most keep what they tell under `body`; counters and sets stand beside their key. */
const stored = z.looseObject({ pk: z.string(), sk: z.string(), body: z.optional(z.looseObject({})) });
type Stored = z.infer<typeof stored>;

/** The lead that is given up. */
type Gone = Pick<Lead, 'id' | 'email'>;

/**
 * Moves all but the profile. What is there already (the same event came to both) stays as it is there. The other one may
 * be given up itself meanwhile: what has not gone over then goes where that one went.
 * @returns where all is now.
 */
export async function goOver(from: Gone, next: string): Promise<{ into: string; count: number }> {
  let count = 0;
  for (;;) {
    const into = await lastIdOf(next);
    const items = await page(from.id);
    if (items.length === 0) return { into, count };
    for (const item of items) if (!(await moveItem(item, from, into))) break;
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

/** @returns false: nothing was done, the other lead was merged into a third one. */
async function moveItem(item: Stored, from: Gone, into: string): Promise<boolean> {
  const { pk, sk, body } = item;
  if (sk === mailedKey('').sk) return addLedger(from.id, into);
  // An event that went over before keeps the address that it came with.
  const address = sk.startsWith(EVENT) ? { address: from.email.asTyped } : {};
  const own = body && 'leadId' in body ? { body: { ...address, ...body, leadId: into } } : {};
  const there = { ...item, ...own, pk: leadPk(into) };
  const remove = { Delete: { TableName: env('table'), Key: toItem({ pk, sk }) } };
  const put = {
    Put: { TableName: env('table'), Item: toItem(there), ConditionExpression: 'attribute_not_exists(pk)' },
  };
  for (let tried = 0; ; tried++) {
    try {
      await sendTransaction([{ ConditionCheck: notMerged(into) }, put, remove]);
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const [merged, taken] = (error.CancellationReasons ?? []).map(({ Code }) => Code === 'ConditionalCheckFailed');
      if (merged) return false;
      if (taken) return sendTransaction([remove]).then(() => true);
      // Something happens to the other lead at this moment.
      if (tried >= TRIES) throw error;
      await pause(Math.random() * 10 * 2 ** tried);
    }
  }
}

/** In the place of the profile: where the lead has gone. Nothing is due any more. */
export async function leaveNote({ id, version }: Lead, into: string): Promise<void> {
  const TableName = env('table');
  const note = { ...profileKey(id), body: { id, version: version + 1, mergedInto: into } };
  await sendTransaction([
    { Put: { TableName, Item: toItem(note), ConditionExpression: 'attribute_exists(pk)' } },
    { Delete: { TableName, Key: toItem({ pk: leadPk(id), sk: MERGING }) } },
  ]);
}
