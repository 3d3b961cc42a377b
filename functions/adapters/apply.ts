/** Applying acts to a lead in one transaction, tried again with what others changed meanwhile. */
import { setTimeout } from 'node:timers/promises';
import type { Decision } from '../lead/decision.ts';
import type { Happening, Instant, LeadEvent, Source } from '../lead/event.ts';
import type { Lead } from '../lead/lead.ts';
import { MARKETING } from '../lead/suppression.ts';
import { type Committed, commit } from './commit.ts';
import type { Evidence } from './consent-items.ts';
import { decideOn, load, type Who } from './deciding.ts';
import { submissionIdOf } from './leads.ts';
import { publishOutbox } from './outbox.ts';
import { noteProofs } from './proofs.ts';
import type { Submission } from './writes.ts';

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

/** Not applied: contended for too long, or (`fault`) deciding failed for the reason given. */
export interface Undecided {
  kind: 'undecided';
  before: Lead;
  why: string;
  fault: boolean;
}

export interface Attempt {
  at: Instant;
  submission?: Submission | undefined;
  evidence?: Evidence | undefined;
  source?: Source | undefined;
  tries: number;
  /** Reads the whole log, however long and with each try, where that is needed: worth it for a batch. */
  patient: boolean;
}

/**
 * An event older than the last one folds the whole log anew. With a long log, or contended, that is done once for a batch
 * of them: the act is left to a fold.
 */
const LONG = 100;

/** What a try leaves to the next one. */
interface Left {
  who: Who;
  acts: Happening[][];
  seen: Set<string>;
}

type Tried = Outcome | Undecided | { kind: 'again'; before: Lead; contended: boolean };

/** Applies several acts in one transaction; those that are in the log already are left out. */
export async function applyActs(who: Who, acts: Happening[][], attempt: Attempt): Promise<Outcome | Undecided> {
  const left: Left = { who, acts, seen: new Set() };
  for (let nth = 1; ; nth++) {
    const tried = await tryOnce(left, attempt, nth);
    if (tried.kind !== 'again') return tried;
    if (nth >= attempt.tries) return { kind: 'undecided', before: tried.before, why: 'contended', fault: false };
    if (tried.contended) await setTimeout(jitter(nth));
  }
}

/** Full jitter: contenders that collided spread over a time that doubles (30 ms to 1 s). */
const jitter = (nth: number): number => Math.random() * Math.min(1000, 15 * 2 ** nth);

async function tryOnce(left: Left, attempt: Attempt, nth: number): Promise<Tried> {
  const { at, submission, evidence, source, patient } = attempt;
  const loaded = await load(left.who, left.acts, at, left.seen);
  if (!loaded) return { kind: 'unknown' };
  const { before, context } = loaded;
  const acts = asFirst(before, left.acts, source);
  const decided = await decideOn(before, acts, context, { log: patient || (nth === 1 && before.version < LONG) });
  if ('late' in decided) return { kind: 'undecided', before, why: 'older than the last one', fault: false };
  if ('fault' in decided) return { kind: 'undecided', before, why: decided.fault, fault: true };
  const { decision } = decided;
  if (decision.lead.version === before.version) {
    const { refused } = decision;
    return refused ? { kind: 'refused', leadId: before.id, why: refused } : duplicate(before.id, submission);
  }
  return conclude(left, before, decision, await commit({ before, decision, submission, evidence, at }), attempt);
}

/** What a commit's answer means: the end, or what the next try must know. */
async function conclude(
  left: Left,
  before: Lead,
  decision: Decision,
  result: Committed,
  { submission }: Attempt,
): Promise<Tried> {
  switch (result.kind) {
    case 'committed':
      if (result.outbox) await publishOutbox(result.outbox);
      if (decision.proven) await noteProofs(decision.lead, decision.proven);
      return { kind: 'applied', lead: decision.lead, events: decision.events };
    case 'submitted':
      return { kind: 'duplicate', leadId: before.id, submissionId: result.submissionId };
    case 'happened':
      left.acts = without(left.acts, result.keys);
      if (left.acts.length === 0) return duplicate(before.id, submission);
      break;
    case 'taken':
      left.who = { leadId: result.leadId };
      break;
    case 'seen':
      for (const marker of result.markers) left.seen.add(marker);
      break;
    case 'too-large':
      return { kind: 'undecided', before, why: 'too large for one transaction', fault: true };
    case 'stale':
      return { kind: 'again', before, contended: true };
  }
  return { kind: 'again', before, contended: false };
}

/** An act of which one happening is in the log was committed whole. */
const without = (acts: Happening[][], keys: string[]): Happening[][] =>
  acts.filter((happenings) => !happenings.some(({ key }) => keys.includes(key)));

/** All of it is in the log; a post is answered with the id that it had then. */
async function duplicate(leadId: string, submission: Submission | undefined): Promise<Outcome> {
  const [surest] = submission?.same ?? [];
  const submissionId = surest && (await submissionIdOf(leadId, surest.hash));
  return { kind: 'duplicate', leadId, ...(submissionId ? { submissionId } : {}) };
}

/**
 * The acts that make a lead, each with the source that it comes from, and before them the no that outlived an erased lead
 * of its address: it stands in the log first, so that a tick needs to be confirmed. A known lead's acts as they are.
 */
export const asFirst = (before: Lead, acts: Happening[][], source: Source | undefined): Happening[][] => {
  if (before.version > 0) return acts;
  const [first = [], ...others] = acts.map((happenings) => withSource(happenings, source));
  return [before.stopped ? [saidNo(before.stopped.at), ...first] : first, ...others];
};

const withSource = (happenings: Happening[], source: Source | undefined): Happening[] =>
  source ? happenings.map((happening, i) => (i === 0 ? { ...happening, source } : happening)) : happenings;

const saidNo = (at: Instant): Happening => ({
  key: `outlives:${at}`,
  type: 'consent.withdrawn',
  at,
  actor: 'clock',
  data: {},
  consent: [{ purpose: MARKETING, action: 'withdrawn', method: 'erasure' }],
});
