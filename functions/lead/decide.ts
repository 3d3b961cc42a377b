/**
 * The heart: what one act means for one lead. Pure; the caller loads, commits and publishes.
 * An act is all that happened at once (a form post and the download that it is): folded in order, judged once.
 */
import { type Acted, eventId, eventsOf, foldAct, isInert, notLoaded, rulesFor, withFold } from './act-events.ts';
import { askToConfirm } from './asking.ts';
import { foldsAnew, stageSetIn } from './by-hand.ts';
import type { Context, Decided, Decision, Need } from './decision.ts';
import { type Act, type Answered, type Draft, draftOf } from './draft.ts';
import { byAt, type Happening, type Instant, type LeadEvent } from './event.ts';
import { nothing } from './fold.ts';
import { answerByHand, handOver, markNoMail, noteAnswer } from './hand-over.ts';
import { handRaiseIn } from './hand-raise.ts';
import { answerHappening, mayAnswer } from './handoff.ts';
import { derivedId } from './id.ts';
import type { EmailAddress, Folded, Lead } from './lead.ts';
import { contextAfter, merged } from './merged-decision.ts';
import { giveUp, goesInto, joined, mergedFrom, whyNotGivenUp } from './merging.ts';
import { endAndResume, startEnrolments, wake } from './nurture.ts';
import { isSoftBounce } from './soft-bounces.ts';
import { judge, moved, timed } from './stage.ts';
import { type Mailbox, mailChanges, proves, suppressedBy } from './suppression.ts';
import { claimVisitors, lookUpAddress } from './visitor.ts';

export type { Context, Decided, Decision, Need } from './decision.ts';

/** What the sweeper sends when a lead's `dueAt` has come: the clock judges whether it leaves its stage. */
export const clockStruck = (dueAt: Instant, now: Instant): Happening => ({
  key: `clock:${dueAt}`,
  type: 'clock.struck',
  at: now,
  actor: 'clock',
  data: {},
});

/**
 * A lead that is not stored yet: version 0. Its id is derived from the address and the first act, so that a retried post
 * makes the same one.
 */
export const newLead = (email: EmailAddress, first: Pick<Happening, 'key' | 'at'>, context: Context): Lead => ({
  ...nothing(),
  id: derivedId('lead', first.at, email.key, first.key),
  version: 0,
  createdAt: context.now,
  updatedAt: context.now,
  email,
  emailStatus: 'unknown',
  definition: context.rules.hash,
  publication: context.publication,
  stage: 'lead',
  stageSince: context.now,
  enrolments: {},
  waits: [],
});

const unchanged = (lead: Lead, refused?: string): Decided => ({
  decision: {
    lead,
    events: [],
    superseded: [],
    markers: [],
    enrolments: { start: [], end: [], resume: [] },
    handoff: {},
    messages: [],
    ...(refused !== undefined && { refused }),
  },
});

/** What must be loaded before this act can be judged at all. */
const needOf = (lead: Lead, events: readonly LeadEvent[], context: Context): Need | undefined => {
  const active = Object.values(lead.enrolments).filter((mark) => !mark.endedAt);
  const rules = notLoaded(
    [...active, ...lead.waits].map(({ definition }) => definition),
    context,
  );
  const answersTo = events.find((event) => event.answered)?.data.handoff;
  const asks = events.some((event) => context.rules.scoring.handRaise.on.includes(event.type));
  const touched = stageSetIn(events) || (asks && lead.handoff?.status === 'pending');
  const open = touched ? lead.handoff?.id : undefined;
  const handoff = answersTo === undefined ? open : String(answersTo);
  const loaded = handoff === undefined || context.handoff === null || context.handoff?.id === handoff;
  const from = mergedFrom(events);
  const into = goesInto(events);
  const others = {
    ...(from !== undefined && context.merged?.id !== from && { merged: from }),
    ...(into !== undefined && context.into === undefined && { into }),
  };
  if (rules.length === 0 && loaded && Object.keys(others).length === 0) return undefined;
  return { ...(rules.length > 0 && { rules }), ...(!loaded && { handoff }), ...others };
};

/** What a soft bounce is judged by, the others do without. */
const mailboxFor = (
  events: readonly LeadEvent[],
  { log, sends, rules }: Context,
): Mailbox | undefined | { need: Need } => {
  if (!events.some(isSoftBounce)) return undefined;
  return log && sends ? { limit: rules.settings.softBounces, log, sends } : { need: { log: true, sends: true } };
};

/** `told`: the event of an answer that nobody gave in so many words. */
type InAct = { answered?: Answered; told?: Happening } | { refused: string } | { need: Need };

