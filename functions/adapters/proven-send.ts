/** What an SES event proves of a send: that SES took it, that it arrived. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import type { Send } from '../lead/lead.ts';
import { toItem, values } from './dynamo.ts';
import { loadSend } from './leads.ts';
import { sendKey } from './table.ts';
import { sendUpdate, type Update } from './transaction.ts';

interface Proven {
  leadId: string;
  sendId: string;
  messageId: string;
}

/** `known`: it was settled already; `missing`: this lead has no such send. */
export type Settled = 'marked' | 'known' | 'missing';

/**
 * A send whose outcome its own attempt did not come to know is `sent`; nothing looks at it again. As a rule it knows, and
 * to read that costs a fifth of a write whose condition fails.
 */
export async function markSent(send: Proven): Promise<Settled> {
  const found = await loadSend(send.leadId, send.sendId);
  if (!found) return 'missing';
  return OPEN.has(found.status) ? markOpen(send) : 'known';
}

const OPEN: ReadonlySet<Send['status']> = new Set(['claimed', 'unknown', 'held']);

const markOpen = (send: Proven): Promise<Settled> =>
  update(send, {
    UpdateExpression: 'SET body.#status = :sent, body.messageId = :message REMOVE duePk, dueAt',
    ConditionExpression: 'body.#status IN (:claimed, :unknown, :held)',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: values({
      ':sent': 'sent',
      ':message': send.messageId,
      ':claimed': 'claimed',
      ':unknown': 'unknown',
      ':held': 'held',
    }),
  });

/** Arrived; which proves that it was sent, too. The first delivery counts. */
export const markDelivered = (send: Proven & { at: Instant }): Promise<Settled> =>
  update(send, {
    UpdateExpression: 'SET body.#status = :sent, body.messageId = :message, body.deliveredAt = :at REMOVE duePk, dueAt',
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(body.deliveredAt)',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: values({ ':sent': 'sent', ':message': send.messageId, ':at': send.at }),
  });

async function update({ leadId, sendId }: Proven, write: Omit<Update, 'TableName' | 'Key'>): Promise<Settled> {
  const Key = toItem(sendKey(leadId, sendId));
  try {
    await sendUpdate({ TableName: env('table'), Key, ReturnValuesOnConditionCheckFailure: 'ALL_OLD', ...write });
    return 'marked';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return error.Item ? 'known' : 'missing';
    throw error;
  }
}
