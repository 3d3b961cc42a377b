/** One act, committed in one transaction, or the reason why not. */
import {
  type CancellationReason,
  TransactionCanceledException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import type { Decision } from '../lead/decision.ts';
import type { Instant } from '../lead/event.ts';
import { derivedId } from '../lead/id.ts';
import type { Lead } from '../lead/lead.ts';
import type { Envelope, Message } from '../lead/message.ts';
import type { Evidence } from './consent-items.ts';
import { askWrites, evidenceWrites } from './consent-writes.ts';
import { fromItem } from './dynamo.ts';
import { claimOf, submissionIdIn } from './item.ts';
import { loadEnrolment } from './leads.ts';
import { type Outbox, outboxItem } from './table.ts';
import { MOST_WRITES, sendTransaction } from './transaction.ts';
import { decisionWrites, leadWrites, put, type Submission, submissionWrites, type Write } from './writes.ts';

export type Committed =
  | { kind: 'committed'; outbox?: Outbox }
  /** This post was sent before, under that id. */
  | { kind: 'submitted'; submissionId: string }
  /** These happenings (by key) are in the log already; nothing was written. */
  | { kind: 'happened'; keys: string[] }
  /** Another lead was made of this address meanwhile. */
  | { kind: 'taken'; leadId: string }
  /** These rules have gained for these values already. */
  | { kind: 'seen'; markers: string[] }
  /** Something changed since it was read, or is being changed: load and decide again. */
  | { kind: 'stale' }
  /** More writes than a transaction takes: decide on less at once. */
  | { kind: 'too-large' };

export interface Act {
  /** The lead that was decided upon; version 0 when it is not stored yet. */
  before: Lead;
  decision: Decision;
  submission?: Submission | undefined;
  /** Where its consents came from. */
  evidence?: Evidence | undefined;
  at: Instant;
}

/**
 * Writes the act: its events, the lead, its messages, and all else that it changes, or nothing at all.
 * @throws what DynamoDB throws when it cannot be reached, is throttling, or refuses an item.
 */
export async function commit({ before, decision, submission, evidence, at }: Act): Promise<Committed> {
  const outbox = outboxOf(decision, at);
  const resumed = await Promise.all(decision.enrolments.resume.map(({ id }) => loadEnrolment(before.id, id)));
  const held = resumed.filter((enrolment) => enrolment !== undefined);
  return transact(
    [
      ...leadWrites(before, decision.lead),
      ...(submission ? submissionWrites(before.id, submission, at) : []),
      ...decisionWrites(decision, held, at),
      ...askWrites(decision, at),
      ...evidenceWrites(before.id, decision.events, evidence, at),
      ...(outbox ? [put(outboxItem(outbox), { kind: 'stale' })] : []),
    ],
    outbox,
  );
}

/** The messages under ids that a repeated publication keeps: one commit alone makes this version of the lead. */
function outboxOf({ lead, messages }: Decision, at: Instant): Outbox | undefined {
  return envelop(messages, at, lead.id, String(lead.version));
}

/** Messages as they go over the bus; `parts` make their ids unique. */
export function envelop(messages: Message[], at: Instant, ...parts: string[]): Outbox | undefined {
  const envelopes = messages.map((message, i): Envelope => {
    const id = derivedId('msg', at, ...parts, String(i));
    return { ...message, id, version: 1, at };
  });
  const first = envelopes[0];
  return first && { id: first.id, at, messages: envelopes };
}

/** Runs one transaction and reads from its answer what happened. */
export async function transact(writes: Write[], outbox?: Outbox): Promise<Committed> {
  if (writes.length > MOST_WRITES) return { kind: 'too-large' };
  try {
    await sendTransaction(writes.map(({ item }) => item));
    return { kind: 'committed', ...(outbox ? { outbox } : {}) };
  } catch (error) {
    // The first attempt of this very transaction is still under way: its outcome shows when the lead is loaded again.
    if (error instanceof TransactionInProgressException) return { kind: 'stale' };
    if (!(error instanceof TransactionCanceledException)) throw error;
    return verdict(writes, error.CancellationReasons ?? [], error);
  }
}

// Worth another try with what is there then. The SDK does not retry a cancelled transaction by itself.
const PASSING = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** Reasons stand in the order of the writes. The one that explains most comes first: a known address, then a known post. */
function verdict(writes: Write[], reasons: CancellationReason[], error: Error): Committed {
  const failed = writes.flatMap((write, i) => {
    const reason = reasons[i];
    return reason?.Code === 'ConditionalCheckFailed' ? [{ cause: write.cause, reason }] : [];
  });
  const taken = failed.find(({ cause }) => cause.kind === 'taken');
  if (taken?.reason.Item) {
    const { leadId } = claimOf(fromItem(taken.reason.Item));
    // Its lead was erased meanwhile: read again what outlives it.
    return leadId === undefined ? { kind: 'stale' } : { kind: 'taken', leadId };
  }
  const submitted = failed.find(({ cause }) => cause.kind === 'submitted');
  if (submitted?.reason.Item)
    return { kind: 'submitted', submissionId: submissionIdIn(fromItem(submitted.reason.Item)) };
  const keys = failed.flatMap(({ cause }) => (cause.kind === 'happened' ? [cause.key] : []));
  if (keys.length > 0) return { kind: 'happened', keys };
  if (failed.some(({ cause }) => cause.kind === 'stale')) return { kind: 'stale' };
  const markers = failed.flatMap(({ cause }) => (cause.kind === 'seen' ? [cause.marker] : []));
  if (markers.length > 0) return { kind: 'seen', markers };
  if (failed.length > 0 || reasons.some(({ Code }) => PASSING.has(Code ?? ''))) return { kind: 'stale' };
  throw error;
}
