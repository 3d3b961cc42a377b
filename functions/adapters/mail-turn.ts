/**
 * Whether the mail of a step may go out now: the rules of sending, with the ledger of what the lead was mailed, and with
 * the mails of its other workflows, of which the earliest due goes first.
 */
import type { Published, Rules } from '../definition/definition.ts';
import type { Workflow } from '../definition/workflow.ts';
import { capOf } from '../lead/caps.ts';
import { dueSince } from '../lead/enrolment.ts';
import type { Instant } from '../lead/event.ts';
import type { Enrolment, Lead } from '../lead/lead.ts';
import { type Mailed, sentBeside, withMail } from '../lead/mailed.ts';
import { maySend, type Verdict } from '../lead/sending.ts';
import { email, published, rules } from './definitions.ts';
import { getItems } from './dynamo.ts';
import { enrolmentOf } from './item.ts';
import { languageOf } from './lead-mail.ts';
import { loadMailed } from './mailed.ts';
import { enrolmentKey, later } from './table.ts';
import { pinned } from './workflows.ts';

/** A mail of a step of an enrolment. */
export interface StepMail {
  lead: Lead;
  enrolment: Enrolment;
  rules: Rules;
  workflow: Workflow;
  /** The mail's name. */
  email: string;
  purpose: 'marketing' | 'transactional';
}

export interface Judged {
  verdict: Verdict;
  /** Where caps or sunset count this mail: the ledger as it was read, and with this mail in it. */
  ledger?: { read: Mailed; next: Mailed };
}

/** @param sendId of this mail: what an earlier attempt of it left in the ledger does not count. */
export async function judgeMail(mail: StepMail, sendId: string, now: Instant): Promise<Judged> {
  const { lead, rules: own } = mail;
  const current = await published(now);
  const counted = mail.purpose === 'marketing' && (counts(lead, own) || counts(lead, await rules(current.hash)));
  const read = counted ? await loadMailed(lead) : undefined;
  const sent = sentBeside(read, sendId);
  const verdict = await verdictOn(mail, sent, now);
  if (!read || !('go' in verdict)) return { verdict };
  const until = await afterOthers(mail, sent, current, now);
  if (until) return { verdict: { later: until, why: 'a mail that was due before goes first' } };
  const next = withMail(read, { sendId, at: now }, own.settings.sunset, lead.actedAt);
  return { verdict, ledger: { read, next } };
}

/** Whether anything counts the lead's mails: only then is each noted. */
function counts(lead: Lead, { settings, workflows, forms }: Rules): boolean {
  if (settings.sunset || Object.keys(capOf(lead, undefined, settings)).length > 0) return true;
  const promises = Object.values(forms).flatMap(({ consent }) => Object.values(consent));
  return Object.values(workflows).some(({ send }) => send?.cap) || promises.some(({ frequency }) => frequency);
}

async function verdictOn(mail: StepMail, sent: Instant[], now: Instant): Promise<Verdict> {
  const { lead, enrolment, rules: own, workflow, purpose } = mail;
  return maySend({
    lead,
    emailClass: own.classes[mail.email] ?? '',
    purpose,
    scoring: own.scoring,
    startedAt: enrolment.startedAt,
    now,
    topic: await topicOf(mail, now),
    send: workflow.send,
    zone: own.settings.zone,
    sunset: own.settings.sunset,
    frequency: own.settings.frequency,
    sent,
  });
}

/** Asked for only where the person has chosen among topics. */
async function topicOf({ lead, rules: own, email: name }: StepMail, now: Instant): Promise<string | undefined> {
  if (!lead.preferences?.topicsOff?.length) return undefined;
  return (await email(own.hash, name, languageOf(lead, own), now)).topic;
}

/** Long enough for another workflow's mail to be claimed, and short beside any cap. */
const TURN_MS = 60_000;
/** A step that should have gone so long ago has no machine at it. */
const LOST_MS = 5 * 60_000;

/** Until when this mail lets others go first: those that are due too, were due before, and would use up what is left. */
async function afterOthers(
  mail: StepMail,
  sent: Instant[],
  { paused }: Published,
  now: Instant,
): Promise<Instant | undefined> {
  const others = await dueBefore(mail, now);
  let ahead = 0;
  for (const other of others) {
    const isPaused = paused.all || paused.workflows.includes(other.workflow.name);
    if (!isPaused && 'go' in (await verdictOn(other, sent, now))) ahead++;
  }
  if (ahead === 0) return undefined;
  const verdict = await verdictOn(mail, [...sent, ...Array<Instant>(ahead).fill(now)], now);
  if ('go' in verdict) return undefined;
  const soon = later(now, TURN_MS);
  return 'later' in verdict && verdict.later < soon ? verdict.later : soon;
}

/** The marketing mails of the lead's other workflows that are due now and were due before this one. */
async function dueBefore({ lead, enrolment }: StepMail, now: Instant): Promise<StepMail[]> {
  const marks = Object.values(lead.enrolments).filter(
    ({ id, endedAt, held }) => id !== enrolment.id && !endedAt && !held,
  );
  if (marks.length === 0) return [];
  const items = await getItems(marks.map(({ id }) => enrolmentKey(lead.id, id)));
  const due = items
    .map(enrolmentOf)
    .filter(({ status, dueAt }) => status === 'active' && dueAt <= now && dueAt > later(now, -LOST_MS))
    .filter((other) => rankOf(other) < rankOf(enrolment));
  return (await Promise.all(due.map((other) => mailOf(lead, other)))).filter((other) => other !== undefined);
}

/** By when it would have been due, had nothing put it off; then by when the enrolment began, as its id tells. */
const rankOf = (enrolment: Enrolment): string => `${dueSince(enrolment)}#${enrolment.id}`;

async function mailOf(lead: Lead, enrolment: Enrolment): Promise<StepMail | undefined> {
  const definition = await pinned(enrolment);
  const step = enrolment.step === null ? undefined : definition.workflow.steps[enrolment.step];
  if (step?.kind !== 'send' || step.transactional) return undefined;
  return { ...definition, lead, enrolment, email: step.email, purpose: 'marketing' };
}
