/**
 * Soft bounces in a row. They are counted when one comes, from the log and from what became of the lead's mails: a
 * delivery starts the row anew without being written to the lead, so that the mails that arrive cost nothing for it.
 */
import type { Instant, LeadEvent } from './event.ts';
import type { Send } from './lead.ts';

/** The default of `softBounces` in the settings. */
export const SOFT_BOUNCES = 5;

export const isSoftBounce = ({ type, data }: Pick<LeadEvent, 'type' | 'data'>): boolean =>
  type === 'email.bounced' && data.bounce === 'soft';

/** A person's act on a mail shows that it arrived, where SES's own event was lost. */
const ARRIVED = new Set(['email.opened', 'email.clicked', 'email.replied']);

const latest = (instants: readonly (Instant | undefined)[]): Instant =>
  instants.reduce<Instant>((last, at) => (at !== undefined && at > last ? at : last), '');

/**
 * How many mails have bounced softly since one arrived. `events`: the lead's log with the act in it, in any order; `sends`:
 * all its mails. A mail that bounced after the receiving server had taken it did not arrive.
 */
export const softBouncesInARow = (
  events: readonly LeadEvent[],
  sends: readonly Pick<Send, 'id' | 'deliveredAt' | 'purpose'>[],
): number => {
  const bounces = events.filter(({ type, superseded }) => type === 'email.bounced' && !superseded);
  const bounced = new Set(bounces.map(({ data }) => data.send));
  const arrived = latest([
    ...sends.filter(({ id, purpose }) => purpose !== 'handoff' && !bounced.has(id)).map((send) => send.deliveredAt),
    ...events.filter(({ type, actor }) => actor === 'human' && ARRIVED.has(type)).map(({ at }) => at),
  ]);
  const since = bounces.filter((event) => isSoftBounce(event) && event.at > arrived);
  return new Set(since.map(({ key, data }) => data.send ?? key)).size;
};
