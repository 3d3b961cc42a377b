/** The handoff's part of a decision: what an answer does to it, and whether this act opens one or raises the open one. */
import type { HandoffDefinition, Outcome } from '../definition/handoff.ts';
import type { Stage } from '../definition/scoring.ts';
import { holds } from './condition.ts';
import type { Act, Answered, Draft } from './draft.ts';
import { enteredBy, flagsOf } from './draft.ts';
import { handRaiseWords } from './hand-raise.ts';
import { answered, openHandoff, raised, statusAfter } from './handoff.ts';
import type { Answer, Handoff, Lead } from './lead.ts';
import { gatesClosed } from './stage.ts';
import { subjectOf } from './subject.ts';

const changed = (draft: Draft, handoff: Handoff, set: ReturnType<typeof raised>): Draft => ({
  ...draft,
  handoff: { ...draft.handoff, change: { id: handoff.id, set } },
  messages: [...draft.messages, { type: 'handoff.changed', leadId: handoff.leadId, handoffId: handoff.id }],
});

const ownerAfter = (lead: Lead, { event, handoff, answering }: Answered): string | undefined => {
  switch (answering.as) {
    case 'follow-up':
      return lead.lastAssignee ?? handoff.assignee ?? event.by;
    case 'by-hand':
      // Who corrects a lead need not be of sales.
      return handoff.assignee ?? lead.lastAssignee;
    default:
      return handoff.assignee ?? event.by;
  }
};

const leadAfterAnswer = (lead: Lead, { event, handoff, answering }: Answered, restUntil: string | undefined): Lead => {
  const { handoff: standing, restUntil: _, ...rest } = lead;
  const mine = standing === undefined || standing.id === handoff.id;
  const accepted = statusAfter(event.answer) === 'accepted';
  const next =
    mine && accepted ? { id: handoff.id, status: 'accepted' as const, handRaise: handoff.handRaise } : undefined;
  const kept = mine ? next : standing;
  const owner = ownerAfter(lead, { event, handoff, answering });
  return {
    ...rest,
    ...(kept && { handoff: kept }),
    ...(restUntil !== undefined && { restUntil }),
    ...(owner !== undefined && { lastAssignee: owner }),
  };
};

/** Notes an answer on the handoff and on the lead: who has it, and until when score leaves it alone. */
export const noteAnswer = (draft: Draft, act: Act): Draft => {
  const given = act.answered;
  if (!given) return draft;
  const { now } = act.context;
  const { rest } = given.answering.outcome;
  const restUntil = rest === undefined ? undefined : new Date(Date.parse(now) + rest).toISOString();
  const set = answered(given.handoff, { ...given.event, at: now, correction: given.answering.as === 'correction' });
  const next = changed({ ...draft, lead: leadAfterAnswer(draft.lead, given, restUntil) }, given.handoff, set);
  const to = statusAfter(given.event.answer);
  const change = {
    what: 'handoff',
    name: given.event.answer,
    from: given.handoff.status,
    to,
    id: given.handoff.id,
  } as const;
  return { ...next, changes: [...next.changes, change] };
};

/**
 * The answer that a stage set by hand is, so that sales is not reminded of a lead that is settled. While sales is asked: the
 * first that leads to this stage, one that needs no other before it if there is one. Once it has accepted: the first of those
 * that follow. Undefined: no such answer leads there, and the handoff stays as it is.
 */
export const answerByHand = (
  stage: Stage,
  handoff: Handoff,
  { outcomes }: HandoffDefinition,
): { answer: Answer; outcome: Outcome } | undefined => {
  const leading = Object.entries(outcomes).filter(([, outcome]) => outcome.stage === stage);
  const follows = leading.find(([, { after }]) => after === 'accepted');
  const found =
    handoff.status === 'accepted' ? follows : (leading.find(([, { after }]) => after === undefined) ?? follows);
  return found && { answer: found[0], outcome: found[1] };
};

