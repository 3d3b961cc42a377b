/**
 * What a step may send now: consent, stops, suppression, the content that the lead's stage may get and the topics that the
 * person wants, and the time: windows, caps, a pause, sunset.
 */
import type { Scoring } from '../definition/scoring.ts';
import type { Settings } from '../definition/settings.ts';
import type { SendRules } from '../definition/workflow.ts';
import { capOf, nextUnderCap } from './caps.ts';
import type { Instant } from './event.ts';
import type { Lead } from './lead.ts';
import { afterSilence, type Sunset } from './sunset.ts';
import { MARKETING } from './suppression.ts';
import { nextAllowed, windowZone } from './window.ts';
import { zoneOf } from './zone.ts';

/** How long a mail waits for consent, counted from the start of its enrolment. */
export const CONSENT_AWAITED_MS = 30 * 86_400_000;

export type Verdict =
  | { go: true }
  /** Not this mail: the step is done without it; the reason goes into the timeline. */
  | { skip: string }
  /** No mail of this enrolment any more: it ends. */
  | { end: string }
  /** Held for consent: looked at again when that comes, at the latest at this instant. */
  | { hold: Instant }
  /** Held until the first instant that is allowed, which is looked at anew then. */
  | { later: Instant; why: string };

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
  /** The topic that the mail names. */
  topic?: string | undefined;
  /** The workflow's own. */
  send?: SendRules | undefined;
  /** The workspace's. */
  zone: string;
  sunset?: Sunset | undefined;
  /** The workspace's caps by the lead's country. */
  frequency?: Settings['frequency'];
  /** When the lead's other marketing mails went out, as the ledger has it; in any order. */
  sent: readonly Instant[];
}

type Chosen = Lead['preferences'];

/** Whether a choice lets mail go sooner than the one before: a pause that is shorter or over, or more mails at a time. */
export const letsMore = (before: Chosen, after: Chosen): boolean => {
  const more = (key: 'perDay' | 'perWeek'): boolean =>
    (before?.frequency?.[key] ?? Number.POSITIVE_INFINITY) < (after?.frequency?.[key] ?? Number.POSITIVE_INFINITY);
  return (before?.pausedUntil ?? '') > (after?.pausedUntil ?? '') || more('perDay') || more('perWeek');
};

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

/** What may put a mail off: the first instant, the given one or later, that it allows. */
interface Bound {
  why: string;
  next(at: Instant): Instant;
}

const boundsOf = ({ lead, send, zone, sunset, sent, frequency }: Sending): Bound[] => {
  const paused = lead.preferences?.pausedUntil;
  const cap = capOf(lead, send?.cap, { frequency, zone });
  const slow = (at: Instant): Instant => {
    const silence = sunset && afterSilence(at, sunset, sent, lead.actedAt);
    return silence && 'from' in silence ? silence.from : at;
  };
  const window = send?.window;
  return [
    { why: 'the person paused mail', next: (at) => (paused && paused > at ? paused : at) },
    { why: 'no sign of life: mail has slowed down', next: slow },
    { why: capWords(cap), next: (at) => nextUnderCap(at, cap, sent, zoneOf(lead.fields, zone)) },
    {
      why: 'outside the send window',
      next: (at) => (send && window ? nextAllowed(at, window, windowZone(send, lead, zone)) : at),
    },
  ];
};

const capWords = ({ perDay, perWeek }: ReturnType<typeof capOf>): string =>
  `at most ${[perDay && `${perDay} a day`, perWeek && `${perWeek} in 7 days`].filter(Boolean).join(' and ')}`;

/** The first instant that all allow: each only puts off, so going round until none does finds it. */
const timeVerdict = (sending: Sending): Verdict => {
  const { lead, now, sunset, sent } = sending;
  const silence = sunset && afterSilence(now, sunset, sent, lead.actedAt);
  if (silence && 'stop' in silence) return { end: silence.stop };
  const bounds = boundsOf(sending);
  let later = now;
  let why: string | undefined;
  for (let before = ''; before !== later; ) {
    before = later;
    for (const bound of bounds) {
      const next = bound.next(later);
      if (next > later) why ??= bound.why;
      later = next > later ? next : later;
    }
  }
  return why === undefined ? { go: true } : { later, why };
};

/** Whether a mail of a step may go out now. The caller looks at pauses, goals and the pace. */
export const maySend = (sending: Sending): Verdict => {
  const { lead, purpose, emailClass, scoring } = sending;
  if (lead.suppressed) return { end: lead.suppressed.reason };
  if (purpose === 'transactional') return { go: true };
  if (lead.emailStatus === 'undeliverable') return { skip: 'the address takes no mail' };
  if (lead.audience) return { end: `audience ${lead.audience}` };
  const consent = consentVerdict(sending);
  if (!('go' in consent)) return consent;
  const stages = scoring.content[emailClass];
  if (!stages) return { skip: `the content class ${emailClass} is not defined` };
  if (!stages.includes(lead.stage)) return { skip: `${emailClass} mail is not for the stage ${lead.stage}` };
  const { topic } = sending;
  if (topic && lead.preferences?.topicsOff?.includes(topic)) return { skip: `the person wants no mail on ${topic}` };
  return timeVerdict(sending);
};
