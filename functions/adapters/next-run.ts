/** Moving an enrolment on in another execution than the one that stands at its step. */
import type { Instant } from '../lead/event.ts';
import type { Enrolment } from '../lead/lead.ts';
import { type Move, movedOn } from '../lead/move.ts';
import { envelop, transact } from './commit.ts';
import { enrolmentWrite, moveOn } from './enrolments.ts';
import { enrolmentsOf } from './leads.ts';
import { publishOutbox } from './outbox.ts';
import { outboxItem } from './table.ts';
import { put } from './writes.ts';

/**
 * Moves an enrolment and starts its next run there; the run that stands here is over with it. At the end of the workflow
 * no run is started.
 * @returns 'stale' when it stands elsewhere by now.
 */
export async function moveAsNextRun(read: Enrolment, move: Move, at: Instant): Promise<'moved' | 'stale'> {
  return move.next.step === null ? moveOn(read, move, at) : startNextRun(read, movedOn(read, move, at), at);
}

/**
 * Lets the mails of a lead that were put off be judged anew now: what held them may be over. Each goes on as the next run
 * at its step; what still holds it, holds it again.
 */
export async function judgeAnew(leadId: string, at: Instant): Promise<void> {
  const putOff = (await enrolmentsOf(leadId)).filter(
    (each) => each.status === 'active' && each.putOff && each.dueAt > at,
  );
  await Promise.all(putOff.map((each) => startNextRun(each, { ...each, dueAt: at }, at)));
}

async function startNextRun(read: Enrolment, next: Enrolment, at: Instant): Promise<'moved' | 'stale'> {
  const { id: enrolmentId, leadId } = read;
  const run = read.run + 1;
  const outbox = envelop([{ type: 'enrolment.started', leadId, enrolmentId, run }], at, enrolmentId, String(run));
  const writes = [enrolmentWrite(read, { ...next, run })];
  if (outbox) writes.push(put(outboxItem(outbox), { kind: 'stale' }));
  const { kind } = await transact(writes);
  if (kind !== 'committed') return 'stale';
  if (outbox) await publishOutbox(outbox);
  return 'moved';
}