/** Whom it goes to where the rules of `assign` are not asked: marketing, or the one who knows this lead already. */
const knownAssignee = (act: Act): string | undefined => {
  if (act.handRaise?.toMarketing) return act.context.rules.scoring.owners.marketing;
  const { stage, lastAssignee } = act.before;
  return stage === 'customer' || stage === 'sql' ? lastAssignee : undefined;
};

const open = (draft: Draft, act: Act, reason: string): Draft => {
  const { rules, now } = act.context;
  const { lead } = draft;
  const handRaise = act.handRaise !== undefined;
  const facts = { reason, handRaise, assignee: knownAssignee(act), eventId: act.last.id };
  const noMail = lead.stopped !== undefined || lead.suppressed !== undefined;
  const handoff = openHandoff(lead, { ...facts, noMail }, rules, now);
  return {
    ...draft,
    lead: { ...lead, handoff: { id: handoff.id, status: 'pending', handRaise } },
    handoff: { ...draft.handoff, open: handoff },
    changes: [
      ...draft.changes,
      { what: 'handoff', name: rules.handoff.name, to: 'pending', why: reason, id: handoff.id },
    ],
    messages: [...draft.messages, { type: 'handoff.opened', leadId: lead.id, handoffId: handoff.id }],
  };
};

const raise = (draft: Draft, act: Act, reason: string): Draft => {
  const { handoff, now, rules } = act.context;
  if (!handoff) return draft;
  const set = raised(handoff, reason, rules.handoff, now);
  const lead: Lead = { ...draft.lead, handoff: { id: handoff.id, status: 'pending', handRaise: true } };
  const change = { what: 'handoff', name: rules.handoff.name, to: 'pending', why: reason, id: handoff.id } as const;
  return changed({ ...draft, lead, changes: [...draft.changes, change] }, handoff, set);
};

/** Whether this act enters the handoff's `when`: it held not before, and holds now. */
const entersWhen = (act: Act, lead: Lead): boolean => {
  const { rules, now } = act.context;
  if (!act.byPerson && enteredBy(act) === undefined) return false;
  if (act.move?.fell || (lead.restUntil !== undefined && now < lead.restUntil)) return false;
  const { when } = rules.handoff;
  return (
    holds(when, subjectOf(lead, rules.scoring, now, flagsOf(act))) &&
    !holds(when, subjectOf(act.before, rules.scoring, now))
  );
};

/** Opens a handoff, or raises the open one, where this act asks for it. An answer opens none. */
export const handOver = (draft: Draft, act: Act): Draft => {
  if (draft.lead.audience || act.answered) return draft;
  const pending = draft.lead.handoff?.status === 'pending';
  if (act.handRaise) {
    const reason = handRaiseWords(act.handRaise.event.type);
    const next = pending ? raise(draft, act, reason) : open(draft, act, reason);
    const { event } = act.handRaise;
    const told = { type: 'lead.hand-raised', leadId: event.leadId, eventId: event.id, by: event.type } as const;
    return { ...next, messages: [...next.messages, told] };
  }
  if (pending || !entersWhen(act, draft.lead)) return draft;
  return open(draft, act, act.move ? `${act.move.to}: ${act.move.why}` : act.context.rules.handoff.name);
};

/** Marks the open handoff of a lead whom marketing may not mail any more: a gate closed, or a stop came. */
export const markNoMail = (draft: Draft, act: Act): Draft => {
  const { lead } = draft;
  const { handoff } = lead;
  const stops = (lead.stopped && !act.before.stopped) || (lead.suppressed && !act.before.suppressed);
  const { rules, now } = act.context;
  if (!handoff || draft.handoff.open || act.before.handoff?.id !== handoff.id) return draft;
  if (!stops && gatesClosed(act.before, lead, rules.scoring, now).length === 0) return draft;
  const set = { ...draft.handoff.change?.set, noMarketingMail: true } as const;
  return { ...draft, handoff: { ...draft.handoff, change: { id: handoff.id, set } } };
};
