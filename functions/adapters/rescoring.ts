/** Folding leads anew under the definition in force: what it would change, and doing it. */
import type { Rules } from '../definition/definition.ts';
import type { Stage } from '../definition/scoring.ts';
import { type Hand, rescored } from '../lead/by-hand.ts';
import type { Decision } from '../lead/decision.ts';
import { engagementAt } from '../lead/engagement.ts';
import type { Happening, Instant } from '../lead/event.ts';
import { fitOf } from '../lead/fit.ts';
import { isUnder } from '../lead/fold.ts';
import type { Lead } from '../lead/lead.ts';
import { act } from './act.ts';
import { decideOn, load } from './deciding.ts';
import { readRecords } from './leads.ts';
import { scoredUnder } from './scored-under.ts';

export interface Points {
  stage: Stage;
  fit: number;
  engagement: number;
}

/** What rescoring makes of one lead. */
export interface Rescoring {
  leadId: string;
  name?: string;
  /** As it is shown: under the definition that scored it last. */
  before: Points;
  after: Points;
  /** It would be handed to sales. */
  handsOver: boolean;
  /** What does it; none: all of the lead is under this definition already. */
  act?: Happening;
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
  const { hash } = context.rules;
  const [log, under] = await Promise.all([readRecords(before.id), scoredUnder(before)]);
  const standing = pointsOf(before, under, at);
  const { name } = before.fields;
  const known = { leadId: before.id, before: standing, ...(typeof name === 'string' && { name }) };
  const last = log.at(-1);
  if (!last || (before.definition === hash && isUnder(hash, log)))
    return { ...known, after: standing, handsOver: false };
  const happening = rescored(hash, hand, at, last);
  const decided = await decideOn(before, [[happening]], { ...context, log }, { log: true });
  if (!('decision' in decided)) throw new Error('fault' in decided ? decided.fault : 'The log is too long.');
  const { decision } = decided;
  const after = pointsOf(decision.lead, context.rules, at);
  return { ...known, after, handsOver: opens(decision), act: happening };
}

const opens = ({ handoff }: Decision): boolean => handoff.open !== undefined;

/** Folds a lead anew by what `previewRescoring` says does it: the same again changes nothing. Handoffs that were made stay. */
export async function rescore(leadId: string, happening: Happening, at: Instant): Promise<void> {
  const { kind } = await act({ leadId }, [happening], { at, patient: true });
  if (kind === 'pending') throw new Error(`The lead ${leadId} is too busy to be folded anew just now.`);
}
