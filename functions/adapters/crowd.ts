/** Where an address with an agent was seen lately: the evidence that goes across leads. Keeps ids and a hash alone. */
import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { env } from '../env.ts';
import { type Crowd, crowdAround, FEWEST, type Seen, WITHIN_MS } from '../lead/traffic-crowd.ts';
import { dynamo, fromItem, getItem, toItem, values } from './dynamo.ts';
import { crowdKey, crowdTtl, hoursAround } from './traffic-items.ts';

/** In an hour. More than an office of people does; who comes then stands in a crowd if these do. */
const MOST = 50;

const shape = z.looseObject({ seen: z.optional(z.set(z.string())) });
const seenIn = (item: Record<string, unknown> | undefined): Seen[] =>
  [...(z.parse(shape, item ?? {}).seen ?? [])].map((entry) => {
    const [leadId = '', messageId = '', actId = '', at = ''] = entry.split(' ');
    return { leadId, messageId, actId, at };
  });

/** Notes one click of an address and agent, and tells the crowd around it. */
export async function seenWith(ip: string, agent: string, act: Seen): Promise<Crowd> {
  const [hour = 0, ...neighbours] = hoursAround(act.at, WITHIN_MS);
  const { seen, full } = await add(ip, agent, hour, act);
  // After the own one is written: of two that come at once, one sees the other.
  const around = await Promise.all(neighbours.map((one) => getItem(crowdKey(ip, agent, one))));
  const all = [...seen, ...around.flatMap(seenIn)];
  const crowd = crowdAround(act, full ? [...all, act] : all);
  return full ? { ...crowd, own: crowd.own || new Set(all.map(({ leadId }) => leadId)).size >= FEWEST } : crowd;
}

async function add(ip: string, agent: string, hour: number, act: Seen): Promise<{ seen: Seen[]; full: boolean }> {
  const { leadId, messageId, actId, at } = act;
  try {
    const { Attributes } = await dynamo.send(
      new UpdateItemCommand({
        TableName: env('table'),
        Key: toItem(crowdKey(ip, agent, hour)),
        UpdateExpression: 'SET #ttl = :ttl ADD seen :seen',
        ConditionExpression: 'attribute_not_exists(seen) OR size(seen) < :most',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: values({
          ':ttl': crowdTtl(at),
          ':seen': new Set([[leadId, messageId, actId, at].join(' ')]),
          ':most': MOST,
        }),
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
