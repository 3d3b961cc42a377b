/** Handoffs: opened on entering `when`, one at a time; answered once, corrected by the one who answered, then won or lost. */
import type { Rules } from '../definition/definition.ts';
import type { HandoffDefinition, Outcome } from '../definition/handoff.ts';
import { holds, type Subject } from './condition.ts';
import type { HandoffChange } from './decision.ts';
import type { Happening, Instant } from './event.ts';
import { derivedId } from './id.ts';
import type { Answer, Handoff, Lead } from './lead.ts';
import { addWorkingTime } from './working-hours.ts';

/** How long the one who answered may correct it. */
export const CORRECTABLE_MS = 24 * 3_600_000;

/** What an answer makes of the handoff's status. */
export const statusAfter = (answer: Answer): 'accepted' | 'rejected' | 'won' | 'lost' =>
  answer === 'accepted' || answer === 'won' || answer === 'lost' ? answer : 'rejected';

/**
 * When the assignee is reminded and when it escalates: `answer.within`, counted from `from` in working hours only.
 * @throws Error when the hours hold no working time.
 */
export const handoffDeadlines = (
  definition: HandoffDefinition,
  handRaise: boolean,
  from: Instant,
): { remindAt?: Instant; dueAt: Instant } => {
  const { within, hours, remind } = definition.answer;
  const ms = handRaise ? within.handRaise : within.otherwise;
  const dueAt = addWorkingTime(from, ms, hours);
  return remind === 'half-way' ? { remindAt: addWorkingTime(from, ms / 2, hours), dueAt } : { dueAt };
};

/** The first rule of `assign` whose `where` holds, with its place: turns are counted for each rule by itself. */
export const assignmentFor = (
  definition: HandoffDefinition,
  subject: Subject,
): { index: number; rule: HandoffDefinition['assign'][number] } | undefined => {
  const index = definition.assign.findIndex(({ where }) => where === undefined || holds(where, subject));
  const rule = definition.assign[index];
  return rule && { index, rule };
};

/** Whose it is at this turn (counted from 0); where no rule fits, the owner that the scoring file names for sales. */
export const assign = (rules: Pick<Rules, 'handoff' | 'scoring'>, subject: Subject, turn: number): string => {
  const rule = assignmentFor(rules.handoff, subject)?.rule;
  const to = rule?.by === 'turns' ? rule.to[turn % rule.to.length] : rule?.to[0];
  return to ?? rules.scoring.owners.sales;
};

/** A new handoff of this lead. `assignee` where it is known without the rules of `assign`. */
export const openHandoff = (
  lead: Lead,
  facts: { reason: string; handRaise: boolean; assignee?: string | undefined; eventId: string; noMail: boolean },
  rules: Rules,
  now: Instant,
): Handoff => ({
  id: derivedId('hnd', now, lead.id, facts.eventId),
  leadId: lead.id,
  status: 'pending',
  reason: facts.reason,
  handRaise: facts.handRaise,
  definition: rules.hash,
  openedAt: now,
  ...(facts.assignee !== undefined && { assignee: facts.assignee }),
  ...handoffDeadlines(rules.handoff, facts.handRaise, now),
  ...(facts.noMail && { noMarketingMail: true }),
  version: 1,
});

/** What a hand-raise makes of the handoff that is already open: its reason, and the deadline if that is earlier. */
export const raised = (
  handoff: Handoff,
  reason: string,
  definition: HandoffDefinition,
  now: Instant,
): HandoffChange => {
  const fresh = handoffDeadlines(definition, true, now);
  if (handoff.dueAt !== undefined && handoff.dueAt <= fresh.dueAt) return { reason, handRaise: true };
  const remind = !handoff.reminded && fresh.remindAt !== undefined ? { remindAt: fresh.remindAt } : {};
  return { reason, handRaise: true, dueAt: fresh.dueAt, ...remind };
};

export type Answering =
  | { as: 'answer' | 'correction' | 'follow-up'; outcome: Outcome }
  /** It changes nothing: why, in a sentence for the one who answers. */
  | { refused: string };

const FOLLOWS = 'Won and lost follow accepted: this handoff was not accepted.';

/** Whether this person may give this answer now: the first wins, its giver may correct it, `won` and `lost` follow `accepted`. */
export const mayAnswer = (
  handoff: Handoff,
  answer: Answer,
  by: string,
  now: Instant,
  definition: HandoffDefinition,
): Answering => {
  const outcome = definition.outcomes[answer];
  if (!outcome) return { refused: `“${answer}” is no answer: ${Object.keys(definition.outcomes).join(', ')}.` };
  const follows = outcome.after === 'accepted';
  const standing = handoff.answer;
  if (handoff.status === 'pending' || !standing) return follows ? { refused: FOLLOWS } : { as: 'answer', outcome };
  if (standing.answer === answer) return { refused: `This handoff is answered already: ${answer}.` };
  if (handoff.status === 'accepted' && follows) return { as: 'follow-up', outcome };
  if (handoff.status === 'rejected' && follows) return { refused: FOLLOWS };
  const concluded = handoff.status === 'won' || handoff.status === 'lost';
  if (concluded && !follows) return { refused: `This handoff is concluded already: ${standing.answer}.` };
  if (standing.by !== by) return { refused: `This handoff is answered already: ${standing.answer}.` };
  const until = Date.parse(standing.first ?? standing.at) + CORRECTABLE_MS;
  if (Date.parse(now) > until)
    return { refused: `This handoff is answered: ${standing.answer}. It could be corrected for 24 hours.` };
  return { as: 'correction', outcome };
};

/** What the handoff becomes by an answer that may be given. */
export const answered = (
  handoff: Handoff,
  facts: { answer: Answer; by: string; note?: string | undefined; eventId: string; at: Instant; correction: boolean },
): HandoffChange => {
  const first = facts.correction ? (handoff.answer?.first ?? handoff.answer?.at) : undefined;
  const { answer, at, by, note, eventId } = facts;
  return {
    status: statusAfter(answer),
    answer: { answer, at, by, ...(note !== undefined && { note }), eventId, ...(first !== undefined && { first }) },
  };
};

/** The happening by which an answer of sales reaches the lead. `by`: who answers, compared when it is corrected. */
export const answerHappening = (
  handoffId: string,
  given: { answer: Answer; by: string; note?: string | undefined },
  at: Instant,
): Happening => {
  const { answer, by, note } = given;
  const status = statusAfter(answer);
  return {
    key: `answer:${handoffId}:${answer}:${at}`,
    type: `handoff.${status}`,
    at,
    actor: 'sales',
    data: { handoff: handoffId, answer, ...(status === 'rejected' && { reason: answer }) },
    answered: { by, ...(note ? { note } : {}) },
  };
};
