/** What an act does to a lead beside its fold: suppression, the stop of marketing mail, its audience, its address. */
import type { Change, LeadEvent } from './event.ts';
import type { Lead, Send } from './lead.ts';
import { isSoftBounce, softBouncesInARow } from './soft-bounces.ts';

type Stop = NonNullable<Lead['stopped']>;
type Suppression = NonNullable<Lead['suppressed']>;

/** The purpose under which nurture mails go out. */
export const MARKETING = 'marketing';

/** What tells whether a mailbox is alive. Asked for only where the act holds a soft bounce. */
export interface Mailbox {
  /** Soft bounces in a row that make an address undeliverable. */
  limit: number;
  /** The log before the act. */
  log: readonly LeadEvent[];
  sends: readonly Send[];
}

/** What an event says against ever mailing the address again, by itself. */
export const suppressionBy = (event: Pick<LeadEvent, 'type' | 'at' | 'data'>): Suppression | undefined => {
  if (event.type === 'email.complained') return { reason: 'complained', at: event.at };
  return event.type === 'email.bounced' && event.data.bounce === 'hard'
    ? { reason: 'bounced', at: event.at }
    : undefined;
};

/** The stop after the act: a withdrawal sets it, the consent that is granted anew lifts what a withdrawal set. */
const stopAfter = (lead: Lead, suppressed: Suppression | undefined, event: LeadEvent): Stop | undefined => {
  if (lead.stopped && lead.stopped.reason !== 'unsubscribed') return lead.stopped;
  if (suppressed) return suppressed;
  const consent = lead.consents[MARKETING]?.state;
  if (consent === 'granted') return undefined;
  return lead.stopped ?? (consent === 'withdrawn' ? { reason: 'unsubscribed', at: event.at } : undefined);
};

/** The audience of the last form sent: applicants and partners stay out of scoring and nurture until they ask as a customer. */
const audienceAfter = (lead: Lead, events: readonly LeadEvent[]): Lead['audience'] => {
  const form = events.findLast((event) => event.type === 'form.submitted' && event.actor === 'human');
  if (!form) return lead.audience;
  const { audience } = form.data;
  return audience === 'recruiting' || audience === 'partner' ? audience : undefined;
};

/** Whether an event shows that a person reads what is sent to the address. */
export const proves = (event: LeadEvent): boolean =>
  event.actor === 'human' &&
  (event.type === 'email.clicked' || event.type === 'email.replied' || event.type === 'consent.confirmed');

const emailStatusAfter = (
  lead: Lead,
  events: readonly LeadEvent[],
  suppressed: Suppression | undefined,
): Lead['emailStatus'] => {
  if (suppressed?.reason === 'bounced' && !lead.suppressed) return 'undeliverable';
  if (events.some((event) => suppressionBy(event)?.reason === 'bounced')) return 'undeliverable';
  // What its domain said may pass; a bounce does not.
  const isOpen = lead.emailStatus === 'unknown' || (lead.emailStatus === 'undeliverable' && !lead.suppressed);
  if (isOpen && events.some(proves)) return 'verified';
  if (isOpen && events.some(({ type }) => type === 'email.deliverable')) return 'unknown';
  return isOpen && events.some(({ type }) => type === 'email.undeliverable') ? 'undeliverable' : lead.emailStatus;
};

/** Mail that comes back again and again: the address is as good as gone. */
const worn = (inARow: number, limit: number, last: LeadEvent): Suppression | undefined =>
  inARow >= limit ? { reason: 'bounced', at: last.at, why: `${inARow} soft bounces in a row` } : undefined;

/**
 * The lead (its fold already new) with what the act makes of whom may be mailed. `events`: the act's own; `mailbox`: where
 * one of them is a soft bounce.
 */
export const suppressedBy = (lead: Lead, events: readonly LeadEvent[], mailbox?: Mailbox): Lead => {
  const last = events.at(-1);
  if (!last) return lead;
  const { suppressed: _, stopped: __, audience: ___, ...rest } = lead;
  const softBounces =
    mailbox && events.some(isSoftBounce) ? softBouncesInARow([...mailbox.log, ...events], mailbox.sends) : undefined;
  const suppressed =
    lead.suppressed ??
    events.map(suppressionBy).find((each) => each !== undefined) ??
    (mailbox && worn(softBounces ?? 0, mailbox.limit, last));
  const stopped = stopAfter(lead, suppressed, last);
  const audience = audienceAfter(lead, events);
  return {
    ...rest,
    emailStatus: emailStatusAfter(lead, events, suppressed),
    ...(softBounces !== undefined && { softBounces }),
    ...(suppressed && { suppressed }),
    ...(stopped && { stopped }),
    ...(audience && { audience }),
  };
};

/** What the timeline tells of it. */
export const mailChanges = (before: Lead, after: Lead): Change[] => {
  const purposes = Object.entries(after.consents).filter(([name, { state }]) => before.consents[name]?.state !== state);
  const consents = purposes.map(([name, { state }]): Change => {
    const from = before.consents[name]?.state;
    return { what: 'consent', name, ...(from && { from }), to: state };
  });
  const dropped = Object.entries(before.consents).filter(([name]) => !Object.hasOwn(after.consents, name));
  const lapsed = dropped.map(([name, { state }]): Change => ({ what: 'consent', name, from: state, to: 'lapsed' }));
  const suppressed: Change[] =
    after.suppressed && !before.suppressed
      ? [
          {
            what: 'suppressed',
            name: after.suppressed.reason,
            ...(after.suppressed.why && { why: after.suppressed.why }),
          },
        ]
      : [];
  return [...consents, ...lapsed, ...suppressed];
};
