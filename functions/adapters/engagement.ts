/**
 * Taking clicks and opens: noted as evidence, judged with all that is known, a click after its hold; and judging anew what
 * the new evidence shows in another light, on this mail and on those of other leads.
 */
import type { Happening, Instant, Verdict } from '../lead/event.ts';
import { judgeActs, type MailAct, type MailRef, sameVerdict } from '../lead/traffic.ts';
import { isPublic, type Seen } from '../lead/traffic-crowd.ts';
import { judgedAnew, judgedEvent, without } from '../lead/traffic-step.ts';
import { act } from './act.ts';
import type { Outcome } from './apply.ts';
import { seenWith } from './crowd.ts';
import { published, rules } from './definitions.ts';
import { deleteItem } from './dynamo.ts';
import { loadLead, readLog } from './leads.ts';
import { notePages } from './own-pages.ts';
import { holdClick } from './pending.ts';
import { countDelivered, countSteps } from './rates.ts';
import { later } from './table.ts';
import { type Known, noteAct, noteCrowd, noteDelivery, noteTold } from './traffic.ts';
import { trafficKey } from './traffic-items.ts';

/** A click or an open as SES tells it. */
export interface Engaged {
  mail: MailRef;
  act: MailAct;
  happening: Happening;
}

/** What was done on mails, one step after the other. */
type Steps = Promise<Known | undefined>[];

/** Takes one act on a mail. @returns `pending` for a click that is held. */
export async function engage(engaged: Engaged, now: Instant): Promise<Outcome> {
  const until = await heldUntil(engaged.act, now);
  return counting((steps) => (until > now ? hold(engaged, until, steps, now) : judge(engaged, steps, now)));
}

async function hold(engaged: Engaged, until: Instant, steps: Steps, now: Instant): Promise<Outcome> {
  const { mail, act: done, happening } = engaged;
  steps.push(noteAct(mail, done, false));
  const [lead] = await Promise.all([loadLead(mail.leadId), ...steps]);
  if (!lead) return forgotten(mail, steps);
  if (lead.id !== mail.leadId) return withSurvivor(lead.id, engaged, steps, now);
  await lookAround(mail, done, steps, now);
  const taken = await all(steps);
  const known = taken.at(-1);
  // Told already: it comes again, and was judged before its time.
  if (known && !known.told.has(done.id))
    await holdClick(lead.id, happening, { mail: known.mail, act: done.id, until }, now);
  await retell(taken, { act: done.id }, now);
  return { kind: 'pending', leadId: lead.id };
}

async function judge({ mail, act: done, happening }: Engaged, steps: Steps, now: Instant): Promise<Outcome> {
  const noting = noteAct(mail, done, true);
  steps.push(noting);
  const [noted] = await Promise.all([noting, lookAround(mail, done, steps, now)]);
  const taken = await all(steps);
  const known = taken.at(-1) ?? noted;
  const anew = anewBy(taken, { act: done.id }, done.id);
  const told = [...(anew ? [eventOf(known, anew)] : []), withVerdict(happening, known, done.id)];
  const outcome = await act({ leadId: mail.leadId }, told, { at: now });
  if (outcome.kind === 'unknown') return forgotten(mail, steps);
  const holder = outcome.kind === 'applied' ? outcome.lead.id : outcome.leadId;
  if (holder !== mail.leadId) await noteElsewhere(holder, mail, done, steps, now);
  // It was in the log already, and what goes with it was not taken.
  else if (outcome.kind === 'duplicate') await retell(taken, { act: done.id }, now);
  return outcome;
}

/** There is no such lead, or it asked to be forgotten: nothing of it stays, or counts. */
async function forgotten({ leadId, messageId }: MailRef, steps: Steps): Promise<Outcome> {
  steps.splice(0);
  await deleteItem(trafficKey(leadId, messageId));
  return { kind: 'unknown' };
}

/** The lead was merged: what is known of its mails went over, and what comes goes there. */
async function withSurvivor(leadId: string, engaged: Engaged, steps: Steps, now: Instant): Promise<Outcome> {
  await forgotten(engaged.mail, steps);
  return engage({ ...engaged, mail: { ...engaged.mail, leadId } }, now);
}

/** It was judged without what is known there. */
async function noteElsewhere(leadId: string, mail: MailRef, done: MailAct, steps: Steps, now: Instant): Promise<void> {
  await forgotten(mail, steps);
  const step = noteAct({ ...mail, leadId }, done, true);
  steps.push(step);
  const known = await step;
  const own = judgeActs(known.evidence).get(done.id);
  await tellAnew(known, { ...anewBy([known], { act: done.id }), ...(own && { [done.key]: own }) }, now);
}

/** When a click is judged. One that may raise a hand is not held, since somebody waits for it. */
async function heldUntil({ type, at }: MailAct, now: Instant): Promise<Instant> {
  if (type !== 'click') return now;
  const { scoring, settings } = await rules((await published(now)).hash);
  return scoring.handRaise.on.includes('email.clicked') ? now : later(at, settings.clickHold);
}

const withVerdict = (happening: Happening, { evidence }: Known, id: string): Happening => {
  const { actor, reasons } = judgeActs(evidence).get(id) ?? { actor: happening.actor, reasons: [] };
  const { reasons: _, ...rest } = happening;
  return { ...rest, actor, ...(reasons.length > 0 && { reasons }) };
};

