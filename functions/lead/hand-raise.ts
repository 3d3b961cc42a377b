/** Hand-raises: acts that ask for sales. They need no points, and gates do not bar them. */
import type { Scoring } from '../definition/scoring.ts';
import { holds } from './condition.ts';
import type { Instant, LeadEvent } from './event.ts';
import type { Lead } from './lead.ts';
import { subjectOf } from './subject.ts';

export interface HandRaise {
  event: LeadEvent;
  /** `unless` holds: marketing is asked instead of sales, and the stage does not move by it. */
  toMarketing: boolean;
}

/** The hand-raise among an act's events, if any: a human's own. `lead` has the act folded in. */
export const handRaiseIn = (
  events: readonly LeadEvent[],
  lead: Lead,
  scoring: Scoring,
  now: Instant,
): HandRaise | undefined => {
  if (lead.audience) return undefined;
  const event = events.find((each) => each.actor === 'human' && scoring.handRaise.on.includes(each.type));
  if (!event) return undefined;
  const { unless } = scoring.handRaise;
  return { event, toMarketing: unless !== undefined && holds(unless, subjectOf(lead, scoring, now)) };
};

/** `demo.requested` as sales reads it: "demo requested". */
export const handRaiseWords = (type: string): string => type.replaceAll(/[.-]/g, ' ');
