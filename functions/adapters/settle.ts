/** Settling a send: by the attempt that claimed it, by the event of SES that proves it, or by its lease running out. */
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import type { Send } from '../lead/lead.ts';
import { toItem, values } from './dynamo.ts';
import { sendItem, sendKey } from './table.ts';
import { sendUpdate, type Update } from './transaction.ts';
import { put, type Write } from './writes.ts';

/**
 * What settles a send of this attempt. What an SES event has told meanwhile stays: a send that it proved is neither
 * released nor unknown any more.
 * @param until for a held one that the sweeper looks at again.
 */
function settling(send: Send, until?: Instant): Update {
  const { duePk, dueAt } = sendItem(send, until);
  const facts = { status: send.status, messageId: send.messageId, why: send.why, at: send.at };
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  const sets = known.map(([name]) => `body.#${name} = :${name}`);
  const due = duePk && dueAt ? { ':duePk': duePk, ':dueAt': dueAt } : undefined;
  // A claim is settled; one that is sent may be told so again; what is held need not go any more.
  const from = send.status === 'sent' ? ['claimed', 'sent'] : [send.status === 'skipped' ? 'held' : 'claimed'];
  return {
    TableName: env('table'),
    Key: toItem(sendKey(send.leadId, send.id)),
    UpdateExpression: due
      ? `SET ${[...sets, 'duePk = :duePk', 'dueAt = :dueAt'].join(', ')}`
      : `SET ${sets.join(', ')} REMOVE duePk, dueAt`,
    ConditionExpression: `body.attempt = :attempt AND body.#status IN (${from.map((_, i) => `:from${i}`).join(', ')})`,
    ExpressionAttributeNames: Object.fromEntries(known.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: values({
      ...Object.fromEntries(known.map(([name, value]) => [`:${name}`, value])),
      ...Object.fromEntries(from.map((status, i) => [`:from${i}`, status])),
      ':attempt': send.attempt,
      ...due,
    }),
  };
}

/** Settles within a transaction. */
export function settleWrite(send: Send): Write {
  return { cause: { kind: 'stale' }, item: { Update: settling(send) } };
}

async function updated(update: Update): Promise<boolean> {
  try {
    await sendUpdate(update);
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

/** Settles a send by itself. Settled already, by an event of SES or by an attempt before: nothing changes. */
export async function settleSend(send: Send, until?: Instant): Promise<void> {
  await updated(settling(send, until));
}

/** A held one that need not go any more, as it was found. Claimed anew or gone meanwhile: nothing changes. */
export async function skipHeld(held: Send, why: string, at: Instant): Promise<void> {
  await updated(settling({ ...held, status: 'skipped', why, at }));
}

/** Undefined when its attempt, or the event of SES, settled it after all. */
export async function markUnknown(found: Send): Promise<Send | undefined> {
  const unknown: Send = { ...found, status: 'unknown', why: 'nobody knows whether SES took it' };
  return (await updated(settling(unknown))) ? unknown : undefined;
}

/** Notes that a step went on without its mail, and why, for the timeline. */
export const skipWrite = (send: Send, why: string): Write =>
  put(
    sendItem({ ...send, status: 'skipped', why }),
    { kind: 'stale' },
    'attribute_not_exists(pk) OR body.#status = :held',
    {
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: values({ ':held': 'held' }),
    },
  );

/** What became of a webhook that a step called: written once, with the step's move. */
export const callWrite = (call: Send): Write => put(sendItem(call), { kind: 'stale' });

/** Takes a settled send off the due index, where a crash left it. */
export async function forgetDue(leadId: string, sendId: string): Promise<void> {
  await updated({
    TableName: env('table'),
    Key: toItem(sendKey(leadId, sendId)),
    UpdateExpression: 'REMOVE duePk, dueAt',
    ConditionExpression: 'attribute_exists(pk)',
  });
}
