/**
 * The one way in which anything happens to a lead: load → decide → commit → publish → settle.
 * What cannot be judged now is stored as pending and judged later; nothing that was accepted is lost.
 */
import { setTimeout } from 'node:timers/promises';
import { decide, decideActs, newLead } from '../lead/decide.ts';
import type { Context, Decision, Need } from '../lead/decision.ts';
import type { Happening, Instant, LeadEvent, Source } from '../lead/event.ts';
import type { EmailAddress, Lead } from '../lead/lead.ts';
import { commit } from './commit.ts';
import { loadedRules, published, rules } from './definitions.ts';
import { leadIdOf, loadHandoff, loadLead, readLog, submissionIdOf } from './leads.ts';
import { publishOutbox } from './outbox.ts';
import { storePending } from './pending.ts';
import { inTurn } from './turn.ts';
import type { Submission } from './writes.ts';

/** A lead that is known, or an address whose lead is made if it has none. */
export type Who = { leadId: string } | { email: EmailAddress };

export type Outcome =
  | { kind: 'applied'; lead: Lead; events: LeadEvent[] }
  /** It happened before; nothing was written. */
  | { kind: 'duplicate'; leadId: string; submissionId?: string }
  /** An answer of sales that changed nothing, and why, in a sentence for the one who gave it. */
  | { kind: 'refused'; leadId: string; why: string }
  /** Stored, not judged yet: too many at once, or judging it failed. */
  | { kind: 'pending'; leadId: string }
  /** There is no lead of that id. */
  | { kind: 'unknown' };

export interface ActOptions {
  at: Instant;
  /** The post that this is, where it is one. */
  submission?: Submission;
  /** Where a lead comes from that this act makes; a known one keeps its own. */
  source?: Source;
  /** Tries for longer before it leaves the act to a fold: somebody waits for its effect. */
  patient?: boolean;
}

/** Tries of one act before it is left to a fold. Twice as many contenders need one try more. */
const TRIES = 5;
const PATIENT_TRIES = 10;

/**
 * An event older than the last one folds the whole log anew. With a long log, or contended, that is done once for a batch
 * of them: the act is left to a fold.
 */
const LONG = 100;

/**
 * Applies one act: happenings that belong together, in their order.
 * @throws what AWS throws when the table cannot be read or written: then nothing is stored.
 */
export function act(who: Who, happenings: Happening[], options: ActOptions): Promise<Outcome> {
  return inTurn('leadId' in who ? who.leadId : who.email.key, () => actNow(who, happenings, options));
}

async function actNow(who: Who, happenings: Happening[], options: ActOptions): Promise<Outcome> {
  const { at, submission, source } = options;
  // Somebody of sales waits for the answer to theirs, and a correction needs the log.
  const patient = options.patient ?? happenings.some(({ answered }) => answered);
  const tries = patient ? PATIENT_TRIES : TRIES;
  const result = await applyActs(who, [happenings], { at, submission, source, tries, patient });
  if (result.kind !== 'undecided') return result;
  const { before, why, fault } = result;
  const told = before.version === 0 ? withSource(happenings, source) : happenings;
  const stored = await storePending(before, { happenings: told, at, why, tries: 0 }, { submission, fault });
  if (stored.kind === 'taken') return actNow({ leadId: stored.leadId }, happenings, options);
  if (stored.kind === 'submitted') return { kind: 'duplicate', leadId: before.id, submissionId: stored.submissionId };
  return { kind: stored.kind === 'happened' ? 'duplicate' : 'pending', leadId: before.id };
}

/** Not applied: contended for too long, or (`fault`) deciding failed for the reason given. */
export interface Undecided {
  kind: 'undecided';
  before: Lead;
  why: string;
  fault: boolean;
}

export interface Attempt extends Pick<ActOptions, 'at'> {
  submission?: Submission | undefined;
  source?: Source | undefined;
  tries: number;
  /** Reads the whole log, however long and with each try, where that is needed: worth it for a batch. */
  patient?: boolean;
}

