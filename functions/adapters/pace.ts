/** A slot for one mail: one counter a second, raised by one write; who comes too late is told when to come again. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import { type Asked, hasSlot, slotsPerSecond, spread } from '../lead/slot.ts';
import { dynamo, fromItem, toItem, values } from './dynamo.ts';
import { accountRate } from './mail.ts';
import { paceKey } from './table.ts';

/**
 * Takes a slot in this second.
 * @param kind `urgent`: somebody waits for this mail, be it a visitor or sales.
 * @returns undefined when it has one, else the instant at which to ask again.
 */
export async function takeSlot(kind: keyof Asked, now: Instant): Promise<Instant | undefined> {
  const rate = await accountRate(now);
  const asked = await raise(kind, Math.floor(Date.parse(now) / 1000));
  if (hasSlot(kind, asked, rate)) return undefined;
  return spread(now, asked.nurture + asked.urgent, slotsPerSecond(rate), Math.random());
}

// Long enough for any clock that runs late.
const KEEP_SECONDS = 3600;
const counted = z.object({ nurture: z._default(z.number(), 0), urgent: z._default(z.number(), 0) });

async function raise(kind: keyof Asked, second: number): Promise<Asked> {
  const { Attributes } = await dynamo.send(
    new UpdateItemCommand({
      TableName: env('table'),
      Key: toItem(paceKey(second)),
      UpdateExpression: 'ADD #kind :one SET #ttl = :ttl',
      ExpressionAttributeNames: { '#ttl': 'ttl', '#kind': kind },
      ExpressionAttributeValues: values({ ':one': 1, ':ttl': second + KEEP_SECONDS }),
      ReturnValues: 'ALL_NEW',
    }),
  );
  return z.parse(counted, fromItem(Attributes ?? {}));
}
