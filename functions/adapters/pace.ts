/** A slot for one mail: one counter a second, raised by one write; who comes too late is told when to come again. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import { slotsPerSecond, spread } from '../lead/slot.ts';
import { dynamo, toItem, values } from './dynamo.ts';
import { accountRate } from './mail.ts';
import { paceKey } from './table.ts';

/** Takes a slot in this second. @returns undefined when it has one, else the instant at which to ask again. */
export async function takeSlot(now: Instant): Promise<Instant | undefined> {
  const slots = slotsPerSecond(await accountRate(now));
  const asked = await raise(Math.floor(Date.parse(now) / 1000));
  return asked <= slots ? undefined : spread(now, asked, slots, Math.random());
}

// Long enough for any clock that runs late.
const KEEP_SECONDS = 3600;

async function raise(second: number): Promise<number> {
  const { Attributes } = await dynamo.send(
    new UpdateItemCommand({
      TableName: env('table'),
      Key: toItem(paceKey(second)),
      UpdateExpression: 'ADD asked :one SET #ttl = :ttl',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: values({ ':one': 1, ':ttl': second + KEEP_SECONDS }),
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  return Number(Attributes?.asked?.N ?? 0);
}
