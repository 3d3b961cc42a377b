/**
 * Moving an enrolment to a newer version of its workflow, as the workflow's `moved:` says. What is not named there stays
 * on the version it started with.
 */
import type { Rules } from '../definition/definition.ts';
import type { Workflow } from '../definition/workflow.ts';
import { begin, calendarOf, OUTSIDE_WINDOW, unenrol } from './enrolment.ts';
import type { Instant } from './event.ts';
import type { Enrolment, Lead } from './lead.ts';

export type Destination = { kind: 'stays' } | { kind: 'moves'; step: string } | { kind: 'ends' };

/** A version as moving sees it: its hash, and when it was first published. */
export interface Version {
  hash: string;
  at: Instant;
}

const STAYS: Destination = { kind: 'stays' };

/**
 * Where leads that stand at `step` of version `from` go when `to` is published; `workflow`: as `to` has it. Only versions
 * from before `to` are moved: whoever goes back to an old version leaves the newer ones' leads where they are.
 */
export const destinationOf = (
  workflow: Workflow | undefined,
  step: string | null,
  from: Version,
  to: Version,
): Destination => {
  const moved = workflow?.moved;
  if (!moved || step === null || from.hash === to.hash || from.at >= to.at) return STAYS;
  if (moved.from !== undefined && !from.hash.startsWith(moved.from)) return STAYS;
  const target = Object.hasOwn(moved.steps, step) ? moved.steps[step] : undefined;
  if (target === undefined) return STAYS;
  return target === null ? { kind: 'ends' } : { kind: 'moves', step: target };
};

/** Why an enrolment ended that the new version has no place for. */
export const endedByVersion = (hash: string): string => `version ${hash.slice(0, 12)} ends it here`;

const laterOf = (a: Instant, b: Instant): Instant => (a > b ? a : b);

/**
 * The enrolment at a step of the new version, and its lead. An active one goes on as the next run; a held or paused one
 * stays so, and goes on there. A wait that it is moved to begins now; what was awaited is over; a mail that is due later
 * stays due then.
 */
export const movedTo = (
  lead: Lead,
  enrolment: Enrolment,
  target: { workflow: Workflow; rules: Pick<Rules, 'hash' | 'settings'>; step: string },
  now: Instant,
): { lead: Lead; enrolment: Enrolment } => {
  const { wait, moved: _, putOff: held, ...rest } = enrolment;
  const { workflow, rules, step } = target;
  const kind = workflow.steps[step]?.kind;
  const parked = wait?.step === enrolment.step;
  const from = parked || kind === 'wait' || kind === 'waitUntil' ? now : laterOf(enrolment.dueAt, now);
  const next = begin({ ...workflow, first: step }, from, calendarOf(lead, rules));
  // A held one comes up again when consent has not come, wherever it stands.
  const due =
    enrolment.status === 'held'
      ? { dueAt: enrolment.dueAt, ...(held && { putOff: held }) }
      : { dueAt: next.due, ...(next.since && { putOff: { since: next.since, why: OUTSIDE_WINDOW } }) };
  const moved: Enrolment = {
    ...rest,
    definition: rules.hash,
    step: next.step,
    run: enrolment.status === 'active' ? enrolment.run + 1 : enrolment.run,
    ...due,
  };
  const mark = lead.enrolments[enrolment.workflow];
  const enrolments =
    mark?.id === enrolment.id
      ? { ...lead.enrolments, [enrolment.workflow]: { ...mark, definition: rules.hash } }
      : lead.enrolments;
  const waits = lead.waits.filter((each) => each.enrolmentId !== enrolment.id);
  return { lead: { ...lead, enrolments, waits }, enrolment: moved };
};

/** The enrolment ended, and its lead without it. */
export const endedAt = (
  lead: Lead,
  enrolment: Enrolment,
  hash: string,
  now: Instant,
): { lead: Lead; enrolment: Enrolment } => ({
  lead: unenrol(lead, enrolment.workflow, now),
  enrolment: { ...enrolment, status: 'ended', reason: endedByVersion(hash), endedAt: now },
});
