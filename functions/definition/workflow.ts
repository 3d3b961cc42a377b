/**
 * One compiled file of `workflows/nurture/`: its steps flattened into a graph in reading order.
 * `next` (and `then`, `otherwise`) name the step that follows; null is the end. Durations are milliseconds.
 */
import type { Condition } from './condition.ts';
import type { Weekday } from './handoff.ts';
import type { FieldValue, Stage } from './scoring.ts';

export interface StepBase {
  /** Unique in the workflow and stable over edits: explicit, or the mail's name, or made from the kind and the place. */
  id: string;
  /** What the marketer would call it: "Wait 2 days", "Send three-leaks". Also the name of its state. */
  title: string;
  next: string | null;
}

/** What a `waitFor` waits for: an event (with `where`), a click or other act on a named email, or a stage. */
export type Awaited =
  | { event: string; email?: string; where?: Condition }
  | { stage: Stage }
  /** Whichever comes first. */
  | { any: Exclude<Awaited, { any: unknown }>[] };

/** An instant that is not so long after the step before, but on a day of the calendar, in the lead's zone or a given one. */
export type Until =
  /**
   * A date that the lead gave, in a field, at a time of day; `before`: so long before it. Not known or past: goes on at
   * once; further away than `upTo`: goes on then.
   */
  | { field: string; at: string; before?: number; upTo?: number; zone: 'lead' | string }
  /** The next such day and hour, today's included when it is not past. */
  | { days: Weekday[]; at: string; zone: 'lead' | string };

/** When a workflow's marketing mails may go out, and how many of them. */
export interface SendRules {
  /** Hours of the day as "HH:MM"; a window that ends before it begins lasts overnight. */
  window?: { days: Weekday[]; from: string; to: string };
  /** The window's zone: the lead's own, or this one. */
  zone: 'lead' | string;
  cap?: { perDay?: number; perWeek?: number };
}

/** What ends an enrolment early: an event, or a condition that is looked at before each step and at each event. */
export type Exit = { reason: string } & ({ on: string; where?: Condition } | { when: Condition });

export type Step =
  | (StepBase & { kind: 'wait'; for: number })
  | (StepBase & { kind: 'waitUntil'; until: Until })
  | (StepBase & { kind: 'send'; email: string; transactional: boolean })
  | (StepBase & { kind: 'waitFor'; awaited: Awaited; upTo: number; then: string | null; otherwise: string | null })
  /** The first branch whose `when` holds; none: `next`. A branch without `when` is the `otherwise`. */
  | (StepBase & { kind: 'choose'; branches: { when?: Condition; go: string | null }[] })
  | (StepBase & { kind: 'enrol'; workflow: string })
  /** Each lead falls to one variant for ever, by shares that sum to 100; a hold-out (`go: null`) gets nothing more. */
  | (StepBase & { kind: 'split'; variants: { name: string; share: number; holdOut?: true; go: string | null }[] })
  /** Sets fields of the lead and gives or takes tags. */
  | (StepBase & { kind: 'set'; fields: Record<string, FieldValue>; tags: { add: string[]; remove: string[] } })
  /** Calls a signed webhook of the settings. */
  | (StepBase & { kind: 'webhook'; webhook: string });

export interface Workflow {
  name: string;
  about?: string;
  enrol:
    | { on: 'event'; event: string; where?: Condition; again: Again }
    | { on: 'stage'; stage: Stage; again: Again }
    /** Entered by an `enrol` step or an outcome alone. */
    | { on: 'call'; again: Again };
  goal?: Condition;
  exits?: Exit[];
  send?: SendRules;
  /** Stages that do not end an enrolment in this workflow. */
  keepAt: Stage[];
  /** Where leads of older versions go when this one is published: by the step at which they stand; null ends them. */
  moved?: Moved;
  /** The first step, or null for an empty workflow. */
  first: string | null;
  steps: Record<string, Step>;
}

/** `from`: of this version alone, by its hash or the beginning of it; without it of every version published before. */
export interface Moved {
  from?: string;
  steps: Record<string, string | null>;
}

/** Whether a lead may go through again: never, always (never two at a time), or so long after the last one ended. */
export type Again = 'never' | 'always' | { after: number };
