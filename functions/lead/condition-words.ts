/** A condition in words: what it asks for, and what is missing. */
import type { Condition } from '../definition/condition.ts';
import { holds, type Reading, type Subject } from './condition.ts';

/** What is missing until `condition` holds for `subject`, a part each; none when it holds. */
export const missing = (condition: Condition, subject: Subject, reading: Reading = { stage: 'is' }): string[] =>
  holds(condition, subject, reading) ? [] : [condition.kind];

/** What is missing, in one line; empty when the condition holds. */
export const explain = (condition: Condition, subject: Subject, reading: Reading = { stage: 'is' }): string =>
  missing(condition, subject, reading).join('; ');
