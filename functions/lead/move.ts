/** An enrolment that moves from one step to the next. */
import { OUTSIDE_WINDOW, type Position } from './enrolment.ts';
import type { Instant } from './event.ts';
import type { Enrolment } from './lead.ts';

/** Where a step led: the next step and when it is due; null is the end of the workflow. */
export interface Move {
  step: string;
  outcome: string;
  next: Position;
}

/** The enrolment after a move. What it waited for is over; the token stays readable for a wake that comes again. */
export function movedOn(enrolment: Enrolment, { step, outcome, next }: Move, at: Instant): Enrolment {
  const { putOff: _, ...rest } = enrolment;
  const moved: Enrolment = {
    ...rest,
    step: next.step,
    dueAt: next.due,
    moved: { step, outcome },
    ...(next.since && { putOff: { since: next.since, why: OUTSIDE_WINDOW } }),
  };
  if (next.step !== null) return moved;
  return { ...moved, status: 'ended', reason: 'finished', endedAt: at };
}