/** Applies several acts in one transaction; those that are in the log already are left out. */
export async function applyActs(
  who: Who,
  acts: Happening[][],
  { at, submission, source, tries, patient = false }: Attempt,
): Promise<Outcome | Undecided> {
  const seen = new Set<string>();
  let whom = who;
  let left = acts;
  for (let nth = 1; ; nth++) {
    const loaded = await load(whom, left, at, seen);
    if (!loaded) return { kind: 'unknown' };
    const { before, context } = loaded;
    const told = before.version === 0 ? left.map((happenings) => withSource(happenings, source)) : left;
    const decided = await decideWith(before, told, context, patient || (nth === 1 && before.version < LONG));
    if ('late' in decided) return { kind: 'undecided', before, why: 'older than the last one', fault: false };
    if ('fault' in decided) return { kind: 'undecided', before, why: decided.fault, fault: true };
    const { decision } = decided;
    if (decision.lead.version === before.version) {
      const { refused } = decision;
      return refused ? { kind: 'refused', leadId: before.id, why: refused } : duplicate(before.id, submission);
    }
    const result = await commit({ before, decision, submission, at });
    switch (result.kind) {
      case 'committed':
        if (result.outbox) await publishOutbox(result.outbox, at);
        return { kind: 'applied', lead: decision.lead, events: decision.events };
      case 'submitted':
        return { kind: 'duplicate', leadId: before.id, submissionId: result.submissionId };
      case 'happened':
        left = without(left, result.keys);
        if (left.length === 0) return duplicate(before.id, submission);
        break;
      case 'taken':
        whom = { leadId: result.leadId };
        break;
      case 'seen':
        for (const marker of result.markers) seen.add(marker);
        break;
      case 'too-large':
        return { kind: 'undecided', before, why: 'too large for one transaction', fault: true };
      case 'stale':
        await setTimeout(jitter(nth));
    }
    if (nth >= tries) return { kind: 'undecided', before, why: 'contended', fault: false };
  }
}

/** All of it is in the log; a post is answered with the id that it had then. */
async function duplicate(leadId: string, submission: Submission | undefined): Promise<Outcome> {
  const submissionId = submission && (await submissionIdOf(leadId, submission.hash));
  return { kind: 'duplicate', leadId, ...(submissionId ? { submissionId } : {}) };
}

const withSource = (happenings: Happening[], source: Source | undefined): Happening[] =>
  source ? happenings.map((happening, i) => (i === 0 ? { ...happening, source } : happening)) : happenings;

/** Full jitter: contenders that collided spread over a time that doubles (30 ms to 1 s). */
const jitter = (nth: number): number => Math.random() * Math.min(1000, 15 * 2 ** nth);

/** An act of which one happening is in the log was committed whole. */
const without = (acts: Happening[][], keys: string[]): Happening[][] =>
  acts.filter((happenings) => !happenings.some(({ key }) => keys.includes(key)));

async function load(who: Who, acts: Happening[][], at: Instant, seen: Set<string>) {
  const [known, current] = await Promise.all([find(who), published(at)]);
  if (!known && 'leadId' in who) return undefined;
  // A profile that was judged by a newer publication tells that the pointer in memory is old.
  const pointer =
    known && known.publication > current.publication ? await published(at, { atLeast: known.publication }) : current;
  const context: Context = {
    now: at,
    rules: await rules(pointer.hash),
    publication: pointer.publication,
    rulesOf: loadedRules,
    seen,
  };
  const first = acts[0]?.[0];
  if (known) return { before: known, context };
  if (!first || !('email' in who)) throw new Error('A lead is made by something that happened.');
  return { before: newLead(who.email, first, context), context };
}

async function find(who: Who): Promise<Lead | undefined> {
  const leadId = 'leadId' in who ? who.leadId : await leadIdOf(who.email);
  return leadId === undefined ? undefined : loadLead(leadId);
}

/** Each answer to a need may raise one more (a log names definitions): more than this is a fault of deciding. */
const MOST_NEEDS = 6;

async function decideWith(
  before: Lead,
  acts: Happening[][],
  start: Context,
  mayReadLog: boolean,
): Promise<{ decision: Decision } | { fault: string } | { late: true }> {
  let context = start;
  try {
    for (let asked = 0; asked < MOST_NEEDS; asked++) {
      const answer = acts.length === 1 ? decide(before, acts[0] ?? [], context) : decideActs(before, acts, context);
      if ('decision' in answer) return answer;
      if (answer.need.log && !mayReadLog) return { late: true };
      context = { ...context, ...(await provide(before.id, answer.need)) };
    }
    return { fault: 'deciding asked for more and more' };
  } catch (error) {
    return { fault: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

async function provide(leadId: string, need: Need): Promise<Partial<Context>> {
  const [log, handoff] = await Promise.all([
    need.log ? readLog(leadId) : undefined,
    need.handoff ? loadHandoff(leadId, need.handoff) : undefined,
    // `rulesOf` finds them afterwards.
    ...(need.rules ?? []).map((hash) => rules(hash)),
  ]);
  return { ...(log ? { log } : {}), ...(need.handoff ? { handoff: handoff ?? null } : {}) };
}
