/** Publishing what a commit left in its outbox item, and settling it: right after the commit, or by the sweeper. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { env } from '../env.ts';
import { publish } from './bus.ts';
import { deleteItem, dynamo, getItem, toItem } from './dynamo.ts';
import { outboxOf } from './item.ts';
import { type Key, type Outbox, outboxItem, outboxKey } from './table.ts';

/**
 * Publishes and deletes the outbox item; what the bus did not take stays for the sweeper.
 * Never throws: the act is committed, and whatever happens here is made good by the next sweep.
 * @returns whether all went out.
 */
export async function publishOutbox(outbox: Outbox): Promise<boolean> {
  const left = await publish(outbox.messages);
  try {
    if (left.length === 0) await deleteItem(outboxKey(outbox));
    else if (left.length < outbox.messages.length) await keep({ ...outbox, messages: left });
  } catch {
    return false;
  }
  return left.length === 0;
}

/** Only if it is still there: another one may have published all of it meanwhile. */
const keep = (outbox: Outbox) =>
  dynamo.send(
    new PutItemCommand({
      TableName: env('table'),
      Item: toItem(outboxItem(outbox)),
      ConditionExpression: 'attribute_exists(pk)',
    }),
  );

/** Publishes an outbox item that its own commit did not settle. Gone: somebody did. */
export async function publishLeft(key: Key): Promise<boolean> {
  const item = await getItem(key);
  return item ? publishOutbox(outboxOf(item)) : true;
}
