/** The whole definition: what the compiler makes of `workflows/` and what the publisher stores under its hash. */
import type { Form } from './form.ts';
import type { HandoffDefinition } from './handoff.ts';
import type { Scoring } from './scoring.ts';
import type { Email, Settings } from './settings.ts';
import type { Workflow } from './workflow.ts';

/** Everything, in one object. Its `hash` (hex SHA-256 of the canonical content) is the definition's version. */
export interface Definition {
  hash: string;
  settings: Settings;
  scoring: Scoring;
  forms: Record<string, Form>;
  workflows: Record<string, Workflow>;
  handoff: HandoffDefinition;
  /** By name, then by language. */
  emails: Record<string, Record<string, Email>>;
  /** One Amazon States Language document per workflow, with `${…}` where a function's ARN goes (see MACHINE_FUNCTIONS). */
  machines: Record<string, object>;
}

/** What deciding about a lead needs in memory: all but mails and machines. */
export type Rules = Omit<Definition, 'emails' | 'machines'> & {
  /** The content class of each email, by name. */
  classes: Record<string, string>;
};

/** The functions that compiled machines call; each stands in the ASL as `${name}`. */
export const MACHINE_FUNCTIONS = ['SendFunction', 'ParkFunction', 'StepFunction', 'CallFunction'] as const;

/** The published pointer: which definition is in force. */
export interface Published {
  hash: string;
  /** Counts publications up; a reader behind the number on a profile loads again. */
  publication: number;
  at: string;
  /**
   * Paused workflows, or all of them; `reason` and `at`: why and when the brake did it. `since`: when all were released last;
   * the brake counts from there.
   */
  paused: { all?: true; reason?: string; at?: string; since?: string; workflows: string[] };
}

/** What the publisher writes beside the parts: the version ARN of each workflow's state machine. */
export interface Manifest {
  hash: string;
  at: string;
  parts: string[];
  machines: Record<string, string>;
}
