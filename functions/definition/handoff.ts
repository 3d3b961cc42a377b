/** The compiled `handoff.yaml`. Durations are milliseconds. */
import type { Condition } from './condition.ts';
import type { Stage } from './scoring.ts';

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';
/** Hours of the day as "HH:MM" wall-clock in `zone`; `to` may be "24:00". */
export interface Hours {
  days: Weekday[];
  from: string;
  to: string;
  zone: string;
}

export interface Outcome {
  stage: Stage;
  enrol?: string;
  /** No new handoff by score within this time; a hand-raise may. */
  rest?: number;
  after?: 'accepted';
}

export interface HandoffDefinition {
  name: string;
  when: Condition;
  assign: { where?: Condition; to: string[]; by: 'turns' | 'first' }[];
  notify: ({ channel: 'email' } | { channel: 'webhook'; webhook: string })[];
  answer: {
    within: { handRaise: number; otherwise: number };
    hours: Hours;
    remind?: 'half-way';
    escalateTo?: string;
  };
  /** By answer: accepted, not-ready, … won, lost. */
  outcomes: Record<string, Outcome>;
}
