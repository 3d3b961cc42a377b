/** A slot for one mail: one counter a second, raised by one write; who comes too late is told when to come again. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import { type Asked, hasSlot, slotsAtOnce, slotsPerSecond, spread } from '../lead/slot.ts';
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
  const second = Math.floor(Date.parse(now) / 1000);
  const held = inHand[kind];
  if (held.second === second && held.slots > 0) {
    held.slots--;
    return undefined;
  }
  const slots = slotsAtOnce(rate);
  const asked = await raise(kind, second, slots);
  if (hasSlot(kind, asked, rate)) {
    inHand[kind] = { second, slots: slots - 1 };
    return undefined;
  }
  return spread(now, asked.nurture + asked.urgent, slotsPerSecond(rate), Math.random());
}

/** Slots of this second that this process has taken and not used. */
const inHand: Record<keyof Asked, { second: number; slots: number }> = {
  nurture: { second: 0, slots: 0 },
  urgent: { second: 0, slots: 0 },
};

// Long enough for any clock that runs late.
const KEEP_SECONDS = 3600;
const counted = z.object({ nurture: z._default(z.number(), 0), urgent: z._default(z.number(), 0) });

async function raise(kind: keyof Asked, second: number, slots: number): Promise<Asked> {
  const { Attributes } = await dynamo.send(
    new UpdateItemCommand({
      TableName: env('table'),
      Key: toItem(paceKey(second)),
      UpdateExpression: 'ADD #kind :slots SET #ttl = :ttl',
      ExpressionAttributeNames: { '#ttl': 'ttl', '#kind': kind },
      ExpressionAttributeValues: values({ ':slots': slots, ':ttl': second + KEEP_SECONDS }),
      ReturnValues: 'ALL_NEW',
    }),
  );
  return z.parse(counted, fromItem(Attributes ?? {}));
}
