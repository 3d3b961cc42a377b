/** Two leads that are one person: the one is given up, and all that happened to it has happened to the other. */
import { byHand, type Hand } from './by-hand.ts';
import { isReached } from './condition.ts';
import type { Act, Draft } from './draft.ts';
import type { Happening, Instant, LeadEvent } from './event.ts';
import type { EnrolmentMark, Lead } from './lead.ts';

/** This lead goes into that one: nothing more happens to it. */
export const mergedAway = (from: string, into: string, hand: Hand, at: Instant): Happening => ({
  ...byHand(hand, 'lead.merged-away', at, { from, into }),
  key: `merged-away:${from}`,
});

/** All that happened to that lead has happened to this one. */
export const mergedIn = (from: string, at: Instant): Happening => ({
  ...byHand({ id: from, who: 'ripen' }, 'lead.merged', at, { from }),
  key: `merged:${from}`,
});

/** The id of the lead that this act merges in; undefined: none. */
export const mergedFrom = (events: readonly LeadEvent[]): string | undefined => {
  const event = events.find(({ type, actor }) => type === 'lead.merged' && actor === 'hand');
  return event && String(event.data.from);
};

const awayIn = (events: readonly LeadEvent[]): LeadEvent | undefined =>
  events.find(({ type, actor }) => type === 'lead.merged-away' && actor === 'hand');

/** The id of the lead into which this act gives its own up; undefined: it does not. */
export const goesInto = (events: readonly LeadEvent[]): string | undefined => {
  const event = awayIn(events);
  return event && String(event.data.into);
};

/**
 * Why the lead is not given up after all, in a sentence. Others may have merged either of them since it was asked for:
 * `lead` is then the one that took it in, and `into` null. A circle would lose both.
 */
export const whyNotGivenUp = (lead: Lead, events: readonly LeadEvent[], into: Lead | null): string | undefined => {
  const event = awayIn(events);
  if (!event) return undefined;
  if (event.data.from !== lead.id) return 'The lead was merged into another one meanwhile.';
  return into ? whyNotMerged(lead, into) : 'The lead that would be kept is gone: it was merged or erased meanwhile.';
};

/** Gives a lead up, where this act says so: it has gone into another one, and its own things follow. */
export const giveUp = (draft: Draft, act: Act): Draft => {
  const event = awayIn(act.events);
  if (!event) return draft;
  const { lead } = draft;
  const messages = [...draft.messages, { type: 'lead.merge', leadId: lead.id } as const];
  return { ...draft, messages, lead: { ...lead, mergedInto: String(event.data.into) } };
};

/** Why two leads cannot become one, in a sentence; undefined: they can. `from` is the one that is given up. */
export const whyNotMerged = (from: Lead, into: Lead): string | undefined => {
  if (from.id === into.id) return 'A lead cannot be merged into itself.';
  if (!from.handoff) return undefined;
  return into.handoff
    ? 'Sales has both leads: answer the handoff of one of them first.'
    : `Sales has ${from.id}: merge the other one into it.`;
};

/** The later of two marks of one workflow; one that has not ended goes before. */
const laterMark = (a: EnrolmentMark, b: EnrolmentMark): EnrolmentMark => {
  if (!a.endedAt || !b.endedAt) return a.endedAt ? b : a;
  return a.endedAt >= b.endedAt ? a : b;
};

/** Of each stage the earlier of the two first times. */
const earliest = (a: Lead['reached'], b: Lead['reached']): Lead['reached'] => {
  if (!a || !b) return a ?? b;
  // The last of an entry's name is kept.
  return Object.fromEntries([...Object.entries(a), ...Object.entries(b)].sort(([, x], [, y]) => (x < y ? 1 : -1)));
};

/** The lead with what the other one's profile knows beside its log: what it went through, and how far it had come. */
export const joined = (lead: Lead, other: Lead): Lead => {
  const enrolments = { ...lead.enrolments };
  for (const [workflow, mark] of Object.entries(other.enrolments)) {
    const own = enrolments[workflow];
    enrolments[workflow] = own ? laterMark(own, mark) : mark;
  }
  const firsts = earliest(lead.reached, other.reached);
  const further = lead.stage !== other.stage && isReached(other.stage, lead.stage);
  return {
    ...lead,
    enrolments,
    createdAt: other.createdAt < lead.createdAt ? other.createdAt : lead.createdAt,
    ...(firsts && { reached: firsts }),
    ...(further && { stage: other.stage, stageSince: other.stageSince, stageBefore: lead.stage }),
    ...(!lead.lastAssignee && other.lastAssignee && { lastAssignee: other.lastAssignee }),
  };
};
