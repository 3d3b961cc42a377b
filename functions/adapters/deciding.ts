/** What deciding takes: the lead, the rules in force, and whatever else it asks for. */
import { decide, decideActs, newLead } from '../lead/decide.ts';
import type { Context, Decision, Need } from '../lead/decision.ts';
import type { Happening, Instant } from '../lead/event.ts';
import type { EmailAddress, Lead } from '../lead/lead.ts';
import type { Outlives } from './consent-items.ts';
import { loadedRules, published, rules } from './definitions.ts';
import { letAddressGo } from './erase.ts';
import { claimAt, loadGivenUp, loadHandoff, loadLead, loadLiving, readRecords, sendsOf } from './leads.ts';

/** A lead that is known, or an address whose lead is made if it has none. */
export type Who = { leadId: string } | { email: EmailAddress };

/**
 * The lead, or the new one that its first act makes, and the context to decide in.
 * @returns undefined when there is no lead of that id.
 */
export async function load(
  who: Who,
  acts: Happening[][],
  at: Instant,
  seen: Set<string>,
): Promise<{ before: Lead; context: Context } | undefined> {
  const [{ known, outlives }, current] = await Promise.all([find(who), published(at)]);
  if (!known && 'leadId' in who) return undefined;
  // A profile that was judged by a newer publication tells that the pointer in memory is old.
  const behind = known && known.publication > current.publication;
  const { hash, publication } = behind ? await published(at, { atLeast: known.publication }) : current;
  const context: Context = { now: at, rules: await rules(hash), publication, rulesOf: loadedRules, seen };
  if (known) return { before: known, context };
  const first = acts[0]?.[0];
  if (!first || !('email' in who)) throw new Error('A lead is made by something that happened.');
  return { before: { ...newLead(who.email, first, context), ...outlives }, context };
}

interface Found {
  known?: Lead | undefined;
  /** Of an erased lead of that address. */
  outlives?: Outlives;
}

/**
 * An address is let go in the transaction that erases its lead: one that still names it is read again. Where a lead was
 * merged into the erased one, its address is let go now.
 */
async function find(who: Who): Promise<Found> {
  if ('leadId' in who) return { known: await loadLead(who.leadId) };
  for (let tried = 0; tried < 3; tried++) {
    const claim = await claimAt(who.email);
    if (claim?.leadId === undefined) return { outlives: outlivesOf(claim ?? {}) };
    const known = await loadLead(claim.leadId);
    if (known) return { known };
    await letAddressGo(who.email.key, claim.leadId);
  }
  throw new Error('An address names a lead that is no more.');
}

const outlivesOf = ({ suppressed, stopped }: Outlives): Outlives => ({
  ...(suppressed && { suppressed }),
  ...(stopped && { stopped }),
});

/** Each answer to a need may raise one more (a log names definitions): more than this is a fault of deciding. */
const MOST_NEEDS = 6;

/** The decision; or why deciding failed; or (`late`) it takes the whole log, which `may` does not allow. */
export async function decideOn(
  before: Lead,
  acts: Happening[][],
  start: Context,
  may: { log: boolean },
): Promise<{ decision: Decision } | { fault: string } | { late: true }> {
  let context = start;
  try {
    for (let asked = 0; asked < MOST_NEEDS; asked++) {
      const answer = acts.length === 1 ? decide(before, acts[0] ?? [], context) : decideActs(before, acts, context);
      if ('decision' in answer) return answer;
      if (answer.need.log && !may.log) return { late: true };
      context = { ...context, ...(await provide(before.id, answer.need)) };
    }
    return { fault: 'deciding asked for more and more' };
  } catch (error) {
    return { fault: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

async function provide(leadId: string, need: Need): Promise<Partial<Context>> {
  const [log, sends, handoff, merged, into] = await Promise.all([
    need.log ? readRecords(leadId) : undefined,
    need.sends ? sendsOf(leadId) : undefined,
    need.handoff ? loadHandoff(leadId, need.handoff) : undefined,
    need.merged ? loadGivenUp(need.merged) : undefined,
    need.into ? loadLiving(need.into) : undefined,
    // `rulesOf` finds them afterwards.
    ...(need.rules ?? []).map((hash) => rules(hash)),
  ]);
  return {
    ...(log ? { log } : {}),
    ...(sends ? { sends } : {}),
    ...(need.handoff ? { handoff: handoff ?? null } : {}),
    ...(merged ? { merged } : {}),
    ...(need.into ? { into: into ?? null } : {}),
  };
}
