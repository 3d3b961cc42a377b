/**
 * One compiled file of `workflows/nurture/`: its steps flattened into a graph in reading order.
 * `next` (and `then`, `otherwise`) name the step that follows; null is the end. Durations are milliseconds.
 */
import type { Condition } from './condition.ts';
import type { Stage } from './scoring.ts';

export interface StepBase {
  /** Unique in the workflow and stable over edits: explicit, or the mail's name, or made from the kind and the place. */
  id: string;
  /** What the marketer would call it: "Wait 2 days", "Send three-leaks". Also the name of its state. */
  title: string;
  next: string | null;
}

/** What a `waitFor` waits for: an event (with `where`), a click or other act on a named email, or a stage. */
export type Awaited = { event: string; email?: string; where?: Condition } | { stage: Stage };

export type Step =
  | (StepBase & { kind: 'wait'; for: number })
  | (StepBase & { kind: 'send'; email: string; transactional: boolean })
  | (StepBase & { kind: 'waitFor'; awaited: Awaited; upTo: number; then: string | null; otherwise: string | null })
  /** The first branch whose `when` holds; none: `next`. A branch without `when` is the `otherwise`. */
  | (StepBase & { kind: 'choose'; branches: { when?: Condition; go: string | null }[] })
  | (StepBase & { kind: 'enrol'; workflow: string });

export interface Workflow {
  name: string;
  about?: string;
  enrol:
    | { on: 'event'; event: string; where?: Condition; again: Again }
    | { on: 'stage'; stage: Stage; again: Again }
    /** Entered by an `enrol` step or an outcome alone. */
    | { on: 'call'; again: Again };
  goal?: Condition;
  /** Stages that do not end an enrolment in this workflow. */
  keepAt: Stage[];
  /** The first step, or null for an empty workflow. */
  first: string | null;
  steps: Record<string, Step>;
}

/** Whether a lead may go through again: never, always (never two at a time), or so long after the last one ended. */
export type Again = 'never' | 'always' | { after: number };
