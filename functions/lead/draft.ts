/** A decision in the making: each part of deciding takes one and gives the next. */
import type { Outcome } from '../definition/handoff.ts';
import type { Context, Decision } from './decision.ts';
import type { Change, LeadEvent } from './event.ts';
import type { HandRaise } from './hand-raise.ts';
import type { Answering } from './handoff.ts';
import type { Handoff, Lead } from './lead.ts';
import type { Move } from './stage.ts';
import type { Act as Flags } from './subject.ts';

/** An answer of sales that may be given, or a stage set by hand that is one. */
export interface Answered {
  event: { answer: string; by: string; note?: string | undefined; eventId: string };
  handoff: Handoff;
  answering: Exclude<Answering, { refused: string }> | { as: 'by-hand'; outcome: Outcome };
  /** The event of the answer that this one corrects. */
  corrects?: { id: string; key: string };
}

/** One act as it is judged. */
export interface Act {
  before: Lead;
  /** At least one. */
  events: LeadEvent[];
  last: LeadEvent;
  byPerson: boolean;
  handRaise?: HandRaise | undefined;
  answered?: Answered | undefined;
  move?: Move | undefined;
  context: Context;
}

export interface Draft {
  lead: Lead;
  changes: Change[];
  messages: Decision['messages'];
  enrolments: Decision['enrolments'];
  handoff: Decision['handoff'];
}

export const draftOf = (lead: Lead): Draft => ({
  lead,
  changes: [],
  messages: [],
  enrolments: { start: [], end: [], resume: [] },
  handoff: {},
});

/** What conditions may ask of the act itself. Where marketing is asked instead of sales, no hand is raised to sales. */
export const flagsOf = (act: Act): Flags => ({
  handRaise: act.handRaise !== undefined && !act.handRaise.toMarketing,
  handoff: act.answered?.event.answer,
});

/** The stage that this act entered; falling is not entering. */
export const enteredBy = (act: Act): Move['to'] | undefined => (act.move && !act.move.fell ? act.move.to : undefined);
