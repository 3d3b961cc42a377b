/** The one DynamoDB client, and items as plain objects. */
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { env } from '../env.ts';
import { gather } from './gather.ts';
import { lean } from './lean.ts';
import { unpacked } from './packed.ts';
import { PlainJson } from './plain-json.ts';
import type { Item, Key } from './table.ts';

/**
 * Four attempts of at most 3 s (the SDK waits 100 ms and doubles, with jitter) stay below the 30 s of the HTTP API;
 * `throwOnRequestTimeout`, since the SDK only warns otherwise.
 */
export const dynamo = lean(
  new DynamoDBClient({
    maxAttempts: 4,
    cacheMiddleware: true,
    protocol: PlainJson,
    requestHandler: {
      connectionTimeout: 1000,
      requestTimeout: 3000,
      throwOnRequestTimeout: true,
      // Waiting for one of 50 sockets, the default, would count as connecting.
      httpAgent: { maxSockets: 500 },
      httpsAgent: { maxSockets: 500 },
    },
  }),
  'dynamodb',
);

/**
 * Optional properties that are undefined are left out. What has a property `constructor` (campaigns are named by whoever
 * makes a link) is none of a plain object's to marshall, which is told that it is.
 */
export const toItem = (item: object): Record<string, AttributeValue> =>
  marshall(item, { removeUndefinedValues: true, convertClassInstanceToMap: true });

/** Values of an expression: `{':at': …}`. */
export const values = toItem;

/** An item as a plain object, its body whole. */
export const fromItem = (item: Record<string, AttributeValue>): Record<string, unknown> => unpacked(unmarshall(item));

/** The key alone: whoever found it in an index has more in hand, which DynamoDB refuses. */
const keyOf = ({ pk, sk }: Key): Record<string, AttributeValue> => toItem({ pk, sk });

/** DynamoDB takes 100 keys a call; far fewer wait at once. */
const read = /* @__PURE__ */ gather<Key, Record<string, unknown> | undefined>({
  atOnce: 2,
  most: 50,
  apart: ({ pk, sk }) => [`${pk}|${sk}`],
  serve(keys) {
    if (keys.length === 1) return keys.map(readOne);
    const items = getItems(keys).then((found) => new Map(found.map((item) => [`${item.pk}|${item.sk}`, item])));
    return keys.map(async ({ pk, sk }) => (await items).get(`${pk}|${sk}`));
  },
});

async function readOne(key: Key): Promise<Record<string, unknown> | undefined> {
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: env('table'), Key: keyOf(key), ConsistentRead: true }),
  );
  return Item && fromItem(Item);
}

/** One item, or undefined, read consistently. */
export const getItem = (key: Key): Promise<Record<string, unknown> | undefined> => read(key);

/** All items of a query, over all its pages. */
export async function queryAll(query: Omit<QueryCommandInput, 'TableName'>): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await dynamo.send(new QueryCommand({ ...query, TableName: env('table'), ExclusiveStartKey: from }));
    items.push(...(page.Items ?? []).map(fromItem));
    from = page.LastEvaluatedKey;
  } while (from && items.length < (query.Limit ?? Number.POSITIVE_INFINITY));
  return items;
}

/** The items of any number of keys, read consistently, in no order; those that do not exist are left out. */
export async function getItems(keys: Key[]): Promise<Record<string, unknown>[]> {
  const table = env('table');
  const items: Record<string, unknown>[] = [];
  // 100 keys a call is the service's limit; what it leaves unprocessed is asked for again.
  let left = keys.map(keyOf);
  while (left.length > 0) {
    const request = { [table]: { Keys: left.slice(0, 100), ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await dynamo.send(new BatchGetItemCommand({ RequestItems: request }));
    items.push(...(Responses?.[table] ?? []).map(fromItem));
    left = [...(UnprocessedKeys?.[table]?.Keys ?? []), ...left.slice(100)];
  }
  return items;
}

export async function putItem(item: Item): Promise<void> {
  await dynamo.send(new PutItemCommand({ TableName: env('table'), Item: toItem(item) }));
}

const remove = /* @__PURE__ */ gather<Key, void>({
  atOnce: 2,
  most: 25,
  apart: ({ pk, sk }) => [`${pk}|${sk}`],
  serve(keys) {
    if (keys.length === 1) return keys.map(removeOne);
    const all = removeAll(keys);
    return keys.map(() => all);
  },
});

async function removeOne(key: Key): Promise<void> {
  await dynamo.send(new DeleteItemCommand({ TableName: env('table'), Key: keyOf(key) }));
}

/** @throws Error when DynamoDB left some of them. */
async function removeAll(keys: Key[]): Promise<void> {
  const requests = keys.map((key) => ({ DeleteRequest: { Key: keyOf(key) } }));
  const { UnprocessedItems } = await dynamo.send(
    new BatchWriteItemCommand({ RequestItems: { [env('table')]: requests } }),
  );
  const left = UnprocessedItems?.[env('table')]?.length ?? 0;
  if (left > 0) throw new Error(`DynamoDB left ${left} of ${keys.length} items to delete.`);
}

/** Deletes one item, if it is there. */
export const deleteItem = (key: Key): Promise<void> => remove(key);
