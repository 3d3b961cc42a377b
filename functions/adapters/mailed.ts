/** The ledger of a lead's marketing mails: read before a claim, written in its transaction. */
import { setTimeout as pause } from 'node:timers/promises';
import { TransactionCanceledException, type TransactWriteItem, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { env } from '../env.ts';
import type { Lead, Send } from '../lead/lead.ts';
import type { Mailed } from '../lead/mailed.ts';
import { dynamo, getItem, toItem, values } from './dynamo.ts';
import { mailedOf } from './item.ts';
import { sendsOf } from './leads.ts';
import { mailedItem, mailedKey } from './table.ts';
import { sendTransaction } from './transaction.ts';
import { notMerged } from './writes.ts';

/** A claimed or unknown one may have gone out. */
const GONE = new Set<Send['status']>(['claimed', 'sent', 'unknown']);

/** The ledger; where there is none yet, of what was mailed before it began (version 0). */
export async function loadMailed({ id }: Pick<Lead, 'id'>): Promise<Mailed> {
  const item = await getItem(mailedKey(id));
  if (item) return mailedOf(item);
  const sends = (await sendsOf(id)).filter(({ purpose, status }) => purpose === 'marketing' && GONE.has(status));
  return { version: 0, sent: Object.fromEntries(sends.map((send) => [send.id, send.at])) };
}

/** Holds only if nobody has written the ledger since it was read: of two mails that claim at once, one looks again. */
export const mailedWrite = (leadId: string, read: Mailed, next: Mailed): TransactWriteItem => ({
  Put: {
    TableName: env('table'),
    Item: toItem(mailedItem(leadId, next)),
    ...(read.version === 0
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: 'body.#version = :read',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: values({ ':read': read.version }),
        }),
  },
});

const TRIES = 10;

/**
 * Adds the ledger of a lead that was merged into another one to that one's, and deletes it.
 * @returns false: nothing was done, that one was itself merged into a third.
 */
export async function addLedger(from: string, into: string): Promise<boolean> {
  for (let tried = 0; tried < TRIES; tried++) {
    const item = await getItem(mailedKey(from));
    if (!item) return true;
    const read = await loadMailed({ id: into });
    const next = { version: read.version + 1, sent: { ...read.sent, ...mailedOf(item).sent } };
    const remove = { Delete: { TableName: env('table'), Key: toItem(mailedKey(from)) } };
    try {
      await sendTransaction([{ ConditionCheck: notMerged(into) }, mailedWrite(into, read, next), remove]);
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      if (error.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed') return false;
      await pause(Math.random() * 20 * 2 ** tried);
    }
  }
  throw new Error('The ledger of mails is being written all the time.');
}

/** Takes a mail off the ledger that SES did not take after all. */
export async function forgetMail(leadId: string, sendId: string): Promise<void> {
  try {
    await dynamo.send(
      new UpdateItemCommand({
        TableName: env('table'),
        Key: toItem(mailedKey(leadId)),
        UpdateExpression: 'SET body.#version = body.#version + :one REMOVE body.sent.#id',
        ConditionExpression: 'attribute_exists(body.sent.#id)',
        ExpressionAttributeNames: { '#version': 'version', '#id': sendId },
        ExpressionAttributeValues: values({ ':one': 1 }),
      }),
    );
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ConditionalCheckFailedException')) throw error;
  }
}
