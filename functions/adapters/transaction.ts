/**
 * Sending transactions, and updates. Those that come at once to this process and touch different items go out as one; where
 * that one is cancelled or fails, each goes out by itself, and its own answer is what counts. All conditions of a transaction
 * hold or fail with it, so that going together never lets one through that would fail alone.
 */
import { randomUUID } from 'node:crypto';
import {
  DynamoDBServiceException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { optionalEnv } from '../env.ts';
import { dynamo } from './dynamo.ts';
import { gather } from './gather.ts';

/** The most that a transaction of DynamoDB takes. */
export const MOST_WRITES = 100;

/** An update, as a write of a transaction. */
export type Update = NonNullable<TransactWriteItem['Update']>;

interface Entry {
  writes: TransactWriteItem[];
  /** Alone it need not be a transaction, for which AWS charges twice. */
  update?: Update;
}

const send = /* @__PURE__ */ gather<Entry, void>({
  atOnce: 2,
  most: MOST_WRITES,
  size: ({ writes }) => writes.length,
  apart: ({ writes }) => writes.map(keyOf),
  serve(entries) {
    if (entries.length === 1) return entries.map(alone);
    const together = transact(entries.flatMap(({ writes }) => writes));
    return entries.map((entry) => together.catch((error: unknown) => aloneAfter(error, entry)));
  },
});

/** After a time-out or a fault of the server all may have been written: what has no condition must not be sent again. */
function aloneAfter(error: unknown, entry: Entry): Promise<void> {
  const isRefused = error instanceof DynamoDBServiceException && error.$fault === 'client';
  if (isRefused || !entry.update || entry.update.ConditionExpression) return alone(entry);
  throw error;
}

async function alone({ writes, update }: Entry): Promise<void> {
  if (update) await dynamo.send(new UpdateItemCommand(update));
  else await transact(writes);
}

async function transact(writes: TransactWriteItem[]): Promise<void> {
  await dynamo.send(new TransactWriteItemsCommand({ TransactItems: writes, ...retryToken() }));
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
 * @throws what DynamoDB throws; TransactionCanceledException with the reasons in the order of the writes.
 */
export const sendTransaction = (writes: TransactWriteItem[]): Promise<void> => send({ writes });

/**
 * Runs one update of which nothing but its success is to be known.
 * @throws what DynamoDB throws of an update; ConditionalCheckFailedException when its condition does not hold.
 */
export const sendUpdate = (update: Update): Promise<void> => send({ writes: [{ Update: update }], update });
