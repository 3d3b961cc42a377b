/** Where an address with an agent was seen lately: the evidence that goes across leads. Keeps ids and a hash alone. */
import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { env } from '../env.ts';
import { type Crowd, crowdAround, FEWEST, type Seen, WITHIN_MS } from '../lead/traffic-crowd.ts';
import { dynamo, fromItem, getItem, toItem, values } from './dynamo.ts';
import { gather } from './gather.ts';
import type { Key } from './table.ts';
import { crowdKey, crowdTtl, hoursAround } from './traffic-items.ts';
import { sendUpdate, type Update } from './transaction.ts';

/** In an hour. More than an office of people does; who comes then stands in a crowd if these do. */
const MOST = 50;

const shape = z.looseObject({ seen: z.optional(z.set(z.string())) });
const seenIn = (item: Record<string, unknown> | undefined): Seen[] =>
  [...(z.parse(shape, item ?? {}).seen ?? [])].map((entry) => {
    const [leadId = '', messageId = '', actId = '', at = ''] = entry.split(' ');
    return { leadId, messageId, actId, at };
  });

/** A click, and where it is noted. */
interface Entry {
  key: Key;
  act: Seen;
  noted: Promise<unknown> | undefined;
}

/** Who was seen there. `full`: as many as are noted, the click not among them. */
interface Noted {
  seen: Seen[];
  full: boolean;
}

/**
 * Notes one click of an address and agent, and tells the crowd around it.
 * @param noted when the act stands beside its mail, if it does not yet. Who was seen is looked up after that: whoever comes
 * later tells those alone that he finds there, and the others find him.
 */
export async function seenWith(ip: string, agent: string, act: Seen, noted?: Promise<unknown>): Promise<Crowd> {
  const [hour = 0, ...neighbours] = hoursAround(act.at, WITHIN_MS);
  const { seen, full } = await note({ key: crowdKey(ip, agent, hour), act, noted });
  // After the own one is written: of two that come at once, one sees the other.
  const around = await Promise.all(neighbours.map((one) => getItem(crowdKey(ip, agent, one))));
  const all = [...seen, ...around.flatMap(seenIn)];
  const crowd = crowdAround(act, full ? [...all, act] : all);
  return full ? { ...crowd, own: crowd.own || new Set(all.map(({ leadId }) => leadId)).size >= FEWEST } : crowd;
}

/** Those that come at once are noted together; one alone by an update that tells who was seen. */
const note = /* @__PURE__ */ gather<Entry, Noted>({
  atOnce: 1,
  most: 25,
  serve(entries) {
    if (entries.length === 1) return entries.map(noteOne);
    const noted = new Map([...Map.groupBy(entries, ({ key }) => key.pk)].map(([pk, those]) => [pk, noteSome(those)]));
    return entries.map((entry) => noted.get(entry.key.pk) ?? noteOne(entry));
  },
});

async function noteOne(entry: Entry): Promise<Noted> {
  await entry.noted;
  try {
    const { Attributes } = await dynamo.send(
      new UpdateItemCommand({
        ...updateOf([entry]),
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { seen: seenIn(Attributes && fromItem(Attributes)), full: false };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { seen: seenIn(error.Item && fromItem(error.Item)), full: true };
  }
}

/** Clicks of one address and agent. Who else was seen is read after they are written. */
async function noteSome(entries: Entry[]): Promise<Noted> {
  const [{ key }] = entries as [Entry];
  const full = await sendUpdate(updateOf(entries)).then(() => false, isFull);
  await Promise.allSettled(entries.map(({ noted }) => noted));
  return { seen: seenIn(await getItem(key)), full };
}

function isFull(error: unknown): true {
  if (error instanceof ConditionalCheckFailedException) return true;
  throw error;
}

function updateOf(entries: Entry[]): Update {
  const [{ key, act: first }] = entries as [Entry];
  return {
    TableName: env('table'),
    Key: toItem(key),
    UpdateExpression: 'SET #ttl = :ttl ADD seen :seen',
    ConditionExpression: 'attribute_not_exists(seen) OR size(seen) < :most',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: values({
      ':ttl': crowdTtl(first.at),
      ':seen': new Set(entries.map(({ act }) => [act.leadId, act.messageId, act.actId, act.at].join(' '))),
      ':most': MOST,
    }),
  };
}
