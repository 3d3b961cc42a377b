/**
 * Verdicts on acts, as the log tells them: an event's own actor is the first; labels of later `traffic.judged` events
 * replace it; and a doubt ends where the lead proved shortly after to be a person. A function of the set of events.
 */
import { byAt, type Happening, type Instant, type LeadEvent, type Verdict } from './event.ts';

/** So long after a click an act of the lead proves that a person clicked: they came for something. */
export const PROOF_MS = 60 * 60_000;
/** With so many seconds in view a page was looked at. */
const LOOKED_AT_S = 5;

type Proof = Pick<Happening, 'actor' | 'type' | 'data' | 'at'>;

/** Whether an event shows a person at work: a form sent, an answer written, a page looked at. */
export const provesPerson = ({ actor, type, data }: Proof): boolean => {
  if (actor !== 'human') return false;
  if (type === 'form.submitted' || type === 'email.replied') return true;
  return type === 'page.viewed' && Number(data.activeSeconds ?? data.seconds ?? 0) >= LOOKED_AT_S;
};

/** Whether an event is a click that may yet turn out to be a person's. Links to pages of ours show no interest anyhow. */
export const isDoubted = ({ actor, type, data }: Pick<Happening, 'actor' | 'type' | 'data'>): boolean =>
  actor === 'suspect' && type === 'email.clicked' && data.own !== true;

/** Whether an act at `at` may prove a click at `click`. */
export const mayProve = (click: Instant, at: Instant): boolean =>
  at >= click && Date.parse(at) - Date.parse(click) <= PROOF_MS;

const PROOFS: Record<string, string> = {
  'form.submitted': 'sent a form soon after',
  'email.replied': 'answered soon after',
  'page.viewed': 'looked at the page',
};

/** The verdict that holds on each labelled event, by its key: of the latest event (in canonical order) that labels it. */
const latestLabels = (log: readonly LeadEvent[]): Map<string, Verdict> => {
  const labels = new Map<string, Verdict>();
  const judged = log.filter((event) => event.labels && !event.superseded);
  for (const event of judged.toSorted(byAt)) {
    for (const [key, verdict] of Object.entries(event.labels ?? {})) labels.set(key, verdict);
  }
  return labels;
};

/** As it was recorded, whatever verdict was put on it since. */
const recorded = (event: LeadEvent): LeadEvent => {
  if (!event.recordedAs) return event;
  const { recordedAs, ...rest } = event;
  return { ...rest, ...recordedAs };
};

const judgedAs = (event: LeadEvent, verdict: Verdict): LeadEvent => {
  const { actor, reasons = [] } = event;
  return { ...event, ...verdict, recordedAs: event.recordedAs ?? { actor, reasons } };
};

const labelled = (event: LeadEvent, labels: ReadonlyMap<string, Verdict>): LeadEvent => {
  const verdict = labels.get(event.key);
  return verdict ? judgedAs(recorded(event), verdict) : recorded(event);
};

interface Shown {
  proofs: readonly LeadEvent[];
  /** Clicks that nobody doubts: where one came between, what followed came of that one. */
  clicks: readonly LeadEvent[];
}

/** Of events in order of time the first that `isPast` holds for, and for all behind it. */
const firstWhere = (events: readonly LeadEvent[], isPast: (at: Instant) => boolean): LeadEvent | undefined => {
  let [from, to] = [0, events.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (isPast(events[middle]?.at ?? '')) to = middle;
    else from = middle + 1;
  }
  return events[from];
};

const proven = (event: LeadEvent, { proofs, clicks }: Shown): LeadEvent => {
  if (!isDoubted(event)) return event;
  const proof = firstWhere(proofs, (at) => at >= event.at);
  const next = firstWhere(clicks, (at) => at > event.at);
  if (!proof || !mayProve(event.at, proof.at) || (next && next.at <= proof.at)) return event;
  return judgedAs(event, {
    actor: 'human',
    reasons: [PROOFS[proof.type] ?? 'came back soon after', ...(event.reasons ?? [])],
  });
};

/** By a mail's message id: keys of all its clicks that were doubted, and that the lead proved to be a person's. */
export type Proven = Record<string, string[]>;

/** Whether an event, as `withLabels` tells it, is a click that was doubted until the lead proved to be a person. */
export const isProven = ({ type, actor, reasons }: LeadEvent): boolean =>
  type === 'email.clicked' && actor === 'human' && Object.values(PROOFS).includes(reasons?.[0] ?? '');

/** The log as recorded, with the verdicts that hold, in the order given. Once more changes nothing. */
export const withLabels = (log: readonly LeadEvent[]): LeadEvent[] => {
  const labels = latestLabels(log);
  const doubted = log.some((event) => isDoubted(labelled(event, labels)));
  if (labels.size === 0 && !doubted) return [...log];
  const judged = log.map((event) => labelled(event, labels));
  const shown = {
    proofs: judged.filter((event) => !event.superseded && provesPerson(event)).sort(byAt),
    clicks: judged.filter(({ actor, type }) => actor === 'human' && type === 'email.clicked').sort(byAt),
  };
  return judged.map((event) => proven(event, shown));
};
