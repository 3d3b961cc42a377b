/**
 * Stages: entered by an act alone, one move an act; left by the clock, by a gate that closes, by an answer or by hand.
 * The words are those of the scoring file: `when`, `leaveBelow`, `stay`, gates.
 */
import type { Condition } from '../definition/condition.ts';
import type { Scoring, Stage, StageRule } from '../definition/scoring.ts';
import { holds, isReached, type Subject } from './condition.ts';
import type { Instant } from './event.ts';
import { risesToAt, staysBelowUntil } from './fall.ts';
import { closedGates } from './gates.ts';
import type { Lead } from './lead.ts';
import { subjectOf } from './subject.ts';

const DAY = 86_400_000;
/** How long a threshold crossed behind a closed gate is remembered. */
export const CROSSING_KEPT_MS = 7 * DAY;
/** How far ahead the clock's next judgement is looked for; a lead that stays above for longer is looked at again then. */
const HORIZON_MS = 400 * DAY;

/** What an act brings to the judgement. */
export interface Judged {
  /** Some event of it is a human's, or an answer of sales. */
  byPerson: boolean;
  handRaise: boolean;
  /** The outcome of an answer, and the stage that it leads to. */
  answer?: { outcome: string; stage: Stage; correction: boolean } | undefined;
  /** The stage that a person sets by hand. */
  hand?: Stage | undefined;
}

export interface Move {
  from: Stage;
  to: Stage;
  why: string;
  /** Falling is not entering: it starts nothing and hands nothing over. */
  fell: boolean;
}

const later = (at: Instant, ms: number): Instant => new Date(Date.parse(at) + ms).toISOString();

/** Whether a condition asks for points: then a stage with it is reached by score. */
export const readsScore = (condition: Condition): boolean => {
  switch (condition.kind) {
    case 'any':
    case 'all':
      return condition.of.some(readsScore);
    case 'not':
      return readsScore(condition.of);
    case 'fit':
    case 'engagement':
    case 'grade':
      return true;
    default:
      return false;
  }
};

/** The stages that lie ahead, in file order. Those aside (`recycled`, `disqualified`) have all before them. */
const ahead = (stage: Stage, rules: readonly StageRule[]): readonly StageRule[] => {
  if (stage === 'sql' || stage === 'customer') return [];
  const here = rules.findIndex((rule) => rule.stage === stage);
  return here >= 0 ? rules.slice(here + 1) : rules.filter((rule) => !isReached(stage, rule.stage));
};

type Way = 'act' | 'score' | 'fact';

/** How a stage whose `when` holds is reached: by this very act, by score, or by some other fact. */
const wayTo = (rule: StageRule, quiet: Subject): Way => {
  if (!holds(rule.when, quiet)) return 'act';
  return rule.stage === 'mql' || readsScore(rule.when) ? 'score' : 'fact';
};

const mayLeave = (stage: Stage, way: Way): boolean =>
  stage === 'disqualified' ? way === 'act' : stage === 'recycled' ? way !== 'fact' : true;

interface Reached {
  rule?: StageRule;
  /** The last stage that the score reaches and closed gates bar. */
  barred?: { stage: Stage; closed: string[] };
}

/** The last stage in the file whose `when` holds, that lies ahead, and to which the way is free. */
const reached = (lead: Lead, judged: Judged, scoring: Scoring, now: Instant): Reached => {
  const quiet = subjectOf(lead, scoring, now);
  const loud = judged.handRaise ? subjectOf(lead, scoring, now, { handRaise: true }) : quiet;
  const resting = lead.restUntil !== undefined && now < lead.restUntil;
  let barred: Reached['barred'];
  for (const rule of ahead(lead.stage, scoring.stages).toReversed()) {
    if (!holds(rule.when, loud)) continue;
    const way = wayTo(rule, quiet);
    if (!mayLeave(lead.stage, way) || (way === 'score' && resting)) continue;
    const closed = way === 'score' ? closedGates(scoring, quiet) : [];
    if (closed.length === 0) return { rule, ...(barred && { barred }) };
    barred ??= { stage: rule.stage, closed: closed.map((gate) => gate.name) };
  }
  return { ...(barred && { barred }) };
};

