/**
 * The heart: what one act means for one lead. Pure; the caller loads, commits and publishes.
 */
import type { Context, Decision, Need } from './decision.ts';
import type { Happening, Instant } from './event.ts';
import type { EmailAddress, Lead } from './lead.ts';

export type { Context, Decision, Need } from './decision.ts';

/**
 * A lead that is not stored yet: version 0. Its id is derived from the first act, so that a retried post makes the same one.
 */
export declare function newLead(email: EmailAddress, first: { key: string; at: Instant }, context: Context): Lead;

/**
 * Decides one act: all its happenings are folded in order, then the lead is judged once.
 * @returns the decision, or what is missing to make it (load that, and call again).
 */
export declare function decide(
  lead: Lead,
  happenings: readonly Happening[],
  context: Context,
): { decision: Decision } | { need: Need };

/** Several acts in one commit (pending events): each is judged by itself; the decisions are merged into one. */
export declare function decideActs(
  lead: Lead,
  acts: readonly (readonly Happening[])[],
  context: Context,
): { decision: Decision } | { need: Need };
