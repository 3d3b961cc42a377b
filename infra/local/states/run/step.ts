/** What running a state came to: a description that one transaction then carries out (`commit.ts`). */
import type { Failure } from '../failure.ts';
import type { JsonObject } from '../json.ts';
import type { Draft } from '../storage/history.ts';
import type { Phase, Thread } from '../storage/threads.ts';

/** The state is done; `next` follows, or the scope ends. */
export interface Leave {
  kind: 'leave';
  events: Draft[];
  output: string;
  assigned: JsonObject;
  next: string | null;
}

/** A branch or an iteration enters its first state. */
export interface Begin {
  kind: 'begin';
  input: string;
}

/** The state goes on later, or outside a transaction. */
export interface Rest {
  kind: 'rest';
  phase: Phase;
  events: Draft[];
  changes: Partial<Thread>;
}

/** Branches or iterations start; the first `atOnce` of them now, the others as these end. */
export interface Fork {
  kind: 'fork';
  events: Draft[];
  /** A scope and the input or item for each of them. */
  children: readonly { scope: string; work: string }[];
  atOnce: number;
}

/** The error was neither retried nor caught. */
export interface Fail {
  kind: 'fail';
  events: Draft[];
  failure: Failure;
}

export type Step = Leave | Begin | Rest | Fork | Fail;
export type Stepping = Step | Promise<Step>;
