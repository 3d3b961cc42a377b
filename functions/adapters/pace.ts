/** A slot for one mail: one counter a second, raised by one write; who comes too late is told when to come again. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import { type Asked, hasSlot, slotsAtOnce, slotsPerSecond, spread } from '../lead/slot.ts';
import { dynamo, fromItem, toItem, values } from './dynamo.ts';
import { accountRate } from './mail.ts';
import { paceKey } from './table.ts';

/** What this process knows of one second: slots that it took and has not used, or that there are no more. */
interface Hand {
  second: number;
  slots: number;
  /** How many had asked when it was refused, and how many more have asked here since. */
  refused?: number;
  taking?: Promise<void>;
}

const hands: Record<keyof Asked, Hand> = { nurture: { second: 0, slots: 0 }, urgent: { second: 0, slots: 0 } };

/**
 * Takes a slot in this second.
 * @param kind `urgent`: somebody waits for this mail, be it a visitor or sales.
 * @returns undefined when it has one, else the instant at which to ask again.
 */
export async function takeSlot(kind: keyof Asked, now: Instant): Promise<Instant | undefined> {
  const rate = await accountRate(now);
  const second = Math.floor(Date.parse(now) / 1000);
  if (hands[kind].second !== second) hands[kind] = { second, slots: 0 };
  const hand = hands[kind];
  while (hand.slots === 0 && hand.refused === undefined) {
    // Of those that come at once, one writes, for all of them.
    hand.taking ??= takeSome(hand, kind, rate).finally(() => delete hand.taking);
    await hand.taking;
  }
  if (hand.slots > 0) {
    hand.slots--;
    return undefined;
  }
  hand.refused = (hand.refused ?? 0) + 1;
  return spread(now, hand.refused, slotsPerSecond(rate), Math.random());
}

async function takeSome(hand: Hand, kind: keyof Asked, rate: number): Promise<void> {
  const slots = slotsAtOnce(rate);
  const asked = await raise(kind, hand.second, slots);
  if (hasSlot(kind, asked, rate)) hand.slots = slots;
  // Who is refused counts itself below.
  else hand.refused = asked.nurture + asked.urgent - 1;
}

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
