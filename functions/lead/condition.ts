/** Whether a checked condition holds for a lead. What it says in words is in condition-words.ts. */
import type { Condition, Scalar, Test } from '../definition/condition.ts';
import type { FieldValue, Grade, Stage } from '../definition/scoring.ts';
import { isInEmailLists } from './email-lists.ts';
import type { ConsentState, Lead } from './lead.ts';

/** All that a condition may ask about. Made by subject.ts, where the numbers are computed when first read. */
export interface Subject {
  readonly fields: Record<string, FieldValue>;
  readonly stage: Stage;
  readonly grade: Grade;
  readonly fit: number;
  /** The shown number: thresholds compare that. */
  readonly engagement: number;
  readonly conversions: number;
  readonly consents: Record<string, ConsentState>;
  readonly tags?: readonly string[] | undefined;
  readonly emailStatus: Lead['emailStatus'];
  readonly email: { local: string; domain: string };
  /** The named lists of the scoring file. */
  readonly lists: Record<string, string[]>;
  /** This act raised the hand. */
  readonly handRaise: boolean;
  /** The outcome that this answer of sales gave. */
  readonly handoff?: string | undefined;
  /** The event's properties, for `where`. */
  readonly properties?: Record<string, Scalar> | undefined;
}

/** `is`: the stage itself. `reached`: that stage or a later one, as goals and `waitFor` mean it. */
export interface Reading {
  stage: 'is' | 'reached';
}

const RANK: Partial<Record<Stage, number>> = { lead: 0, iql: 1, mql: 2, sql: 3, customer: 4 };

/** Whether `stage` is `wanted` or lies beyond it. `recycled` and `disqualified` stand aside: they reach only themselves. */
export const isReached = (stage: Stage, wanted: Stage): boolean => {
  const [here, there] = [RANK[stage], RANK[wanted]];
  return stage === wanted || (here !== undefined && there !== undefined && here >= there);
};

/** Whether a value passes a test. A missing value passes none; a comparison needs a number or a text that is one. */
export const passes = (test: Test, value: Scalar | undefined): boolean => {
  if (value === undefined) return false;
  // As text, so that `page: 404` in a file equals "404" in a posted event.
  if ('oneOf' in test) return test.oneOf.some((wanted) => String(wanted) === String(value));
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) return false;
  return compares(test.compare, number, test.than);
};

const compares = (operator: '>=' | '>' | '<=' | '<' | '=' | '!=', value: number, than: number): boolean => {
  switch (operator) {
    case '>=':
      return value >= than;
    case '>':
      return value > than;
    case '<=':
      return value <= than;
    case '<':
      return value < than;
    case '=':
      return value === than;
    case '!=':
      return value !== than;
  }
};

const stagePasses = (test: Test, stage: Stage, reading: Reading): boolean =>
  reading.stage === 'reached' && 'oneOf' in test
    ? test.oneOf.some((wanted) => isReached(stage, wanted as Stage))
    : passes(test, stage);

/** Whether `condition` holds for `subject`; `reading` says what naming a stage means (default: being in it). */
export const holds = (condition: Condition, subject: Subject, reading: Reading = { stage: 'is' }): boolean => {
  switch (condition.kind) {
    case 'any':
      return condition.of.some((part) => holds(part, subject, reading));
    case 'all':
      return condition.of.every((part) => holds(part, subject, reading));
    case 'not':
      return !holds(condition.of, subject, reading);
    case 'field':
      return passes(condition.test, subject.fields[condition.field]);
    case 'property':
      return passes(condition.test, subject.properties?.[condition.property]);
    case 'stage':
      return stagePasses(condition.test, subject.stage, reading);
    case 'grade':
    case 'emailStatus':
    case 'fit':
    case 'engagement':
    case 'conversions':
      return passes(condition.test, subject[condition.kind]);
    case 'consent':
      return subject.consents[condition.purpose]?.state === 'granted';
    case 'tag':
      return condition.tags.some((tag) => subject.tags?.includes(tag));
    case 'emailDomain':
      return isInEmailLists(subject.email, condition.lists, subject.lists);
    case 'handRaise':
      return subject.handRaise === condition.is;
    case 'handoff':
      return passes(condition.test, subject.handoff);
  }
};

/** Whether a `where` holds for an event's own properties. It sees nothing of the lead: such a key never holds. */
export const whereHolds = (where: Condition | undefined, properties: Record<string, Scalar>): boolean => {
  if (where === undefined) return true;
  switch (where.kind) {
    case 'any':
      return where.of.some((part) => whereHolds(part, properties));
    case 'all':
      return where.of.every((part) => whereHolds(part, properties));
    case 'not':
      return !whereHolds(where.of, properties);
    case 'property':
      return passes(where.test, properties[where.property]);
    default:
      return false;
  }
};
