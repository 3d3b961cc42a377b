/** Releasing the enrolments of a workflow that was paused: each goes on as its next run, at the step where it stands. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '../lead/event.ts';
import type { Enrolment } from '../lead/lead.ts';
import { envelop, transact } from './commit.ts';
import { getItems } from './dynamo.ts';
import { enrolmentWrite } from './enrolments.ts';
import { enrolmentOf } from './item.ts';
import { listKeys } from './lists.ts';
import { publishOutbox } from './outbox.ts';
import { outboxItem, pausedPk, SHARDS } from './table.ts';
import { put } from './writes.ts';

/** In flight at once: quick, and far below what the table and the bus take. */
const AT_ONCE = 16;
/** The list follows the table after a moment: a step that paused itself just before is found by looking again. */
const LOOK_AGAIN_MS = 1500;

/**
 * Releases all paused enrolments of the workflow; doing it again releases those that were left.
 * @returns how many.
 */
export async function resumeEnrolments(workflow: string, at: Instant): Promise<number> {
  let released = await releaseListed(workflow, at);
  await sleep(LOOK_AGAIN_MS);
  for (let more = await releaseListed(workflow, at); more > 0; more = await releaseListed(workflow, at))
    released += more;
  return released;
}

async function releaseListed(workflow: string, at: Instant): Promise<number> {
  const listed = await Promise.all(SHARDS.map((shard) => listKeys(pausedPk(workflow, shard))));
  const keys = listed.flat().map(({ pk, sk }) => ({ pk, sk }));
  let released = 0;
  for (let i = 0; i < keys.length; i += AT_ONCE) {
    const items = await getItems(keys.slice(i, i + AT_ONCE));
    const results = await Promise.all(items.map((item) => release(enrolmentOf(item), at)));
    released += results.filter(Boolean).length;
  }
  return released;
}

/** @returns whether this call released it: another one may have, and the list may be behind. */
async function release(enrolment: Enrolment, at: Instant): Promise<boolean> {
  if (enrolment.status !== 'paused') return false;
  const run = enrolment.run + 1;
  const { id: enrolmentId, leadId } = enrolment;
  const outbox = envelop([{ type: 'enrolment.started', leadId, enrolmentId, run }], at, enrolmentId, String(run));
  const dueAt = enrolment.dueAt > at ? enrolment.dueAt : at;
  const writes = [enrolmentWrite(enrolment, { ...enrolment, status: 'active', run, dueAt })];
  if (outbox) writes.push(put(outboxItem(outbox), { kind: 'stale' }));
  const { kind } = await transact(writes);
  if (kind !== 'committed') return false;
  if (outbox) await publishOutbox(outbox);
  return true;
}
