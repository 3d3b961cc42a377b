/**
 * The ledger of mails: a send is claimed before it is handed over and settled afterwards, so that no step mails twice.
 *
 * A claim carries the id of the attempt and a lease. Who finds a claim of his own (the answer to his write was lost)
 * goes on; a foreign one under a live lease is waited for; a foreign one whose lease ran out means that nobody knows
 * whether SES took the mail: it is shown as `unknown` and never sent again by itself.
 */

import { setTimeout as pause } from 'node:timers/promises';
import {
  type CancellationReason,
  TransactionCanceledException,
  TransactionInProgressException,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import type { Send } from '../lead/lead.ts';
import { retry } from '../lead/task-error.ts';
import { fromItem, toItem, values } from './dynamo.ts';
import { sendOf } from './item.ts';
import { markUnknown } from './settle.ts';
import { enrolmentKey, later, profileKey, sendItem } from './table.ts';
import { sendTransaction } from './transaction.ts';

/** Longer than the send function may run (30 s): a lease that ran out has no attempt behind it any more. */
export const LEASE_MS = 60_000;

/** What bars a mail: nobody who is suppressed is mailed, nobody who stopped it gets marketing, and sales hears of nobody who is gone. */
const BARS = {
  marketing: ['suppressed', 'erased', 'mergedInto', 'stopped'],
  transactional: ['suppressed', 'erased', 'mergedInto'],
  sales: ['erased'],
} as const;

export interface Guards {
  /** Whose flags bar this mail, and which: see BARS. */
  lead?: keyof typeof BARS;
  /** The enrolment must still stand there. */
  enrolment?: { id: string; run: number; step: string };
  /** A write that holds or fails with the claim: the ledger that caps count by. */
  with?: TransactWriteItem | undefined;
  /** Looked at again when the lease has run out: for a mail that no machine waits for. */
  swept?: true;
}

export type Claimed =
  | { kind: 'claimed' }
  /** It was sent, refused, or nobody knows: nothing to hand over. */
  | { kind: 'settled'; send: Send }
  /** Another attempt is at it until then. */
  | { kind: 'busy'; until: Instant }
  /** A flag of the lead, or the end of the enrolment, came first. */
  | { kind: 'barred' };

const TRIES = 6;

/**
 * Claims a send for the attempt that it names.
 * @throws Error named Retry when others kept the items busy.
 */
export async function claimSend(send: Send, guards: Guards, now: Instant): Promise<Claimed> {
  for (let tried = 0; tried < TRIES; tried++) {
    const claimed = await tryClaim(send, guards, now);
    if (claimed) return claimed;
    await pause(Math.random() * 40 * 2 ** tried);
  }
  throw retry(`The send ${send.id} is busy.`);
}

async function tryClaim(send: Send, guards: Guards, now: Instant): Promise<Claimed | undefined> {
  const checks = checksOf(send.leadId, guards);
  try {
    await sendTransaction([claimOf(send, guards), ...checks, ...(guards.with ? [guards.with] : [])]);
    return { kind: 'claimed' };
  } catch (error) {
    if (error instanceof TransactionInProgressException) return undefined;
    if (!(error instanceof TransactionCanceledException)) throw error;
    return verdict(error.CancellationReasons ?? [], now, error);
  }
}

function claimOf(send: Send, guards: Guards): TransactWriteItem {
  return {
    Put: {
      TableName: env('table'),
      Item: toItem(sendItem(send, guards.swept ? send.leaseUntil : undefined)),
      ConditionExpression: 'attribute_not_exists(pk) OR body.#status = :held OR body.attempt = :attempt',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: values({ ':held': 'held', ':attempt': send.attempt }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

function checksOf(leadId: string, { lead, enrolment }: Guards): TransactWriteItem[] {
  const checks: TransactWriteItem[] = [];
  if (lead) {
    checks.push({
      ConditionCheck: {
        TableName: env('table'),
        Key: toItem(profileKey(leadId)),
        ConditionExpression: `attribute_exists(pk) AND ${BARS[lead].map((flag) => `attribute_not_exists(body.${flag})`).join(' AND ')}`,
      },
    });
  }
  if (enrolment) {
    checks.push({
      ConditionCheck: {
        TableName: env('table'),
        Key: toItem(enrolmentKey(leadId, enrolment.id)),
        ConditionExpression: 'body.#status = :active AND body.run = :run AND body.step = :step',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: values({ ':active': 'active', ':run': enrolment.run, ':step': enrolment.step }),
      },
    });
  }
  return checks;
}

const PASSING = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** What a cancelled claim means; undefined: try again. The send's own reason stands first. */
async function verdict(reasons: CancellationReason[], now: Instant, error: Error): Promise<Claimed | undefined> {
  const [own, ...checks] = reasons;
  if (own?.Code === 'ConditionalCheckFailed' && own.Item) return judge(sendOf(fromItem(own.Item)), now);
  if (checks.some(({ Code }) => Code === 'ConditionalCheckFailed')) return { kind: 'barred' };
  if (reasons.some(({ Code }) => PASSING.has(Code ?? ''))) return undefined;
  throw error;
}

async function judge(found: Send, now: Instant): Promise<Claimed | undefined> {
  if (found.status !== 'claimed') return { kind: 'settled', send: found };
  if (found.leaseUntil > now) return { kind: 'busy', until: found.leaseUntil };
  const unknown = await markUnknown(found);
  return unknown && { kind: 'settled', send: unknown };
}

/** A new claim, as it is stored: under a lease from now on. */
export const claimed = (send: Omit<Send, 'status' | 'leaseUntil' | 'at'>, now: Instant): Send => ({
  ...send,
  status: 'claimed',
  leaseUntil: later(now, LEASE_MS),
  at: now,
});