/** The answer of sales in this act; or why it may not be given; or what it takes to tell. */
const answerIn = (lead: Lead, events: readonly LeadEvent[], context: Context): InAct => {
  const event = events.find((each) => each.answered);
  if (!event?.answered) return settledIn(lead, events, context);
  const { handoff, now } = context;
  if (!handoff) return { refused: 'There is no such handoff.' };
  const rules = rulesFor(handoff.definition, context);
  if (!rules) return { need: { rules: [handoff.definition] } };
  const answer = String(event.data.answer);
  const { by, note } = event.answered;
  const answering = mayAnswer(handoff, answer, by, now, rules.handoff);
  if ('refused' in answering) return answering;
  const given = { answer, by, note, eventId: event.id };
  if (answering.as !== 'correction') return { answered: { event: given, handoff, answering } };
  if (!context.log) return { need: { log: true } };
  const corrects = context.log.find((each) => each.id === handoff.answer?.eventId);
  const superseded = corrects && { corrects: { id: corrects.id, key: corrects.key } };
  return { answered: { event: given, handoff, answering, ...superseded } };
};

/** The answer that a stage set by hand is, where it is one. */
const settledIn = (lead: Lead, events: readonly LeadEvent[], context: Context): InAct => {
  const set = stageSetIn(events);
  const { handoff } = context;
  if (!set || !handoff || handoff.id !== lead.handoff?.id) return {};
  const rules = rulesFor(handoff.definition, context);
  if (!rules) return { need: { rules: [handoff.definition] } };
  const found = answerByHand(set.stage, handoff, rules.handoff);
  if (!found) return {};
  const { answer, outcome } = found;
  const { by: { who: by, why: note } = { who: 'nobody known', why: undefined }, at } = set.event;
  const told = answerHappening(handoff.id, { answer, by, note }, at);
  const event = { answer, by, note, eventId: eventId(lead, told) };
  return { answered: { event, handoff, answering: { as: 'by-hand', outcome } }, told };
};

const byPerson = (events: readonly LeadEvent[]): boolean =>
  events.some((event) => event.actor === 'human' || event.actor === 'sales' || foldsAnew(event));

/** The one move of this act. Applicants and partners move by nothing but an answer. */
const judged = (draft: Draft, act: Act): { draft: Draft; act: Act } => {
  const { lead } = draft;
  const { scoring } = act.context.rules;
  const hand = stageSetIn(act.events)?.stage;
  if (lead.audience && !act.answered && !hand) return { draft, act };
  const given = act.answered && {
    outcome: act.answered.event.answer,
    stage: act.answered.answering.outcome.stage,
    correction: act.answered.answering.as === 'correction',
  };
  const raises = act.handRaise !== undefined && !act.handRaise.toMarketing;
  const facts = { byPerson: act.byPerson, handRaise: raises, answer: given, hand };
  const { move, crossed } = judge(act.before, lead, facts, scoring, act.context.now);
  const { crossed: _, ...rest } = moved(lead, move, act.context.now);
  const next = { ...draft, lead: { ...rest, ...(crossed && { crossed }) } };
  if (!move) return { draft: next, act };
  const { from, to, why } = move;
  const told = { type: 'lead.stage-changed', leadId: lead.id, from, to, eventId: act.last.id } as const;
  const changes = [...next.changes, { what: 'stage', name: to, from, to, why } as const];
  return { draft: { ...next, changes, messages: [...next.messages, told] }, act: { ...act, move } };
};

/** The mail that answers a form goes out on every accepted post, whatever consent, stage or caps say. */
const deliver = (draft: Draft, act: Act): Draft => {
  const { rules } = act.context;
  if (draft.lead.suppressed) return draft;
  const asked = act.events.filter(
    ({ type, data }) => type === 'form.submitted' && rules.forms[String(data.form)]?.deliver !== undefined,
  );
  const messages = asked.map(({ leadId, id, data }) => {
    const form = String(data.form);
    return { type: 'deliver.requested', leadId, eventId: id, form, definition: rules.hash } as const;
  });
  return { ...draft, messages: [...draft.messages, ...messages] };
};

type Marked = Pick<Acted, 'markers' | 'unmarked' | 'proven'>;

