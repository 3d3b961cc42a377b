/** Folding leads anew under the definition in force: what it would change, and doing it. */
import type { Rules } from '../definition/definition.ts';
import type { Stage } from '../definition/scoring.ts';
import { type Hand, rescored } from '../lead/by-hand.ts';
import type { Decision } from '../lead/decision.ts';
import { engagementAt } from '../lead/engagement.ts';
import type { Instant } from '../lead/event.ts';
import { fitOf } from '../lead/fit.ts';
import type { Lead } from '../lead/lead.ts';
import { act } from './act.ts';
import { decideOn, load } from './deciding.ts';

export interface Points {
  stage: Stage;
  fit: number;
  engagement: number;
}

/** What rescoring makes of one lead. */
export interface Rescoring {
  leadId: string;
  before: Points;
  after: Points;
  /** It would be handed to sales. */
  handsOver: boolean;
  /** It was folded under this definition by an earlier rescoring: nothing to do. */
  done: boolean;
}

const pointsOf = (lead: Lead, { scoring }: Rules, at: Instant): Points => ({
  stage: lead.stage,
  fit: fitOf(scoring, lead.fields).value,
  engagement: engagementAt(scoring, lead.values, at).value,
});

/** What rescoring would make of a lead; nothing is written. Undefined: there is no such lead. @throws what deciding fails with. */
export async function previewRescoring(leadId: string, hand: Hand, at: Instant): Promise<Rescoring | undefined> {
  const loaded = await load({ leadId }, [], at, new Set());
  if (!loaded) return undefined;
  const { before, context } = loaded;
  const decided = await decideOn(before, [[rescored(context.rules.hash, hand, at)]], context, { log: true });
  if (!('decision' in decided)) throw new Error('fault' in decided ? decided.fault : 'The log is too long.');
  const { decision } = decided;
  return {
    leadId,
    before: pointsOf(before, context.rules, at),
    after: pointsOf(decision.lead, context.rules, at),
    handsOver: opens(decision),
    done: decision.lead.version === before.version,
  };
}

const opens = ({ handoff }: Decision): boolean => handoff.open !== undefined;

/** Folds a lead anew under the definition in force, once for each definition. Handoffs that were made stay. */
export async function rescore(leadId: string, definition: string, hand: Hand, at: Instant): Promise<void> {
  const { kind } = await act({ leadId }, [rescored(definition, hand, at)], { at, patient: true });
  if (kind === 'pending') throw new Error(`The lead ${leadId} is too busy to be folded anew just now.`);
}
