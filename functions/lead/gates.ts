/** Gates: yes or no, never points. All must be open before a score makes a lead `mql`. */
import type { Scoring } from '../definition/scoring.ts';
import { holds, type Subject } from './condition.ts';
import { explain } from './condition-words.ts';

export interface ClosedGate {
  name: string;
  /** What is missing, in words. */
  why: string;
}

/** The gates that are closed for this subject, in file order; none: the way is free. */
export const closedGates = (scoring: Scoring, subject: Subject): ClosedGate[] =>
  Object.entries(scoring.gates)
    .filter(([, gate]) => !holds(gate, subject))
    .map(([name, gate]) => ({ name, why: explain(gate, subject) }));
