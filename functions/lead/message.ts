/** What goes to the bus after a commit. Ids and facts, no personal data. Consumers are idempotent by `id`. */
import type { Stage } from '../definition/scoring.ts';
import type { Instant } from './event.ts';

export const BUS_SOURCE = 'ripen';

export type Message =
  | { type: 'deliver.requested'; leadId: string; eventId: string; form: string; definition: string }
  | { type: 'consent.asked'; leadId: string; eventId: string }
  | { type: 'consent.due'; leadId: string; purpose: string }
  | { type: 'lead.erase'; leadId: string }
  /** What belongs to this lead is to be moved into the one that it was merged into. */
  | { type: 'lead.merge'; leadId: string }
  | { type: 'enrolment.started'; leadId: string; enrolmentId: string; run: number }
  | { type: 'enrolment.ended'; leadId: string; enrolmentId: string; reason: string }
  | { type: 'wait.met'; leadId: string; enrolmentId: string; step: string }
  | { type: 'handoff.opened'; leadId: string; handoffId: string }
  | { type: 'handoff.changed'; leadId: string; handoffId: string }
  | { type: 'lead.stage-changed'; leadId: string; from: Stage; to: Stage; eventId: string }
  | { type: 'lead.hand-raised'; leadId: string; eventId: string; by: string }
  | { type: 'lead.fold'; leadId: string }
  | { type: 'lead.due'; leadId: string }
  /** Leads are left to be moved to the version in force. */
  | { type: 'definition.moving'; definition: string }
  /** A form was sent from this visitor's browser; `at` is when. */
  | { type: 'visitor.claimed'; leadId: string; visitor: string; from: Instant }
  /** A visitor that some lead claimed has looked at more pages. */
  | { type: 'visitor.viewed'; visitor: string }
  /** Whether mail can reach the lead's domain at all is to be looked up. */
  | { type: 'address.given'; leadId: string };

export type MessageType = Message['type'];

/** A message as it goes over the bus: `detail-type` is its type. */
export type Envelope = Message & { id: string; version: 1; at: Instant };
