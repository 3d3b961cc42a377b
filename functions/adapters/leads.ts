/** Reading one lead and what belongs to it. All reads are consistent: what was just committed is seen. */
import { byAt, type Instant, type LeadEvent } from '../lead/event.ts';
import type { EmailAddress, Enrolment, Handoff, Lead, Send } from '../lead/lead.ts';
import { withLabels } from '../lead/verdict.ts';
import { getItem, queryAll, values } from './dynamo.ts';
import {
  claimOf,
  enrolmentOf,
  erasedIn,
  eventsIn,
  handoffOf,
  isTombstone,
  leadOf,
  livingOf,
  mergedIntoOf,
  pendingOf,
  sendOf,
  submissionIdIn,
} from './item.ts';
import {
  ENROLMENT,
  EVENT,
  emailKey,
  enrolmentKey,
  HANDOFF,
  handoffKey,
  leadPk,
  PENDING,
  type Pending,
  profileKey,
  SEND,
  sendKey,
  submitKey,
} from './table.ts';

/** Merged and merged again: more often than this is a mistake. */
const MOST_MERGES = 10;

interface Last {
  id: string;
  item: Record<string, unknown> | undefined;
}

async function follow(leadId: string): Promise<Last> {
  let id = leadId;
  for (let hop = 0; hop < MOST_MERGES; hop++) {
    const item = await getItem(profileKey(id));
    const into = item && mergedIntoOf(item);
    if (into === undefined) return { id, item };
    id = into;
  }
  throw new Error(`The lead ${leadId} was merged in a circle.`);
}

/** The profile of a lead, or of the one that it was merged into, whatever is left of it. */
export const lastOf = async (leadId: string): Promise<Last['item']> => (await follow(leadId)).item;

/** The id of a lead, or of the one that it was merged into. */
export const lastIdOf = async (leadId: string): Promise<string> => (await follow(leadId)).id;

/** The lead of that id, or the one that it was merged into; undefined: there is none, or it was erased. */
export async function loadLead(leadId: string): Promise<Lead | undefined> {
  const item = await lastOf(leadId);
  return item && livingOf(item);
}

/** The lead of that very id; undefined: there is none, or it was merged into another one, or erased. */
export async function loadLiving(leadId: string): Promise<Lead | undefined> {
  const item = await getItem(profileKey(leadId));
  return item && livingOf(item);
}

/** The profile of a lead that is being merged into another one, as it was given up; undefined: all of it has gone over. */
export async function loadGivenUp(leadId: string): Promise<Lead | undefined> {
  const item = await getItem(profileKey(leadId));
  return item && !isTombstone(item) ? leadOf(item) : undefined;
}

/** When the lead of that id was erased; undefined when it was not, or never was. */
export async function erasedAt(leadId: string): Promise<Instant | undefined> {
  const item = await lastOf(leadId);
  return item && erasedIn(item);
}

/** What stands at an address: the id of its lead, or what outlives one that was erased; undefined: nothing. */
export async function claimAt(email: Pick<EmailAddress, 'key'>): Promise<ReturnType<typeof claimOf> | undefined> {
  const item = await getItem(emailKey(email.key));
  return item && claimOf(item);
}

/** The id of the lead that has this address, or undefined. */
export const leadIdOf = async (email: EmailAddress): Promise<string | undefined> => (await claimAt(email))?.leadId;

/** The id that a post of this lead was given, or undefined when there was none of this hash. */
export async function submissionIdOf(leadId: string, hash: string): Promise<string | undefined> {
  const item = await getItem(submitKey(leadId, hash));
  return item && submissionIdIn(item);
}

/** Items of the lead's partition whose sort key begins so. */
export const beginningWith = (leadId: string, prefix: string) =>
  queryAll({
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: values({ ':pk': leadPk(leadId), ':prefix': prefix }),
    ConsistentRead: true,
  });

/** Every event of the lead, superseded ones too, in canonical order, as it was recorded. */
export const readRecords = async (leadId: string): Promise<LeadEvent[]> =>
  (await beginningWith(leadId, EVENT)).flatMap(eventsIn).sort(byAt);

/** The same, each with the verdict that holds by now. */
export const readLog = async (leadId: string): Promise<LeadEvent[]> => withLabels(await readRecords(leadId));

/** Acts that are stored but not judged yet, the oldest first. */
export const pendingActs = async (leadId: string): Promise<Pending[]> =>
  (await beginningWith(leadId, PENDING)).map(pendingOf).sort((a, b) => (a.at < b.at ? -1 : 1));

export async function loadEnrolment(leadId: string, id: string): Promise<Enrolment | undefined> {
  const item = await getItem(enrolmentKey(leadId, id));
  return item && enrolmentOf(item);
}

export async function loadSend(leadId: string, id: string): Promise<Send | undefined> {
  const item = await getItem(sendKey(leadId, id));
  return item && sendOf(item);
}

export async function loadHandoff(leadId: string, id: string): Promise<Handoff | undefined> {
  const item = await getItem(handoffKey(leadId, id));
  return item && handoffOf(item);
}

export const enrolmentsOf = async (leadId: string): Promise<Enrolment[]> =>
  (await beginningWith(leadId, ENROLMENT)).map(enrolmentOf);
export const sendsOf = async (leadId: string): Promise<Send[]> => (await beginningWith(leadId, SEND)).map(sendOf);
export const handoffsOf = async (leadId: string): Promise<Handoff[]> =>
  (await beginningWith(leadId, HANDOFF)).map(handoffOf);
