/**
 * Counting bounces and complaints by the hour, and pausing all marketing mail when there are too many. What SES counts is
 * rare beside the mails, so that one counter an hour does; how many mails there were SES itself knows.
 */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetAccountCommand } from '@aws-sdk/client-sesv2';
import * as z from 'zod/mini';
import { env } from '../env.ts';
import { brakeReason, type Day, sendsSince } from '../lead/brake.ts';
import type { Instant } from '../lead/event.ts';
import { currentPointer, notePublication, published } from './definitions.ts';
import { dynamo, fromItem, queryAll, toItem, values } from './dynamo.ts';
import { ses } from './mail.ts';
import { brakeKey, later } from './table.ts';

export type Counted = 'bounces' | 'complaints';

const DAY_MS = 86_400_000;
const KEEP_S = 3 * 86_400;

/**
 * Counts one bounce or complaint, and pauses all marketing mail when that makes too many.
 * @param mailedAt when its mail went to SES: one from before the brake was released has been counted.
 * @returns the reason when this one pulled the brake.
 */
export async function countAgainst(as: Counted, mailedAt: Instant, now: Instant): Promise<string | undefined> {
  const { paused } = await published(now);
  const since = paused.since ?? '';
  if (mailedAt < since) return undefined;
  await raise(since, as, now);
  // Whoever is paused by hand is paused: nothing more would come of it.
  if (paused.all) return undefined;
  const day = await dayUntil(now, since);
  if (!day || brakeReason(day) === undefined) return undefined;
  // A campaign may have begun after SES was asked.
  const asked = await dayUntil(now, since, SURE_FOR_MS);
  const reason = asked && brakeReason(asked);
  return reason === undefined ? undefined : pull(reason, since, now);
}

const hourOf = (at: Instant): string => at.slice(0, 13);

async function raise(since: string, as: Counted, now: Instant): Promise<void> {
  await dynamo.send(
    new UpdateItemCommand({
      TableName: env('table'),
      Key: toItem(brakeKey(since, hourOf(now))),
      UpdateExpression: 'ADD #as :one SET #ttl = :ttl',
      ExpressionAttributeNames: { '#as': as, '#ttl': 'ttl' },
      ExpressionAttributeValues: values({ ':one': 1, ':ttl': Math.floor(Date.parse(now) / 1000) + KEEP_S }),
    }),
  );
}

const counter = z.object({ bounces: z._default(z.number(), 0), complaints: z._default(z.number(), 0) });

/**
 * The last 24 hours, the first of them whole: what was counted since the brake was released last (`since`).
 * @param goodForMs how old the number of mails may be.
 * @returns undefined when SES does not say how many mails there were: the next bounce asks again.
 */
export async function dayUntil(now: Instant, since: string, goodForMs = KNOWN_FOR_MS): Promise<Day | undefined> {
  const now24 = await sentLast24Hours(now, goodForMs);
  if (now24 === undefined) return undefined;
  const { pk, sk } = brakeKey(since, hourOf(later(now, -DAY_MS)));
  const items = await queryAll({
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: values({ ':pk': pk, ':first': sk, ':last': brakeKey(since, hourOf(now)).sk }),
    ConsistentRead: true,
  });
  const hours = items.map((item) => z.parse(counter, item));
  const sum = (as: Counted): number => hours.reduce((all, hour) => all + hour[as], 0);
  const sends = since === '' ? now24 : sendsSince(now24, await beganWith(since, now24, now), now);
  return { sends, bounces: sum('bounces'), complaints: sum('complaints') };
}

const beginning = z.object({ then24: z.number(), at: z.string() });

/** How many there had been when counting began anew: noted at the first count after it. */
async function beganWith(since: string, then24: number, now: Instant): Promise<z.infer<typeof beginning>> {
  const { Attributes } = await dynamo.send(
    new UpdateItemCommand({
      TableName: env('table'),
      Key: toItem(brakeKey(since, 'BEGAN')),
      UpdateExpression: 'SET then24 = if_not_exists(then24, :then), #at = if_not_exists(#at, :at)',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: values({ ':then': then24, ':at': now }),
      ReturnValues: 'ALL_NEW',
    }),
  );
  return z.parse(beginning, fromItem(Attributes ?? {}));
}

/** GetAccount shares one request a second with all other control calls of the account. */
const KNOWN_FOR_MS = 60_000;
/** Before the brake is pulled. */
const SURE_FOR_MS = 3_000;
let known: { sent: number; at: number } | undefined;

async function sentLast24Hours(now: Instant, goodForMs: number): Promise<number | undefined> {
  const at = Date.parse(now);
  if (known && at < known.at + goodForMs) return known.sent;
  const last = known && at < known.at + KNOWN_FOR_MS ? known.sent : undefined;
  try {
    const { SendQuota } = await ses.send(new GetAccountCommand({}));
    if (SendQuota?.SentLast24Hours === undefined) return last;
    known = { sent: SendQuota.SentLast24Hours, at };
    return known.sent;
  } catch {
    return last;
  }
}

/** Forgets what SES said; for tests. */
export function forgetSent(): void {
  known = undefined;
}

/** Publishers that get in each other's way read the pointer again. */
const TRIES = 5;

/** Of several that find the brake due at once, one pulls it. */
async function pull(reason: string, since: string, at: Instant): Promise<string | undefined> {
  for (let tried = 0; tried < TRIES; tried++) {
    const before = await currentPointer();
    // Pulled already; or released meanwhile, and these figures are over.
    if (!before || before.paused.all || (before.paused.since ?? '') !== since) return undefined;
    const paused = { ...before.paused, all: true, reason, at } as const;
    const note = { what: 'paused', at, by: 'brake', about: 'all' } as const;
    if ((await notePublication(before, note, { paused })) !== 'stale') return reason;
  }
  throw new Error('Others publish all the time: marketing mail was not paused.');
}
