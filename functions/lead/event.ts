/** What happened to a lead: the append-only log that is the truth. */
import type { FieldValue, Stage } from '../definition/scoring.ts';

/**
 * Who acted. Only a human scores; a salesperson's answer and the clock judge but never gain points by themselves. `hand`:
 * somebody of the own people corrected something.
 */
export type Actor = 'human' | 'machine' | 'proxy' | 'suspect' | 'sales' | 'clock' | 'hand';

/** An instant: ISO 8601 in UTC with milliseconds, so that instants sort as strings. */
export type Instant = string;

export interface Source {
  channel?: string;
  utm?: Record<string, string>;
  clickIds?: Record<string, string>;
  referrer?: string;
  page?: string;
}

/** One act of consent, as evidence: what was shown, agreed to, where and how. */
export interface ConsentAct {
  purpose: string;
  /** `lapsed`: nobody confirmed in time what was granted. */
  action: 'granted' | 'confirmed' | 'withdrawn' | 'lapsed';
  method:
    | 'box'
    | 'confirm-link'
    | 'unsubscribe-link'
    | 'one-click'
    | 'preferences'
    | 'import'
    | 'complaint'
    | 'hand'
    | 'erasure';
  form?: string;
  language?: string;
  text?: string;
  /** Hex SHA-256 of the wording shown. */
  textHash?: string;
  /** Of an import: where the consent was given, and what proves it. */
  source?: string;
  proof?: string;
  /** Of `confirmed` and `lapsed`: since when the consent is pending that this is about. It changes no other. */
  asked?: Instant;
  /** The form asks for a confirmation: this grant is pending until then. */
  doubleOptIn?: true;
  frequency?: { perDay?: number; perWeek?: number };
}

/** Whose act an event was, and the reasons. */
export interface Verdict {
  actor: Actor;
  reasons: string[];
}

/** What a person chose: each key that is given replaces what was chosen before; null takes it back. */
export interface Preferences {
  /** Topics that the person does not want. */
  topicsOff?: string[];
  frequency?: { perDay?: number; perWeek?: number } | null;
  pausedUntil?: Instant | null;
}

/** What an event is before it is decided upon. */
export interface Happening {
  /** Idempotency key, unique within the lead: `form:<hash>`, `ses:<messageId>:<type>:<link hash>`, `api:<caller's id>`. */
  key: string;
  type: string;
  at: Instant;
  actor: Actor;
  /** Flat properties that a `where` may read; no personal data. */
  data: Record<string, string | number | boolean>;
  /** Values that the person or sales gave; a blank is left out. */
  fields?: Record<string, FieldValue>;
  /** Fields that are not known after all. */
  clears?: string[];
  /** Values taken only where the lead has none: an asset's `problem`. */
  fills?: Record<string, FieldValue>;
  source?: Source;
  /** The hash of the id of the visitor from whose browser it came: its page views are this lead's. */
  visitor?: string;
  consent?: ConsentAct[];
  language?: string;
  /** Why the actor is thought to be who it is. */
  reasons?: string[];
  /** By the key of an earlier event of this lead: who acted after all. The latest verdict on an event holds. */
  labels?: Record<string, Verdict>;
  tags?: { add?: string[]; remove?: string[] };
  /** What the person chose on the preference page. */
  preferences?: Preferences;
  /** Who of the own people did this by hand, and why. */
  by?: { who: string; why?: string };
  /** Who of sales answered a handoff, and what they wrote beside it. */
  answered?: { by: string; note?: string };
}

export interface Change {
  what: 'stage' | 'handoff' | 'enrolment' | 'consent' | 'suppressed';
  /** Readable without a lookup: `mql`, a workflow's name, a purpose. */
  name: string;
  from?: string;
  to?: string;
  why?: string;
  id?: string;
}

/** An event as it stands in the log. The canonical order of a lead's events is (`at`, `id`). */
export interface LeadEvent extends Happening {
  id: string;
  leadId: string;
  recordedAt: Instant;
  /** The definition under which it is folded, for ever. */
  definition: string;
  /** What this event changed, for the timeline. Carried by the last event of an act. */
  changes: Change[];
  /** The address of the lead to which it happened, where that one was merged into this lead since. */
  address?: string;
  /** What it was recorded as, where another verdict holds by now. Never stored. */
  recordedAs?: Verdict;
  /** Set when a correction replaced it: it folds to nothing. */
  superseded?: true;
}

/**
 * Idempotency keys of one act share what stands before `#`, and that alone is the key of what happened first: it brought
 * the others with it (`form:<hash>#asset.downloaded`), and none of them comes without it.
 */
export const actKeyOf = (key: string): string => key.split('#')[0] ?? key;

/** Orders events canonically. */
export const byAt = (a: { at: Instant; id: string }, b: { at: Instant; id: string }): number =>
  a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;

/** The event types that are ours; under these nouns every other name is an error. */
export const OWN_NOUNS = ['form', 'page', 'email', 'asset', 'handoff', 'consent'] as const;
export const OWN_EVENTS = [
  'form.submitted',
  'page.viewed',
  'email.sent',
  'email.delivered',
  'email.opened',
  'email.clicked',
  'email.bounced',
  'email.complained',
  'email.rejected',
  'email.delayed',
  'email.failed',
  'email.unsubscribed',
  'email.replied',
  'email.auto-replied',
  'email.undeliverable',
  'email.deliverable',
  'asset.downloaded',
  'handoff.accepted',
  'handoff.rejected',
  'handoff.won',
  'handoff.lost',
  'consent.granted',
  'consent.confirmed',
  'consent.withdrawn',
  'consent.lapsed',
] as const;

/** What Ripen notes in a lead's log beside them, under nouns that are otherwise the user's. */
export const NOTED_EVENTS = [
  'preferences.changed',
  'traffic.judged',
  'clock.struck',
  'stage.set',
  'enrolment.called',
  'enrolment.stopped',
  'lead.corrected',
  'lead.imported',
  'lead.merged',
  'lead.merged-away',
  'lead.noted',
  'lead.rescored',
] as const;

export type { Stage };
