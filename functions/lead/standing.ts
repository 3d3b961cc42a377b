/** Where an enrolment stands, as a task of one of its executions sees it. */
import type { Instant } from './event.ts';
import type { Enrolment } from './lead.ts';

export type Standing =
  /** At this step: do it. */
  | { at: 'here' }
  /** This step was done, and its answer lost: answer the same again. */
  | { at: 'past'; outcome: string; due: Instant }
  /** Ended, aside, or moved by a later run: this execution is over. */
  | { at: 'elsewhere'; why: string };

/** @param task the run and the step that the execution is at. */
export function standingOf(enrolment: Enrolment | undefined, task: { run: number; step: string }): Standing {
  if (!enrolment) return { at: 'elsewhere', why: 'no such enrolment' };
  if (enrolment.run !== task.run) return { at: 'elsewhere', why: `run ${enrolment.run} has taken over` };
  if (enrolment.moved?.step === task.step && (enrolment.status === 'active' || enrolment.reason === 'finished')) {
    return { at: 'past', outcome: enrolment.moved.outcome, due: enrolment.dueAt };
  }
  if (enrolment.status !== 'active') return { at: 'elsewhere', why: enrolment.reason ?? enrolment.status };
  if (enrolment.step !== task.step) return { at: 'elsewhere', why: `stands at ${enrolment.step}` };
  return { at: 'here' };
}
