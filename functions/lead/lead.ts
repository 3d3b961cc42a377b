/** The lead's profile: the state folded from its events, kept below 4 kB however long the history. */
import type { FieldValue, Stage } from '../definition/scoring.ts';
import type { Instant, Source } from './event.ts';

export interface EmailAddress {
  /** As typed, trimmed. */
  asTyped: string;
  /** What mail is sent to. */
  deliverTo: string;
  /** Identity and suppression: normalised by the provider's rules. */
  key: string;
}

export interface ConsentState {
  state: 'pending' | 'granted' | 'withdrawn';
  at: Instant;
  /** Of a pending one: the withdrawal before it, which stands again if nobody confirms. */
  withdrawnAt?: Instant;
  frequency?: { perDay?: number; perWeek?: number };
}

/** An engagement rule's value at the time it last gained. */
export interface RuleValue {
  value: number;
  at: Instant;
  /** The lead's calendar day of the last gain, for `per: day`. */
  day?: string;
  /** Gained already, for `per: once`. */
  once?: true;
}

/** The part of the state that is a pure fold over the events and is folded anew when an old one arrives late. */
export interface Folded {
  fields: Record<string, FieldValue>;
  language?: string;
  source: { first?: Source; last?: Source };
  consents: Record<string, ConsentState>;
  conversions: number;
  values: Record<string, RuleValue>;
  pql?: true;
  tags?: string[];
  /** What the person chose on the preference page. */
  preferences?: { topicsOff?: string[]; frequency?: ConsentState['frequency']; pausedUntil?: Instant };
  /** When the person did something last, as far as it is known to have been a human. */
  actedAt?: Instant;
  /** The latest click that may yet turn out to be a person's, and the latest event that judged others anew. */
  doubted?: Instant;
  judged?: Instant;
  /** The last event folded, in canonical order. */
  last?: { at: Instant; id: string };
}

/** A waiting step of this lead: the event that meets it emits the wake in its own transaction. */
export interface Wait {
  enrolmentId: string;
  workflow: string;
  definition: string;
  step: string;
}

/** The latest enrolment in a workflow. */
export interface EnrolmentMark {
  id: string;
  definition: string;
  startedAt: Instant;
  endedAt?: Instant;
  /** It waits for consent without an execution; the consent starts the next run after this one. */
  held?: { run: number };
}

export interface Lead extends Folded {
  id: string;
  /** Raised by one at each commit. */
  version: number;
  createdAt: Instant;
  updatedAt: Instant;
  email: EmailAddress;
  emailStatus: 'unknown' | 'verified' | 'undeliverable';
  /** Set: nothing is ever mailed, not even what was asked for. */
  suppressed?: { reason: 'bounced' | 'complained'; at: Instant; why?: string };
  /** Set: no marketing mail. Stands until a new consent. */
  stopped?: { reason: 'unsubscribed' | 'bounced' | 'complained'; at: Instant; why?: string };
  audience?: 'recruiting' | 'partner';
  /** Set: this lead was merged into that one; every writer goes there. */
  mergedInto?: string;
  /** Set: the person asked to be forgotten; what is left goes with it, and nothing may be added. */
  erased?: Instant;
  /** Soft bounces in a row, as counted when the last one came; a delivery starts again, at the next one. */
  softBounces?: number;
  /** The definition that scored this lead last, under which it is shown; the publication that last judged it. */
  definition: string;
  publication: number;
  stage: Stage;
  stageSince: Instant;
  /** When each stage was entered first; falling is not entering. */
  reached?: Partial<Record<Stage, Instant>>;
  /** Where `leaveBelow` falls back to. */
  stageBefore?: Stage;
  /** A stage's `when` held behind a closed gate: remembered for 7 days. */
  crossed?: { stage: Stage; at: Instant; closed: string[] };
  /** Engagement is below the stage's `leaveBelow` since; an instant to come: it will be then, if nothing happens. */
  belowSince?: Instant;
  /** No handoff by score before. */
  restUntil?: Instant;
  /** By workflow. */
  enrolments: Record<string, EnrolmentMark>;
  waits: Wait[];
  /** The open or accepted handoff, and whom the last one went to. */
  handoff?: { id: string; status: 'pending' | 'accepted'; handRaise: boolean };
  lastAssignee?: string;
  /** When the clock has something to judge (leaving a stage): swept then. */
  dueAt?: Instant;
}

export interface Enrolment {
  id: string;
  leadId: string;
  workflow: string;
  definition: string;
  /** Counts executions: a migration or a restart is the next run. */
  run: number;
  /** `held`: for consent. Neither a held nor a paused one has an execution; the next run goes on at its step. */
  status: 'active' | 'held' | 'paused' | 'ended';
  reason?: string;
  startedAt: Instant;
  endedAt?: Instant;
  /** The step it stands at, and when that is due. */
  step: string | null;
  dueAt: Instant;
  /** Since when its step would have been due, had nothing put it off: a send window, a cap, a pause, a missing consent. */
  putOff?: { since: Instant; why?: string };
  /** What started it, for `waitFor`: "has already happened since the enrolment began". */
  cause: string;
  /** The parked task token and the attempt that parked it. */
  wait?: { step: string; token: string; attempt: number; until: Instant };
  /** The step that it left last, and how: a task that is asked again answers the same. */
  moved?: { step: string; outcome: string };
}

export type Answer = string;

export interface Handoff {
  id: string;
  leadId: string;
  status: 'pending' | 'accepted' | 'rejected' | 'won' | 'lost';
  /** Why sales gets this lead, in the words of the definition. */
  reason: string;
  handRaise: boolean;
  definition: string;
  openedAt: Instant;
  /** Set by the handoff machine's first task, unless it is known at once: marketing, or the previous owner. */
  assignee?: string;
  remindAt?: Instant;
  dueAt?: Instant;
  reminded?: true;
  escalated?: true;
  /** When the lead's consent was withdrawn while it was open. */
  noMarketingMail?: true;
  /** `first`: when it was first given, where this is a correction: the time to correct counts from there. */
  answer?: { answer: Answer; at: Instant; by: string; note?: string; eventId: string; first?: Instant };
  wait?: { token: string; attempt: number };
  /** When its machine looks again by itself. */
  looksAt?: Instant;
  /** What the assignee was told last: a hand-raise on a handoff by score is told anew. */
  told?: 'score' | 'hand-raise';
  /** Raised when a hand-raise or an answer changed it, so that its machine looks again. */
  version: number;
}

export interface Send {
  id: string;
  leadId: string;
  /** `claimed` by an attempt under a lease; `unknown`: the lease ran out and no event told; `skipped`: `why` says why. */
  status: 'claimed' | 'sent' | 'unknown' | 'refused' | 'held' | 'skipped';
  email: string;
  language: string;
  subject?: string;
  enrolmentId?: string;
  step?: string;
  workflow?: string;
  definition: string;
  attempt: string;
  leaseUntil: Instant;
  at: Instant;
  messageId?: string;
  deliveredAt?: Instant;
  why?: string;
  /** `handoff`: it went to sales, not to the lead; `webhook`: a step called one. */
  purpose?: 'marketing' | 'transactional' | 'handoff' | 'webhook';
  /** The post that a transactional mail answers. */
  asked?: { eventId: string; form?: string };
}
