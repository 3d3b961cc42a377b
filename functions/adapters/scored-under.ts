/**
 * The rules under which a lead is shown: those of the definition that scored it last. A newer one in force holds for what
 * happens from then on, and for whoever is folded anew under it.
 */
import type { Rules } from '../definition/definition.ts';
import type { Instant } from '../lead/event.ts';
import type { Lead } from '../lead/lead.ts';
import { type Score, scoreOf } from '../lead/score.ts';
import { rules } from './definitions.ts';

export const scoredUnder = ({ definition }: Pick<Lead, 'definition'>): Promise<Rules> => rules(definition);

/** The leads, each with its rules; a definition is read once, however many leads are under it. */
export async function eachScoredUnder(leads: readonly Lead[]): Promise<{ lead: Lead; under: Rules }[]> {
  const hashes = [...new Set(leads.map(({ definition }) => definition))];
  const read = new Map(await Promise.all(hashes.map(async (hash) => [hash, await rules(hash)] as const)));
  return leads.map((lead) => ({ lead, under: read.get(lead.definition) as Rules }));
}

/** The lead's score as it is shown to whoever asks. */
export const shownScore = async (lead: Lead, at: Instant): Promise<Score> => scoreOf(lead, await scoredUnder(lead), at);
