/** Enrolments: one lead's run through one workflow. How it starts, where it stands, when it ends. */
import type { Rules } from '../definition/definition.ts';
import type { Stage } from '../definition/scoring.ts';
import type { Again, Step, Workflow } from '../definition/workflow.ts';
import { counts, hasHappened } from './awaited.ts';
import { holds, type Subject, whereHolds } from './condition.ts';
import type { Instant, LeadEvent } from './event.ts';
import { derivedId } from './id.ts';
import type { Enrolment, EnrolmentMark, Lead } from './lead.ts';
import { type Calendar, untilInstant } from './until.ts';
import { wholeSecond } from './whole-second.ts';
import { nextAllowed, windowZone } from './window.ts';

/** Entering one of these ends every enrolment whose workflow does not keep at it. */
const ENDING: readonly Stage[] = ['sql', 'customer', 'disqualified', 'recycled'];

const later = (at: Instant, ms: number): Instant => new Date(Date.parse(at) + ms).toISOString();

/**
 * Where an enrolment stands after a step, and when that is due. A wait is no place to stand: it makes the step behind it due
 * later. Waits with nothing behind them are the end, at once.
 */
export interface Position {
  step: string | null;
  due: Instant;
  /** Since when it would have been due, had the send window not put it off. */
  since?: Instant;
}

const at = (workflow: Workflow, from: string | null, now: Instant, calendar: Calendar): Position => {
  let step = from;
  let due = now;
  for (let stands = stepAt(workflow, step); stands; stands = stepAt(workflow, step)) {
    if (stands.kind === 'wait') due = later(due, stands.for);
    else if (stands.kind === 'waitUntil') due = untilInstant(stands.until, due, calendar);
    else break;
    step = stands.next;
  }
  return intoWindow(workflow, { step, due: step === null || due === now ? now : wholeSecond(due) }, calendar);
};

/** A marketing mail is due when its window is open, so that its machine waits once. Caps are looked at when it is due. */
const intoWindow = (workflow: Workflow, position: Position, calendar: Calendar): Position => {
  const { send } = workflow;
  const stands = stepAt(workflow, position.step);
  if (!send?.window || stands?.kind !== 'send' || stands.transactional) return position;
  const due = nextAllowed(position.due, send.window, windowZone(send, calendar, calendar.zone));
  return due > position.due ? { ...position, due, since: position.due } : position;
};

/** Since when the enrolment's step would have been due, had nothing put it off. */
export const dueSince = ({ putOff, dueAt }: Pick<Enrolment, 'putOff' | 'dueAt'>): Instant => putOff?.since ?? dueAt;

/** The enrolment put off until then. */
export const putOff = (enrolment: Enrolment, until: Instant, why: string): Enrolment => ({
  ...enrolment,
  dueAt: until,
  putOff: { since: dueSince(enrolment), why },
});

export const OUTSIDE_WINDOW = 'outside the send window';

/** For workflows without a wait until a date or a weekday. */
const NO_CALENDAR: Calendar = { fields: {}, zone: 'UTC' };

/** The calendar of a lead under a definition. */
export const calendarOf = (lead: Pick<Lead, 'fields'>, { settings }: Pick<Rules, 'settings'>): Calendar => ({
  fields: lead.fields,
  zone: settings.zone,
});

const stepAt = (workflow: Workflow, id: string | null): Step | undefined =>
  id === null ? undefined : workflow.steps[id];

/** Where a new enrolment begins. */
export const begin = (workflow: Workflow, now: Instant, calendar = NO_CALENDAR): Position =>
  at(workflow, workflow.first, now, calendar);

const successor = (step: Step, outcome: string): string | null => {
  if (step.kind === 'waitFor' && outcome === 'then') return step.then;
  if (step.kind === 'waitFor' && outcome === 'otherwise') return step.otherwise;
  if (step.kind === 'split') return step.variants.find(({ name }) => name === outcome)?.go ?? null;
  const branch = step.kind === 'choose' ? step.branches[Number(outcome)] : undefined;
  return branch ? branch.go : step.next;
};

/**
 * What follows a step that is done now. `outcome`: `then` or `otherwise` of a `waitFor`, the number of a branch or `none`
 * of a `choose`, the name of a variant of a `split`; any other word means: the next. `step: null` is the end of the
 * workflow. `calendar` is the lead's, for waits until a date or a weekday.
 * @throws Error when the workflow has no such step.
 */
export const advance = (
  workflow: Workflow,
  stepId: string,
  outcome: string,
  now: Instant,
  calendar = NO_CALENDAR,
): Position => {
  const step = workflow.steps[stepId];
  if (!step) throw new Error(`The workflow ${workflow.name} has no step ${stepId}.`);
  return at(workflow, successor(step, outcome), now, calendar);
};

/** The branch of a `choose` that is taken: its number, or `none`. */
export const choose = (step: Extract<Step, { kind: 'choose' }>, subject: Subject): string => {
  const branch = step.branches.findIndex(({ when }) => when === undefined || holds(when, subject));
  return branch < 0 ? 'none' : String(branch);
};

/** What a look at the lead says of a `waitFor`, when it is parked and at its deadline. `log`: since the enrolment began. */
export const lookAt = (
  step: Extract<Step, { kind: 'waitFor' }>,
  enrolment: Pick<Enrolment, 'startedAt' | 'cause'>,
  lead: Pick<Lead, 'stage'>,
  log: readonly LeadEvent[],
): 'then' | 'otherwise' => (hasHappened(step.awaited, enrolment, log, lead.stage) ? 'then' : 'otherwise');

