/** The stop of mail by itself, for when judging the unsubscribe, the bounce or the complaint has to wait. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import type { Lead } from '../lead/lead.ts';
import { dynamo, toItem, values } from './dynamo.ts';
import { profileKey } from './table.ts';

/** From now on no claim of a marketing mail succeeds. The version is raised, so that no older state overwrites it. */
export async function stopMarketing(leadId: string, at: Instant): Promise<void> {
  await dynamo.send(
    new UpdateItemCommand({
      TableName: env('table'),
      Key: toItem(profileKey(leadId)),
      UpdateExpression: 'SET body.stopped = if_not_exists(body.stopped, :stop), body.#version = body.#version + :one',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: values({ ':stop': { reason: 'unsubscribed', at }, ':one': 1 }),
    }),
  );
}

/** From now on no claim of any mail succeeds. */
export async function stopAllMail(leadId: string, suppression: NonNullable<Lead['suppressed']>): Promise<void> {
  await dynamo.send(
    new UpdateItemCommand({
      TableName: env('table'),
      Key: toItem(profileKey(leadId)),
      UpdateExpression:
        'SET body.suppressed = if_not_exists(body.suppressed, :stop), body.stopped = if_not_exists(body.stopped, :stop), ' +
        'body.#version = body.#version + :one',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: values({ ':stop': suppression, ':one': 1 }),
    }),
  );
}