/** `events`: the act's own, as they are to be kept. */
const finished = (
  draft: Draft,
  act: Act,
  events: readonly LeadEvent[],
  { markers, unmarked, proven }: Marked,
): Decided => {
  const { before, context, last } = act;
  const told = events.map((event) => (event === last ? { ...event, changes: draft.changes } : event));
  // What folds to nothing and changes nothing leaves the score as it is, under the definition that it is under.
  const scores = draft.changes.length > 0 || events.some((event) => !isInert(event) || foldsAnew(event));
  const lead: Lead = {
    ...timed(before, draft.lead, context.rules.scoring, context.now),
    version: before.version + 1,
    updatedAt: context.now,
    ...(scores && { definition: context.rules.hash }),
    publication: context.publication,
  };
  const { enrolments, handoff, messages } = draft;
  const superseded = act.answered?.corrects ? [act.answered.corrects] : [];
  // What the clock does is worth an event only where it changed something.
  const kept = told.filter((event) => event.actor !== 'clock' || event.changes.length > 0 || !isInert(event));
  const rest = { ...(unmarked && { unmarked }), ...(proven && { proven }) };
  return { decision: { lead, events: kept, superseded, markers, ...rest, enrolments, handoff, messages } };
};

/** The lead with the act in it. An address that only a machine's click verified is not verified any more. */
const foldedInto = (lead: Lead, acted: Acted, folded: Folded, mailbox: Mailbox | undefined): Lead => {
  const next = suppressedBy(withFold(lead, folded), acted.events, mailbox);
  const unproven = acted.events.some(({ labels }) => labels) && acted.log?.some(proves) === false;
  return unproven && next.emailStatus === 'verified' ? { ...next, emailStatus: 'unknown' } : next;
};

/**
 * Decides one act: all its happenings are folded in order, then the lead is judged once.
 * `lead` as read, or a `newLead`. Happenings that the context's log already holds change nothing.
 * @returns the decision, or what is missing to make it (load that, and call again).
 */
export const decide = (lead: Lead, happenings: readonly Happening[], context: Context): Decided => {
  const given = eventsOf(lead, happenings, context);
  if (given.length === 0) return unchanged(lead);
  const need = needOf(lead, given, context);
  if (need) return { need };
  const stays = whyNotGivenUp(lead, given, context.into ?? null);
  if (stays !== undefined) return unchanged(lead, stays);
  const answer = answerIn(lead, given, context);
  if ('need' in answer) return answer;
  if ('refused' in answer) return unchanged(lead, answer.refused);
  const { answered, told: alsoTold } = answer;
  const events = alsoTold ? [...given, ...eventsOf(lead, [alsoTold], context)] : given;
  const clock = events.every((event) => event.actor === 'clock' && isInert(event));
  const acted = clock
    ? { folded: undefined, markers: [], events }
    : foldAct(lead, events, answered?.corrects?.id, context);
  if ('need' in acted) return acted;
  const mailbox = mailboxFor(events, context);
  if (mailbox && 'need' in mailbox) return mailbox;
  const own = acted.folded ? foldedInto(lead, acted, acted.folded, mailbox) : lead;
  const folded = context.merged && mergedFrom(events) ? joined(own, context.merged) : own;
  const handRaise = handRaiseIn(acted.events, folded, context.rules.scoring, context.now);
  const facts = { events: [...acted.events], byPerson: byPerson(acted.events) };
  const act: Act = { before: lead, ...facts, last: events.at(-1) as LeadEvent, handRaise, answered, context };
  const told = { ...draftOf(folded), changes: mailChanges(lead, folded) };
  const step = judged(noteAnswer(askToConfirm(deliver(told, act), act), act), act);
  const parts = [giveUp, markNoMail, handOver, endAndResume, startEnrolments, wake, claimVisitors, lookUpAddress];
  return finished(
    parts.reduce((draft, part) => part(draft, step.act), step.draft),
    step.act,
    events,
    acted,
  );
};

/** Canonically, so that none of them is late to another. */
const inOrder = (lead: Lead, acts: readonly (readonly Happening[])[]): readonly (readonly Happening[])[] => {
  const placed = acts.flatMap((act) => {
    const first = act[0];
    return first ? [{ act, at: first.at, id: eventId(lead, first) }] : [];
  });
  return placed.sort(byAt).map(({ act }) => act);
};

/**
 * Several acts in one commit: each is judged by itself, on the lead that the one before left; the decisions become one.
 * A happening that stands in two acts counts in the first.
 */
export const decideActs = (lead: Lead, acts: readonly (readonly Happening[])[], context: Context): Decided => {
  const keys = new Set<string>();
  let all: Decision | undefined;
  let next = context;
  for (const act of inOrder(lead, acts)) {
    const fresh = act.filter(({ key }) => !keys.has(key) && keys.add(key));
    const decided = decide(all?.lead ?? lead, fresh, next);
    if ('need' in decided) return decided;
    all = all ? merged(all, decided.decision) : decided.decision;
    next = contextAfter(next, decided.decision);
  }
  if (!all || all.lead.version === lead.version) return all ? { decision: all } : unchanged(lead);
  return { decision: { ...all, lead: { ...all.lead, version: lead.version + 1 } } };
};