/** The stage of a remembered crossing, once every gate is open: whoever opened it, it counts as the event. */
const opened = (lead: Lead, scoring: Scoring, now: Instant): StageRule | undefined => {
  const { crossed } = lead;
  if (!crossed || now > later(crossed.at, CROSSING_KEPT_MS)) return undefined;
  if (lead.restUntil !== undefined && now < lead.restUntil) return undefined;
  const rule = ahead(lead.stage, scoring.stages).find((each) => each.stage === crossed.stage);
  if (!rule || !mayLeave(lead.stage, 'score')) return undefined;
  const subject = subjectOf(lead, scoring, now);
  // Once crossed, a threshold holds down to `leaveBelow`, here as in the stage itself.
  if (rule.leaveBelow && subject.engagement < rule.leaveBelow.engagement) return undefined;
  return closedGates(scoring, subject).length === 0 ? rule : undefined;
};

const furthest = (scoring: Scoring, a: StageRule | undefined, b: StageRule | undefined): StageRule | undefined =>
  a && b ? (scoring.stages.indexOf(a) >= scoring.stages.indexOf(b) ? a : b) : (a ?? b);

const scoreWords = (lead: Lead, scoring: Scoring, now: Instant): string => {
  const subject = subjectOf(lead, scoring, now);
  return `fit ${subject.fit} (${subject.grade}), engagement ${subject.engagement}`;
};

/** Where an answer leads. A customer's new request never makes less of a customer; the correction of a `won` may. */
const byAnswer = (stage: Stage, answer: NonNullable<Judged['answer']>): Stage =>
  stage === 'customer' && !answer.correction && isReached('customer', answer.stage) ? stage : answer.stage;

/** Why an `mql` falls back at this act: a gate that was open before it is closed after it, and sales does not have the lead. */
const closing = (before: Lead, lead: Lead, scoring: Scoring, now: Instant): string[] => {
  if (lead.stage !== 'mql') return [];
  const closed = closedGates(scoring, subjectOf(lead, scoring, now));
  if (closed.length === 0) return [];
  const shut = new Set(closedGates(scoring, subjectOf(before, scoring, now)).map((gate) => gate.name));
  return closed.filter((gate) => !shut.has(gate.name)).map((gate) => gate.name);
};

/** The gates that this act closed. */
export const gatesClosed = (before: Lead, lead: Lead, scoring: Scoring, now: Instant): string[] =>
  closing({ ...before, stage: 'mql' }, { ...lead, stage: 'mql' }, scoring, now);

/** Whether the clock ends the stage now: engagement below `leaveBelow` for the whole of `stay`. */
const hasFaded = (lead: Lead, scoring: Scoring, now: Instant): StageRule | undefined => {
  const rule = scoring.stages.find((each) => each.stage === lead.stage);
  if (!rule?.leaveBelow || !lead.belowSince) return undefined;
  if (now < later(lead.belowSince, rule.stay ?? 0)) return undefined;
  return subjectOf(lead, scoring, now).engagement < rule.leaveBelow.engagement ? rule : undefined;
};

/** Back to the stage before; where an answer led down to this stage, to the one before it in the file. */
const back = (lead: Lead, scoring: Scoring, why: string): Move => {
  const inFile = scoring.stages[scoring.stages.findIndex((rule) => rule.stage === lead.stage) - 1]?.stage;
  const before = lead.stageBefore && !isReached(lead.stageBefore, lead.stage) ? lead.stageBefore : inFile;
  return { from: lead.stage, to: before ?? 'lead', why, fell: true };
};

const fall = (before: Lead, lead: Lead, scoring: Scoring, now: Instant): Move | undefined => {
  const closed = closing(before, lead, scoring, now);
  if (closed.length > 0 && lead.handoff?.status !== 'pending')
    return back(lead, scoring, `gate closed: ${closed.join(', ')}`);
  const faded = hasFaded(lead, scoring, now);
  return faded && back(lead, scoring, `engagement below ${faded.leaveBelow?.engagement}`);
};

