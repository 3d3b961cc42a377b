/** The end of marketing mail because its reader says so. */
import type { ConsentAct, Happening, Instant } from '../lead/event.ts';
import type { Lead } from '../lead/lead.ts';
import { MARKETING } from '../lead/suppression.ts';
import { act, type Outcome } from './act.ts';
import type { Evidence } from './consent-items.ts';
import { stopMarketing } from './stop.ts';

/** Nothing is left to stop. */
export const isUnsubscribed = ({ stopped, consents }: Lead): boolean =>
  stopped !== undefined && consents[MARKETING]?.state === 'withdrawn';

/** Ends marketing mail at once, in whatever workflow the lead is, and tells the record how it was said. */
export async function unsubscribe(
  lead: Lead,
  said: { method: ConsentAct['method']; evidence: Evidence },
  at: Instant,
): Promise<Outcome['kind']> {
  const happening: Happening = {
    // Not of the link alone: the same old one works again after a new consent.
    key: `unsubscribe:${at}`,
    type: 'email.unsubscribed',
    at,
    actor: 'human',
    data: {},
    consent: [{ purpose: MARKETING, action: 'withdrawn', method: said.method }],
  };
  const { kind } = await act({ leadId: lead.id }, [happening], { at, evidence: said.evidence, patient: true });
  // Stored, but judged later: the stop itself does not wait.
  if (kind === 'pending') await stopMarketing(lead.id, at);
  return kind;
}
