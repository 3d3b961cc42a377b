/** What a `waitFor` waits for: whether an act meets it, whether the log has met it, whether the stage is reached now. */
import type { Stage } from '../definition/scoring.ts';
import type { Awaited } from '../definition/workflow.ts';
import { isReached, whereHolds } from './condition.ts';
import { actKeyOf, type Instant, type LeadEvent } from './event.ts';
import type { Enrolment } from './lead.ts';

/** What a mail provider tells of a mail: machines speak here, and nobody's act is faked by them. */
const TOLD_BY_PROVIDER = new Set([
  'email.sent',
  'email.delivered',
  'email.bounced',
  'email.complained',
  'email.rejected',
  'email.delayed',
  'email.failed',
]);

/** Whether an event counts as having happened: a person's act, or a fact about a mail; not a scanner's click. */
export const counts = (event: Pick<LeadEvent, 'actor' | 'type' | 'superseded'>): boolean =>
  !event.superseded && (event.actor === 'human' || event.actor === 'sales' || TOLD_BY_PROVIDER.has(event.type));

/** Whether this one event is what is waited for. */
export const meets = (awaited: Awaited, event: LeadEvent): boolean => {
  if ('any' in awaited) return awaited.any.some((each) => meets(each, event));
  if (!('event' in awaited) || awaited.event !== event.type || !counts(event)) return false;
  const ofMail = awaited.email === undefined || event.data.email === awaited.email;
  return ofMail && whereHolds(awaited.where, event.data);
};

/** Whether the stage that is waited for is reached or passed now. */
export const stageMeets = (awaited: Awaited, stage: Stage): boolean =>
  'any' in awaited
    ? awaited.any.some((each) => stageMeets(each, stage))
    : 'stage' in awaited && isReached(stage, awaited.stage);

/** Whether it takes the log to tell whether it has happened: an event does, a stage does not. */
export const asksLog = (awaited: Awaited): boolean =>
  'any' in awaited ? awaited.any.some(asksLog) : 'event' in awaited;

/**
 * Whether it has happened since the enrolment began: an event of a later act, not earlier than its start; or the stage now.
 * `log` holds at least the lead's events since then, in any order.
 */
export const hasHappened = (
  awaited: Awaited,
  enrolment: Pick<Enrolment, 'startedAt' | 'cause'>,
  log: readonly LeadEvent[],
  stage: Stage,
): boolean => {
  if (stageMeets(awaited, stage)) return true;
  const cause = log.find((event) => event.id === enrolment.cause);
  const ofCause = (event: LeadEvent): boolean => cause !== undefined && actKeyOf(event.key) === actKeyOf(cause.key);
  return log.some((event) => event.at >= enrolment.startedAt && !ofCause(event) && meets(awaited, event));
};

/** Whether an act's events meet a wait of an enrolment that began at `startedAt`, or the stage after the act does. */
export const metByAct = (awaited: Awaited, startedAt: Instant, events: readonly LeadEvent[], stage: Stage): boolean =>
  stageMeets(awaited, stage) || events.some((event) => event.at >= startedAt && meets(awaited, event));
