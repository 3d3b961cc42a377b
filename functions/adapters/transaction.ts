/**
 * Sending transactions. Those that come at once to this process and touch different items go out as one; where that one is
 * cancelled or fails, each goes out by itself, and its own answer is what counts. All conditions of a transaction hold or
 * fail with it, so that going together never lets one through that would fail alone.
 */
import { randomUUID } from 'node:crypto';
import { type TransactWriteItem, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { optionalEnv } from '../env.ts';
import { dynamo } from './dynamo.ts';
import { gather } from './gather.ts';

/** The most that a transaction of DynamoDB takes. */
export const MOST_WRITES = 100;

/** The error of the entry, where it has one. */
type Sent = { error?: unknown };

const send = /* @__PURE__ */ gather<TransactWriteItem[], Sent>({
  atOnce: 2,
  most: MOST_WRITES,
  size: (items) => items.length,
  apart: (items) => items.map(keyOf),
  async serve(entries) {
    if (entries.length === 1) return [await alone(entries[0] ?? [])];
    const { error } = await alone(entries.flat());
    if (error === undefined) return entries.map(() => ({}));
    return Promise.all(entries.map(alone));
  },
});

async function alone(items: TransactWriteItem[]): Promise<Sent> {
  try {
    await dynamo.send(new TransactWriteItemsCommand({ TransactItems: items, ...retryToken() }));
    return {};
  } catch (error) {
    return { error };
  }
}

/**
 * By which AWS knows a transaction again that the SDK sends once more after a time-out. The local server keeps all tokens in a
 * list that it walks (730 transactions a second fall to 240 within 100,000), and no transaction here needs one: each carries
 * its own conditions.
 */
const retryToken = (): { ClientRequestToken?: string } =>
  optionalEnv('dynamoEndpoint') ? {} : { ClientRequestToken: randomUUID() };

/** A partition key and a sort key as text: no transaction may name an item twice. */
function keyOf({ Put, Update, Delete, ConditionCheck }: TransactWriteItem): string {
  const { pk, sk } = Put?.Item ?? Update?.Key ?? Delete?.Key ?? ConditionCheck?.Key ?? {};
  return `${pk?.S}|${sk?.S}`;
}

/**
 * Runs one transaction.
 * @throws what DynamoDB throws; TransactionCanceledException with the reasons in the order of the items.
 */
export async function sendTransaction(items: TransactWriteItem[]): Promise<void> {
  const { error } = await send(items);
  if (error !== undefined) throw error;
}
