/** What becomes of each kind of due item. */
import type { Instant } from '../lead/event.ts';
import { derivedId } from '../lead/id.ts';
import type { Enrolment, Send } from '../lead/lead.ts';
import type { Message } from '../lead/message.ts';
import { publish } from './bus.ts';
import { envelop, transact } from './commit.ts';
import { ASK, ERASING } from './consent-items.ts';
import { movingKey } from './definition-items.ts';
import { currentPointer, manifest } from './definitions.ts';
import { type Due, kindOf, putOffDue } from './due.ts';
import { getItem } from './dynamo.ts';
import { endEnrolment, enrolmentWrite } from './enrolments.ts';
import { isRunning } from './executions.ts';
import { enrolmentOf, sendOf } from './item.ts';
import { loadLead } from './leads.ts';
import { publishLeft, publishOutbox } from './outbox.ts';
import {
  ENROLMENT,
  ENROLMENT_GRACE_MS,
  later,
  leadIdOfPk,
  MERGING,
  OUTBOX,
  outboxItem,
  PENDING,
  SEND,
  VISITOR,
  visitorOfPk,
} from './table.ts';
import { put } from './writes.ts';

/**
 * Sees to one due item, once or more: whatever it starts is idempotent.
 * @throws Error for a kind that nobody knows, too.
 */
export async function sweepDue(due: Due, at: Instant): Promise<void> {
  if (due.pk.startsWith(OUTBOX)) {
    await publishLeft(due);
    return;
  }
  if (due.sk === movingKey.sk) return tell({ type: 'definition.moving', definition: await movingTo() }, due, at);
  if (due.pk.startsWith(VISITOR)) return tell({ type: 'visitor.viewed', visitor: visitorOfPk(due.pk) }, due, at);
  const leadId = leadIdOfPk(due.pk);
  if (due.sk === 'PROFILE') return tell({ type: 'lead.due', leadId }, due, at);
  if (due.sk === MERGING) return tell({ type: 'lead.merge', leadId }, due, at);
  if (due.sk.startsWith(PENDING)) return tell({ type: 'lead.fold', leadId }, due, at);
  if (due.sk.startsWith(ENROLMENT)) return seeToEnrolment(due, at);
  if (due.sk.startsWith(SEND)) return deliverAgain(due, at);
  if (due.sk === ERASING) return tell({ type: 'lead.erase', leadId }, due, at);
  if (due.sk.startsWith(ASK)) return tell({ type: 'consent.due', leadId, purpose: due.sk.slice(ASK.length) }, due, at);
  throw new Error(`Nobody sees to what is due of the kind ${kindOf(due)}.`);
}

/** The version in force, to which the publisher moves leads. */
const movingTo = async (): Promise<string> => (await currentPointer())?.hash ?? '';

/** Long enough for a message to be worked off, so that the next sweep does not send it again. */
const PATIENCE_MS = 3 * 60_000;

/** Without an outbox: what is due stays due until its consumer has moved it. */
async function tell(message: Message, due: Due, at: Instant): Promise<void> {
  const id = derivedId('msg', due.dueAt, message.type, due.pk, due.sk);
  await publish([{ ...message, id, version: 1, at }]);
  await putOffDue(due, later(at, PATIENCE_MS));
}

async function seeToEnrolment(due: Due, at: Instant): Promise<void> {
  const item = await getItem(due);
  if (!item) return;
  const enrolment = enrolmentOf(item);
  if (enrolment.status === 'held') return endHeld(enrolment, at);
  if (enrolment.status !== 'active') return;
  if (await hasMachine(enrolment)) return putOffDue(due, later(at, ENROLMENT_GRACE_MS));
  return startNextRun(enrolment, at);
}

async function hasMachine({ id, run, definition, workflow }: Enrolment): Promise<boolean> {
  const version = (await manifest(definition))?.machines[workflow];
  return version !== undefined && isRunning(version, `${id}-${run}`);
}

/**
 * An enrolment whose machine ended, failed or never started goes on as the next run, from the step at which it stands.
 * Stale: somebody else moved it.
 */
async function startNextRun(enrolment: Enrolment, at: Instant): Promise<void> {
  const run = enrolment.run + 1;
  const message: Message = { type: 'enrolment.started', leadId: enrolment.leadId, enrolmentId: enrolment.id, run };
  const outbox = envelop([message], at, enrolment.id, String(run));
  // Due now: its step is overdue, and the grace begins anew.
  const writes = [enrolmentWrite(enrolment, { ...enrolment, run, dueAt: at })];
  if (outbox) writes.push(put(outboxItem(outbox), { kind: 'stale' }));
  const { kind } = await transact(writes);
  if (kind === 'committed' && outbox) await publishOutbox(outbox);
}

/** The consent that it was held for never came. Stale: the consent came at this moment. */
async function endHeld(enrolment: Enrolment, at: Instant): Promise<void> {
  const lead = await loadLead(enrolment.leadId);
  if (lead) await endEnrolment(lead, enrolment, 'no consent within 30 days', at);
}

/** A held mail, or one whose attempt never told: asked for again, and the ledger says whether it may go. */
async function deliverAgain(due: Due, at: Instant): Promise<void> {
  const item = await getItem(due);
  if (!item) return;
  const send: Send = sendOf(item);
  const { leadId, asked, definition } = send;
  if (!asked) return putOffDue(due, later(at, PATIENCE_MS));
  const { eventId, form } = asked;
  if (form === undefined) return tell({ type: 'consent.asked', leadId, eventId }, due, at);
  await tell({ type: 'deliver.requested', leadId, definition, eventId, form }, due, at);
}