/** A click that was held, and where the evidence about it stands. */
export interface Held {
  mail: MailRef;
  act: string;
  happening: Happening;
}

/**
 * Judges a lead's clicks that were held by all that is known by now. From here on it is told what changes about them.
 * @param tell puts them into the log as they are judged, by their keys.
 */
export function judgeHeld<T extends { kind: string }>(
  held: Held[],
  at: Instant,
  tell: (judged: ReadonlyMap<string, Happening>) => Promise<T>,
): Promise<T> {
  return counting(async (steps) => {
    const mails = [...Map.groupBy(held, ({ mail }) => mail.messageId).values()];
    const judged = await Promise.all(mails.map((clicks) => judgeOn(clicks, steps, at)));
    const outcome = await tell(new Map(judged.flat().map((happening) => [happening.key, happening])));
    if (outcome.kind === 'unknown') steps.splice(0);
    return outcome;
  });
}

/** On one mail. */
async function judgeOn(clicks: Held[], steps: Steps, at: Instant): Promise<Happening[]> {
  const [first] = clicks;
  if (!first) return [];
  const pages = await notePages(
    first.mail,
    clicks.map(({ happening }) => happening.at),
  );
  steps.push(...pages.map(async (known) => known));
  await retell(pages, {}, at);
  const step = noteTold(
    first.mail,
    clicks.map(({ act: id }) => id),
    at,
  );
  steps.push(step);
  const known = await step;
  return known ? clicks.map(({ happening, act: id }) => withVerdict(happening, known, id)) : [];
}

/** A mail arrived: acts that came before may show in another light. @param first whether nobody knew. */
export async function delivered(mail: MailRef, at: Instant, first: boolean, now: Instant): Promise<void> {
  await counting(async (steps) => {
    steps.push(noteDelivery(mail, at));
    await Promise.all([...steps, first ? countDelivered(mail) : undefined]);
    await retell(await all(steps), { delivery: true }, now);
  });
}

/** Looks at the act beside all others of its address and agent, once it stands beside its mail. */
async function lookAround(mail: MailRef, done: MailAct, steps: Steps, now: Instant): Promise<void> {
  const { ip, agent, type, id, at } = done;
  const [noted] = steps;
  if (type !== 'click' || !ip || !agent || !isPublic(ip)) return;
  const crowd = await seenWith(ip, agent, { leadId: mail.leadId, messageId: mail.messageId, actId: id, at }, noted);
  await Promise.all(crowd.tell.map((other) => tellCrowd(other, now)));
  if (crowd.own) steps.push(noteCrowd(mail, id, at));
}

/** One that came before it was a crowd. */
async function tellCrowd({ leadId, messageId, actId, at }: Seen, now: Instant): Promise<void> {
  await counting(async (steps) => {
    steps.push(noteCrowd({ leadId, messageId, sentAt: at }, actId, at));
    await retell(await all(steps), { crowd: actId }, now);
  });
}

/** What is known after each step; nothing of those that were not taken. */
const all = async (steps: Steps): Promise<Known[]> => (await Promise.all(steps)).filter((known) => known !== undefined);

/** What may have been noted before, by a try that broke off before it was told. */
type Came = Parameters<typeof without>[1];

/** The verdicts that steps on one mail changed, on others than the act given. */
function anewBy(steps: Known[], came: Came, but?: string): ReturnType<typeof judgedAnew> {
  const known = steps.at(-1);
  if (!known) return undefined;
  const { evidence, told } = known;
  const changes = [
    ...steps.map((step) => ({ before: step.before.evidence, after: step.evidence })),
    { before: without(evidence, came), after: evidence },
  ];
  return judgedAnew(changes, new Set([...told].filter((id) => id !== but)));
}

const eventOf = ({ mail, evidence, n }: Known, labels: Record<string, Verdict>): Happening =>
  judgedEvent(labels, evidence, { ...mail, n });

async function retell(steps: Known[], came: Came, now: Instant): Promise<void> {
  const known = steps.at(-1);
  const anew = anewBy(steps, came);
  if (known && anew) await tellAnew(known, anew, now);
}

/** Where the log tells otherwise of some of these events, or nothing yet: what comes again is no news. */
async function tellAnew(known: Known, labels: Record<string, Verdict>, now: Instant): Promise<void> {
  const log = new Map((await readLog(known.mail.leadId)).map((event) => [event.key, event]));
  const isNews = Object.entries(labels).some(([key, verdict]) => !sameVerdict(log.get(key), verdict));
  if (isNews) await act({ leadId: known.mail.leadId }, [eventOf(known, labels)], { at: now });
}

/**
 * Counts what steps changed, each once, after what follows from them is done. Also where that fails: it is done again then,
 * and finds them taken.
 */
async function counting<T>(follow: (steps: Steps) => Promise<T>): Promise<T> {
  const steps: Steps = [];
  try {
    return await follow(steps);
  } finally {
    const taken = (await Promise.allSettled(steps)).flatMap((step) =>
      step.status === 'fulfilled' ? (step.value ?? []) : [],
    );
    await Promise.all([...Map.groupBy(taken, ({ mail }) => mail.messageId).values()].map(countSteps));
  }
}
