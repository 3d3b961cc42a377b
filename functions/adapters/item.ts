/**
 * Reading what the table holds. Only what identifies and orders a thing is checked: its writer is typed (table.ts), and
 * an older item may lack what newer code adds.
 */
import * as z from 'zod/mini';
import { STAGES } from '../definition/scoring.ts';
import type { Instant, LeadEvent } from '../lead/event.ts';
import type { Enrolment, Handoff, Lead, Send } from '../lead/lead.ts';
import type { Mailed } from '../lead/mailed.ts';
import type { Ask, Outlives } from './consent-items.ts';
import type { Outbox, Pending, StoredEvent } from './table.ts';

type StoredItem = Record<string, unknown>;

/** @throws Error naming what the item should have been, without its content. */
function reader<T>(what: string, shape: z.core.$ZodLooseShape): (item: StoredItem) => T {
  const checked = z.looseObject(shape);
  const schema = z.custom<T>((value) => checked.safeParse(value).success);
  return (item) => {
    const read = schema.safeParse(item.body);
    if (!read.success) throw new Error(`The item ${String(item.sk)} is no ${what}.`);
    return read.data;
  };
}

const text = z.string();
const number = z.number();

export const leadOf = reader<Lead>('lead', {
  id: text,
  version: number,
  stage: z.enum(STAGES),
  createdAt: text,
  fields: z.looseObject({}),
  email: z.looseObject({ key: text, deliverTo: text }),
});
const storedEvent = reader<StoredEvent>('event', { id: text, key: text, type: text, at: text, definition: text });
export const enrolmentOf = reader<Enrolment>('enrolment', {
  id: text,
  leadId: text,
  workflow: text,
  definition: text,
  run: number,
  status: z.enum(['active', 'held', 'paused', 'ended']),
});
export const sendOf = reader<Send>('send', { id: text, leadId: text, status: text, email: text });
export const mailedOf = reader<Mailed>('ledger of mails', { version: number, sent: z.record(text, text) });
export const handoffOf = reader<Handoff>('handoff', {
  id: text,
  leadId: text,
  status: text,
  openedAt: text,
  version: number,
});
export const pendingOf = reader<Pending>('pending act', {
  happenings: z.array(z.looseObject({ key: text, type: text, at: text })),
  at: text,
  tries: number,
});
export const outboxOf = reader<Outbox>('outbox', {
  id: text,
  at: text,
  messages: z.array(z.looseObject({ id: text, type: text })),
});
/** What stands at an address: its lead, or what outlives one that was erased. */
export const claimOf = reader<{ leadId?: string } & Outlives>('claim of an address', { leadId: z.optional(text) });
export const askOf = reader<Ask>('consent that waits', { purpose: text, at: text, last: text });
const tombstone = z.object({ erased: text });
const left = z.looseObject({ left: z.optional(z.looseObject({})) });
const merged = z.object({ mergedInto: text });
const living = z.looseObject({ email: z.looseObject({}) });
const submission = reader<{ submissionId: string }>('submission', { submissionId: text });

/** An event with those that it entailed, all of one lead. */
export function eventsIn(item: StoredItem): LeadEvent[] {
  const { entailed = [], ...event } = storedEvent(item);
  return [
    event,
    ...entailed.map((one) => ({ ...one, leadId: event.leadId, ...(event.address && { address: event.address }) })),
  ];
}

/** When the lead of this profile was erased; undefined for one that lives. */
export const erasedIn = (item: StoredItem): Instant | undefined => tombstone.safeParse(item.body).data?.erased;
/** What outlives the erased lead of this profile, beside the address that it let go. */
export const leftIn = (item: StoredItem): Outlives => left.safeParse(item.body).data?.left ?? {};
/** Whether a profile tells nothing of its lead any more: it was erased, or all of it went over into another one. */
export const isTombstone = (item: StoredItem): boolean => !living.safeParse(item.body).success;
/** The lead into which that of this profile was merged. */
export const mergedIntoOf = (item: StoredItem): string | undefined => merged.safeParse(item.body).data?.mergedInto;
/** The lead of a profile, unless it was erased or merged into another one. */
export const livingOf = (item: StoredItem): Lead | undefined =>
  erasedIn(item) || mergedIntoOf(item) ? undefined : leadOf(item);
export const submissionIdIn = (item: StoredItem): string => submission(item).submissionId;
