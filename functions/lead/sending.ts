/** What a step may send now: consent, stops, suppression, and the content that the lead's stage may get. */
import type { Scoring } from '../definition/scoring.ts';
import type { Instant } from './event.ts';
import type { Lead } from './lead.ts';
import { MARKETING } from './suppression.ts';

/** How long a mail waits for consent, counted from the start of its enrolment. */
export const CONSENT_AWAITED_MS = 30 * 86_400_000;

export type Verdict =
  | { go: true }
  /** Not this mail: the step is done without it; the reason goes into the timeline. */
  | { skip: string }
  /** No mail of this enrolment any more: it ends. */
  | { end: string }
  /** Held for consent: looked at again when that comes, at the latest at this instant. */
  | { hold: Instant };

export interface Sending {
  lead: Lead;
  /** The content class of the mail, as `content` in the scoring file names it. */
  emailClass: string;
  /** Transactional: it was asked for. Neither consent nor stage bar it, suppression does. */
  purpose: 'marketing' | 'transactional';
  scoring: Pick<Scoring, 'content'>;
  /** When the enrolment began. */
  startedAt: Instant;
  now: Instant;
}

const consentVerdict = ({ lead, startedAt, now }: Sending): Verdict => {
  const state = lead.consents[MARKETING]?.state;
  if (state === 'withdrawn') return { end: 'unsubscribed' };
  // A tick after an unsubscribe is pending: it may still be confirmed, and lifts the stop then.
  if (lead.stopped && (lead.stopped.reason !== 'unsubscribed' || state !== 'pending'))
    return { end: lead.stopped.reason };
  if (state === 'granted') return { go: true };
  const until = new Date(Date.parse(startedAt) + CONSENT_AWAITED_MS).toISOString();
  return now >= until ? { end: 'no consent within 30 days' } : { hold: until };
};

/** Whether a mail of a step may go out now. The caller looks at pauses, goals and the pace. */
export const maySend = (sending: Sending): Verdict => {
  const { lead, purpose, emailClass, scoring } = sending;
  if (lead.suppressed) return { end: lead.suppressed.reason };
  if (purpose === 'transactional') return { go: true };
  if (lead.audience) return { end: `audience ${lead.audience}` };
  const consent = consentVerdict(sending);
  if (!('go' in consent)) return consent;
  const stages = scoring.content[emailClass];
  if (!stages) return { skip: `the content class ${emailClass} is not defined` };
  return stages.includes(lead.stage) ? consent : { skip: `${emailClass} mail is not for the stage ${lead.stage}` };
};
