/** What deciding needs beside the lead, and what it answers. Both are plain data: nothing here does anything. */
import type { Rules } from '../definition/definition.ts';
import type { Instant, LeadEvent } from './event.ts';
import type { Enrolment, Handoff, Lead, Send } from './lead.ts';
import type { Message } from './message.ts';
import type { Proven } from './verdict.ts';

export interface Context {
  now: Instant;
  /** The rules in force and their publication number. */
  rules: Rules;
  publication: number;
  /** The rules of an older definition, or undefined when they are not loaded (the answer is then a `need`). */
  rulesOf(hash: string): Rules | undefined;
  /** Once-markers (`<rule>#<value>`) known to exist: those with which an earlier try collided. */
  seen: ReadonlySet<string>;
  /** Every event of the lead so far, as recorded, in any order: given only after `need.log`. */
  log?: readonly LeadEvent[];
  /** Every mail to the lead: given only after `need.sends`. */
  sends?: readonly Send[];
  /** The handoff that an answer names, or the one that a hand-raise raises or a stage set by hand settles: given only after `need.handoff`; null: there is none. */
  handoff?: Handoff | null;
  /** The lead that a merge gives up: given only after `need.merged`. */
  merged?: Lead;
  /** The lead into which a merge gives this one up, if it is none that was merged or erased itself: given only after `need.into`; null: it was. */
  into?: Lead | null;
}

/** What `decide` could not do without: load it, put it into the context, and decide again. */
export interface Need {
  log?: true;
  sends?: true;
  /** Hashes of definitions whose rules are not loaded. */
  rules?: string[];
  /** The id of a handoff of this lead. */
  handoff?: string;
  /** The id of the lead that a merge gives up. */
  merged?: string;
  /** The id of the lead into which a merge gives this one up. */
  into?: string;
}

/** One act as it is to be committed, in one transaction. */
export interface Decision {
  /**
   * The next state; its `version` is one above the one decided upon (which was 0 for a new lead). The same version:
   * there is nothing to commit.
   */
  lead: Lead;
  /** In the order of the act; none when nothing is worth recording. */
  events: LeadEvent[];
  /** Events that a correction replaced: to be marked `superseded`. */
  superseded: { id: string; key: string }[];
  /** Once-markers that must be new; a collision means: put it into `seen` and decide again. */
  markers: string[];
  /** Once-markers of events that do not gain any more: to be taken away. */
  unmarked?: string[];
  /** Of the mails on which it changed which clicks are proven. */
  proven?: Proven;
  enrolments: {
    start: Enrolment[];
    end: { id: string; workflow: string; reason: string }[];
    /** Held ones that go on as the given run: `status: active`, `run`, and the step at which they stood. */
    resume: { id: string; workflow: string; run: number }[];
  };
  handoff: {
    open?: Handoff;
    /** Attributes to set; `null` removes one. The writer raises the handoff's `version` by one. */
    change?: { id: string; set: HandoffChange };
  };
  messages: Message[];
  /** Why an answer of sales changed nothing, in a sentence for the one who gave it. */
  refused?: string;
}

export type Decided = { decision: Decision } | { need: Need };

export type HandoffChange = { [K in Exclude<keyof Handoff, 'id' | 'leadId' | 'version'>]?: Handoff[K] | null };
