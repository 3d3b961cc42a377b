/**
 * Erasing a person. First the mark in the place of the profile, in one transaction with letting the address go: from then
 * on nothing is found of the lead and nothing can be added. What else there is of it is deleted in pages, as often as it
 * takes; the sweeper comes back until all of it is gone.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import type { Lead } from '../lead/lead.ts';
import { envelop, transact } from './commit.ts';
import { erasedCountKey, erasingItem, type Outlives, outlivesItem, tombstoneItem } from './consent-items.ts';
import { toItem, values } from './dynamo.ts';
import { leftIn } from './item.ts';
import { claimAt, erasedAt, lastOf, loadLead } from './leads.ts';
import { publishOutbox } from './outbox.ts';
import { emailKey, later, outboxItem } from './table.ts';
import { ANY, put, removeIf, type Write } from './writes.ts';

export interface Erasing {
  /** Whoever asks to be forgotten is not mailed again because he was: the address keeps a no, as a hash. */
  keepsNo: boolean;
}

const TRIES = 10;
/** By then the message has been worked off, or the sweeper sends it again. */
const AGAIN_MS = 60_000;

/**
 * Marks a lead as erased and has the rest deleted.
 * @returns when it was erased: now, or before; undefined when there was never such a lead.
 * @throws Error when the lead changes all the time.
 */
export async function eraseLead(leadId: string, at: Instant, erasing: Erasing): Promise<Instant | undefined> {
  for (let tried = 0; tried < TRIES; tried++) {
    const lead = await loadLead(leadId);
    if (!lead) return erasedAt(leadId);
    const { id, version } = lead;
    const outbox = envelop([{ type: 'lead.erase', leadId: id }], at, id, String(version + 1));
    const writes = [...(await marking(lead, at, erasing)), ...(outbox ? [put(outboxItem(outbox), STALE)] : [])];
    if ((await transact(writes)).kind === 'committed') {
      if (outbox) await publishOutbox(outbox);
      return at;
    }
    await pause(Math.random() * 20 * 2 ** tried);
  }
  throw new Error('The lead could not be marked as erased: it changes all the time.');
}

const STALE = { kind: 'stale' } as const;

async function marking(lead: Lead, at: Instant, erasing: Erasing): Promise<Write[]> {
  const asRead = { ExpressionAttributeValues: values({ ':read': lead.version }) };
  const claim = await claimAt(lead.email);
  const { id, version } = lead;
  const left = outlives(lead, at, erasing);
  return [
    put(tombstoneItem({ id, version: version + 1, erased: at, left }), STALE, 'body.version = :read', asRead),
    ...(claim?.leadId === id ? [letGo(lead.email.key, id, left)] : []),
    put(erasingItem(lead.id, later(at, AGAIN_MS)), STALE, ANY),
    counted(lead, at),
  ];
}

function outlives({ suppressed, stopped }: Lead, at: Instant, { keepsNo }: Erasing): Outlives {
  const no = stopped ?? (keepsNo ? ({ reason: 'unsubscribed', at } as const) : undefined);
  return { ...(suppressed && { suppressed }), ...(no && { stopped: no }) };
}

function letGo(address: string, leadId: string, left: Outlives): Write {
  const ours = { ExpressionAttributeValues: values({ ':lead': leadId }) };
  const condition = 'body.leadId = :lead';
  return Object.keys(left).length > 0
    ? put(outlivesItem(address, left), STALE, condition, ours)
    : removeIf(emailKey(address), STALE, condition, ours);
}

/**
 * Lets another address of an erased person go: that of a lead which was merged into the one that was erased.
 * @param leadId the lead that the address names.
 */
export async function letAddressGo(address: string, leadId: string): Promise<void> {
  const gone = await lastOf(leadId);
  await transact([letGo(address, leadId, gone ? leftIn(gone) : {})]);
}

/**
 * What came to an erased lead after its data were deleted: things of a lead that was being merged into it. Deleted as well.
 */
export async function eraseRest(leadId: string, at: Instant): Promise<void> {
  const outbox = envelop([{ type: 'lead.erase', leadId }], at, leadId, 'rest');
  const written = await transact([
    put(erasingItem(leadId, later(at, AGAIN_MS)), STALE, ANY),
    ...(outbox ? [put(outboxItem(outbox), STALE, ANY)] : []),
  ]);
  if (written.kind === 'committed' && outbox) await publishOutbox(outbox);
}

/** How many were erased, by month and stage: what reports may still know. */
const counted = ({ stage }: Lead, at: Instant): Write => ({
  cause: STALE,
  item: {
    Update: {
      TableName: env('table'),
      Key: toItem(erasedCountKey(at, stage)),
      UpdateExpression: 'ADD erased :one',
      ExpressionAttributeValues: values({ ':one': 1 }),
    },
  },
});