/** Whether the goal holds: a stage in it means reached or passed. */
export const goalHolds = (workflow: Workflow, subject: Subject): boolean =>
  workflow.goal !== undefined && holds(workflow.goal, subject, { stage: 'reached' });

/** Why the workflow's own rules end an enrolment of this lead now, before its next step: the goal, or an exit; if they do. */
export const overReason = (workflow: Workflow, subject: Subject): string | undefined => {
  if (goalHolds(workflow, subject)) return 'goal';
  return workflow.exits?.find((exit) => 'when' in exit && holds(exit.when, subject))?.reason;
};

/** Why an event of an act ends an enrolment, if one does: an exit names it. */
const exitReason = ({ exits = [] }: Workflow, events: readonly LeadEvent[]): string | undefined =>
  exits.find(
    (exit) =>
      'on' in exit &&
      events.some((event) => event.type === exit.on && counts(event) && whereHolds(exit.where, event.data)),
  )?.reason;

/** Whether a lead may go through again; never two at a time. */
export const mayEnrolAgain = (again: Again, mark: EnrolmentMark | undefined, now: Instant): boolean => {
  if (!mark) return true;
  if (!mark.endedAt || again === 'never') return false;
  return again === 'always' || now >= later(mark.endedAt, again.after);
};

/** Whether marketing could ever reach this lead: a stop stands until a new consent, and one that is pending may become it. */
const isReachable = (lead: Lead): boolean =>
  !lead.audience && !lead.suppressed && (!lead.stopped || lead.consents.marketing?.state === 'pending');

/** Whether one more enrolment in this workflow may start now. */
export const mayEnrol = (workflow: Workflow, lead: Lead, subject: Subject, now: Instant): boolean =>
  begin(workflow, now).step !== null &&
  isReachable(lead) &&
  mayEnrolAgain(workflow.enrol.again, lead.enrolments[workflow.name], now) &&
  overReason(workflow, subject) === undefined;

/** The event of an act that starts this workflow, or the last one where entering a stage does. */
export const startedBy = (
  workflow: Workflow,
  events: readonly LeadEvent[],
  entered: Stage | undefined,
): LeadEvent | undefined => {
  const { enrol } = workflow;
  if (enrol.on === 'stage') return entered === enrol.stage ? events.at(-1) : undefined;
  if (enrol.on !== 'event') return undefined;
  return events.find((event) => event.type === enrol.event && counts(event) && whereHolds(enrol.where, event.data));
};

/** A new enrolment and the lead that has it. Ask `mayEnrol` before. `cause`: the id of the event that starts it. */
export const enrol = (
  lead: Lead,
  workflow: Workflow,
  rules: Pick<Rules, 'hash' | 'settings'>,
  cause: string,
  now: Instant,
): { lead: Lead; enrolment: Enrolment } => {
  const { step, due, since } = begin(workflow, now, calendarOf(lead, rules));
  const id = derivedId('enr', now, lead.id, workflow.name, cause);
  const enrolment: Enrolment = {
    id,
    leadId: lead.id,
    workflow: workflow.name,
    definition: rules.hash,
    run: 1,
    status: 'active',
    startedAt: now,
    step,
    dueAt: due,
    ...(since && { putOff: { since, why: OUTSIDE_WINDOW } }),
    cause,
  };
  const mark: EnrolmentMark = { id, definition: rules.hash, startedAt: now };
  return { lead: { ...lead, enrolments: { ...lead.enrolments, [workflow.name]: mark } }, enrolment };
};

/** The lead after the enrolment in this workflow ended: its waits go with it. */
export const unenrol = (lead: Lead, workflow: string, now: Instant): Lead => {
  const mark = lead.enrolments[workflow];
  if (!mark || mark.endedAt) return lead;
  const { held: _, ...rest } = mark;
  return {
    ...lead,
    enrolments: { ...lead.enrolments, [workflow]: { ...rest, endedAt: now } },
    waits: lead.waits.filter((wait) => wait.enrolmentId !== mark.id),
  };
};

/** The lead and its enrolment held until consent comes: without an execution, looked at again at `until`. */
export const hold = (lead: Lead, enrolment: Enrolment, until: Instant): { lead: Lead; enrolment: Enrolment } => {
  const mark = lead.enrolments[enrolment.workflow];
  if (mark?.id !== enrolment.id || mark.endedAt) return { lead, enrolment };
  const held: EnrolmentMark = { ...mark, held: { run: enrolment.run } };
  return {
    lead: { ...lead, enrolments: { ...lead.enrolments, [enrolment.workflow]: held } },
    enrolment: { ...putOff(enrolment, until, 'no consent yet'), status: 'held', reason: 'consent' },
  };
};

/**
 * Why an active enrolment ends now, if it does. `entered`: the stage that this act entered; `subject`: after the act;
 * `events`: those of the act.
 */
export const endingReason = (
  workflow: Workflow | undefined,
  lead: Lead,
  subject: Subject,
  entered: Stage | undefined,
  events: readonly LeadEvent[] = [],
): string | undefined => {
  if (lead.mergedInto) return 'merged';
  if (lead.suppressed) return lead.suppressed.reason;
  if (lead.stopped && !isReachable(lead)) return lead.stopped.reason;
  if (lead.audience) return `audience ${lead.audience}`;
  const over = workflow && (overReason(workflow, subject) ?? exitReason(workflow, events));
  if (over !== undefined) return over;
  const keeps = entered !== undefined && workflow?.keepAt.includes(entered);
  return entered !== undefined && ENDING.includes(entered) && !keeps ? `stage ${entered}` : undefined;
};