/**
 * The one move of an act, if any. `before` is the lead before the act, `lead` with the act folded in and its stage as it
 * was. Entering goes before falling. Also what to remember of a threshold behind a closed gate.
 */
export const judge = (
  before: Lead,
  lead: Lead,
  judged: Judged,
  scoring: Scoring,
  now: Instant,
): { move?: Move; crossed?: Lead['crossed'] } => {
  // A stage set by hand is what it says, also where it is an answer.
  if (judged.hand) {
    const to = judged.hand;
    const fell = isReached(lead.stage, to);
    return { ...(to !== lead.stage && { move: { from: lead.stage, to, why: 'by hand', fell } }) };
  }
  if (judged.answer) {
    const to = byAnswer(lead.stage, judged.answer);
    const why = `sales: ${judged.answer.outcome}`;
    return { ...(to !== lead.stage && { move: { from: lead.stage, to, why, fell: false } }) };
  }
  const { rule, barred }: Reached = judged.byPerson ? reached(lead, judged, scoring, now) : {};
  const entered = furthest(scoring, rule, opened(lead, scoring, now));
  const kept = lead.crossed && now <= later(lead.crossed.at, CROSSING_KEPT_MS) ? lead.crossed : undefined;
  const crossed = barred ? { ...barred, at: now } : kept;
  if (!entered) {
    const move = fall(before, lead, scoring, now);
    return { ...(move && { move }), ...(crossed && { crossed }) };
  }
  const why = judged.handRaise && entered === rule ? 'asked for sales' : scoreWords(lead, scoring, now);
  const stillBarred = crossed && ahead(entered.stage, scoring.stages).some((each) => each.stage === crossed.stage);
  return { move: { from: lead.stage, to: entered.stage, why, fell: false }, ...(stillBarred && { crossed }) };
};

/** The lead after a move. */
export const moved = (lead: Lead, move: Move | undefined, now: Instant): Lead => {
  if (!move) return lead;
  const { stageBefore: _, belowSince: __, dueAt: ___, ...rest } = lead;
  const next = { ...rest, stage: move.to, stageSince: now };
  if (move.fell) return next;
  return { ...next, stageBefore: move.from, reached: { [move.to]: now, ...lead.reached } };
};

/** Since when engagement is below, where it went below before this act and stays so for the rest of `stay`. */
const belowAlready = (before: Lead, lead: Lead, rule: Fading, scoring: Scoring, now: Instant): Instant | undefined => {
  const since = before.belowSince;
  const sameStay = before.stage === lead.stage && before.stageSince === lead.stageSince;
  if (!sameStay || since === undefined || since >= now) return undefined;
  const threshold = rule.leaveBelow.engagement;
  const until = later(since, rule.stay ?? 0);
  return risesToAt(scoring, lead.values, now, threshold, until < now ? now : until) === undefined ? since : undefined;
};

type Fading = StageRule & { leaveBelow: { engagement: number } };
const fades = (rule: StageRule | undefined): rule is Fading => rule?.leaveBelow !== undefined;

/** The lead with when the clock will have something to judge: when it will have stayed below `leaveBelow`, if nothing happens. */
export const timed = (before: Lead, lead: Lead, scoring: Scoring, now: Instant): Lead => {
  const { belowSince: _, dueAt: __, ...rest } = lead;
  const rule = scoring.stages.find((each) => each.stage === lead.stage);
  if (!fades(rule)) return rest;
  const stay = rule.stay ?? 0;
  const already = belowAlready(before, lead, rule, scoring, now);
  if (already !== undefined) return { ...rest, belowSince: already, dueAt: later(already, stay) };
  const horizon = later(now, HORIZON_MS);
  const search = { from: now, threshold: rule.leaveBelow.engagement, stay, horizon };
  const found = staysBelowUntil(scoring, lead.values, search);
  return found ? { ...rest, belowSince: found.since, dueAt: found.at } : { ...rest, dueAt: horizon };
};
