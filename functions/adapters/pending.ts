/** Acts that are stored before they are judged: what contention or a fault kept from being judged at once. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { env } from '../env.ts';
import type { Happening, Instant } from '../lead/event.ts';
import type { Lead } from '../lead/lead.ts';
import { type Committed, envelop, transact } from './commit.ts';
import { type Evidence, evidenceKey } from './consent-items.ts';
import { evidenceWrites } from './consent-writes.ts';
import { deleteItem, dynamo, toItem } from './dynamo.ts';
import { publishOutbox } from './outbox.ts';
import { eventKey, type Held, later, outboxItem, type Pending, pendingItem, pendingKey } from './table.ts';
import { leadWrites, put, type Submission, submissionWrites, type Write } from './writes.ts';

/**
 * Stores an act as pending, and its lead with nothing but the address if that is new. After contention a `lead.fold`
 * goes out with it; after a fault the sweeper tries again later.
 */
export async function storePending(
  before: Lead,
  pending: Pending,
  {
    submission,
    evidence,
    fault,
  }: { submission?: Submission | undefined; evidence?: Evidence | undefined; fault: boolean },
): Promise<Committed> {
  const { at } = pending;
  const item = pendingItem(before.id, pending, nextTry(pending));
  const outbox = fault ? undefined : envelop([{ type: 'lead.fold', leadId: before.id }], at, item.sk);
  const write = () =>
    transact(
      [
        ...(before.version === 0 ? leadWrites(before, { ...before, version: 1 }) : []),
        ...evidenceWrites(before.id, pending.happenings, evidence, at),
        ...(submission ? submissionWrites(before.id, submission, at) : []),
        ...pending.happenings.map(({ key }) => notYet(before.id, key)),
        put(item, { kind: 'happened', key: pending.happenings[0]?.key ?? '' }),
        ...(outbox ? [put(outboxItem(outbox), { kind: 'stale' })] : []),
      ],
      outbox,
    );
  // Nothing here is shared with another act but what it tells apart: a conflict passes at once.
  let result = await write();
  for (let again = 0; result.kind === 'stale' && again < 3; again++) result = await write();
  if (result.kind === 'stale') throw new Error('An act could not be stored: the table is contended.');
  if (result.kind === 'committed' && result.outbox) await publishOutbox(result.outbox);
  return result;
}

/**
 * Stores a click until it is judged. One that comes again changes nothing; one that comes again after it was judged is found
 * to be a duplicate then.
 */
export async function holdClick(leadId: string, happening: Happening, held: Held, at: Instant): Promise<void> {
  const pending: Pending = { happenings: [happening], at, why: UNDER_JUDGEMENT, tries: 0, held };
  await putUnless('attribute_not_exists(pk)', leadId, pending, held.until);
}

/** Why a click is pending, as the timeline tells it. */
const UNDER_JUDGEMENT = 'a person’s or a machine’s?';

async function putUnless(condition: string, leadId: string, pending: Pending, dueAt: Instant): Promise<void> {
  const put = new PutItemCommand({
    TableName: env('table'),
    Item: toItem(pendingItem(leadId, pending, dueAt)),
    ConditionExpression: condition,
  });
  await dynamo.send(put).catch((error: unknown) => {
    if (!(error instanceof Error && error.name === 'ConditionalCheckFailedException')) throw error;
  });
}

const notYet = (leadId: string, key: string): Write => ({
  cause: { kind: 'happened', key },
  item: {
    ConditionCheck: {
      TableName: env('table'),
      Key: toItem(eventKey(leadId, key)),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  },
});

/** Half a minute, then doubling up to an hour: a definition is mended by people. */
const nextTry = ({ at, tries }: Pending): string => later(at, Math.min(30_000 * 2 ** tries, 3_600_000));

/** Puts an act off that failed again; `at` is the instant of this try. */
export async function putOff(leadId: string, pending: Pending, why: string, at: string): Promise<void> {
  const tries = pending.tries + 1;
  // Without the item: judged and deleted meanwhile by another fold.
  await putUnless('attribute_exists(pk)', leadId, { ...pending, why, tries }, nextTry({ ...pending, at, tries }));
}

/** Forgets acts that are in the log now. One that is left behind by a crash is found to be a duplicate later. */
export async function forgetPending(leadId: string, acts: Pending[]): Promise<void> {
  await Promise.all(acts.map(({ happenings }) => deleteItem(pendingKey(leadId, happenings[0]?.key ?? ''))));
}

/** Forgets where these happenings came from. */
export async function forgetEvidence(leadId: string, happenings: Happening[]): Promise<void> {
  await Promise.all(happenings.map(({ key }) => deleteItem(evidenceKey(leadId, key))));
}
