/** Whether there is nothing to a lead but a consent that nobody confirmed: then it goes with it. */
import { actKeyOf, type LeadEvent } from './event.ts';
import type { Lead } from './lead.ts';

/** A post that asked for a consent, with the events that stand beside it (`<its key>#<type>`). */
const asks = (event: LeadEvent): boolean =>
  event.type === 'form.submitted' && (event.consent ?? []).some(({ action }) => action === 'granted');

/** What a browser, a mail program or the clock reports tells of no wish of the person. */
const saysNothing = ({ actor, type }: LeadEvent): boolean =>
  (actor !== 'human' && actor !== 'sales') || type === 'page.viewed' || type === 'email.opened';

/**
 * No other consent was given or taken back, the mailbox was never proved, sales has nothing of it, and nobody did or asked
 * for anything else: no post without a tick, no event of a product, no reply.
 */
export const isOnlyUnconfirmed = (lead: Lead, log: readonly LeadEvent[]): boolean => {
  if (Object.values(lead.consents).some(({ state, withdrawnAt }) => state !== 'pending' || withdrawnAt)) return false;
  if (lead.emailStatus === 'verified' || lead.suppressed || lead.stopped) return false;
  if (lead.handoff || lead.lastAssignee || lead.pql || lead.audience) return false;
  const standing = log.filter(({ superseded }) => !superseded);
  const asking = new Set(standing.filter(asks).map(({ key }) => key));
  return standing.every((event) => saysNothing(event) || asking.has(actKeyOf(event.key)));
};
