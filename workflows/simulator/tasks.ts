/**
 * What the steps of a workflow do, by the same decisions as the functions that state machines call, on a lead in memory.
 * Each answers what its machine is to do next.
 */
import type { Step, Workflow } from '../../functions/definition/workflow.ts';
import {
  advance,
  calendarOf,
  choose,
  hold,
  lookAt,
  overReason,
  putOff,
  unenrol,
} from '../../functions/lead/enrolment.ts';
import type { Instant } from '../../functions/lead/event.ts';
import type { Enrolment } from '../../functions/lead/lead.ts';
import { sentBeside, withMail } from '../../functions/lead/mailed.ts';
import { movedOn } from '../../functions/lead/move.ts';
import { maySend, type Verdict } from '../../functions/lead/sending.ts';
import { variantOf } from '../../functions/lead/split.ts';
import { standingOf } from '../../functions/lead/standing.ts';
import { callOf, settingOf } from '../../functions/lead/step-happenings.ts';
import { subjectOf } from '../../functions/lead/subject.ts';
import { nextWholeSecond } from '../../functions/lead/whole-second.ts';
import { actOn, type Run } from './run.ts';

/** A step that an execution of an enrolment is at. */
export interface Task {
  enrolmentId: string;
  run: number;
  step: string;
  /** The deadline of a `waitFor` has come. */
  look?: true;
}

export type Answer =
  | { kind: 'done'; outcome: string; due: Instant }
  /** Come again then. */
  | { kind: 'hold'; until: Instant }
  /** Its token is parked; look again then. */
  | { kind: 'parked'; until: Instant }
  /** This execution is over. */
  | { kind: 'over' };

interface Here {
  run: Run;
  workflow: Workflow;
  enrolment: Enrolment;
  step: Step;
  now: Instant;
}

/** As in the running system: waits of machines are cut to whole seconds, and clocks differ. */
const CLOCKS_MS = 2000;

/** Does a step. @throws Error when the workflow has no such step. */
export function perform(run: Run, task: Task, now: Instant): Answer {
  const enrolment = run.enrolments.get(task.enrolmentId);
  const standing = standingOf(enrolment, task);
  if (standing.at === 'past') return { kind: 'done', outcome: standing.outcome, due: standing.due };
  if (standing.at === 'elsewhere' || !enrolment) return { kind: 'over' };
  const workflow = run.definition.rules.workflows[enrolment.workflow];
  const step = workflow?.steps[task.step];
  if (!workflow || !step) throw new Error(`There is no step ${task.step} in ${enrolment.workflow}.`);
  const here: Here = { run, workflow, enrolment, step, now };
  // An execution that begins at a mail has not waited before it.
  const early = Date.parse(enrolment.dueAt) - Date.parse(now);
  if (step.kind === 'send' && early > CLOCKS_MS) return { kind: 'hold', until: nextWholeSecond(enrolment.dueAt) };
  const over = overReason(workflow, subjectOf(run.lead, run.definition.rules.scoring, now));
  if (over !== undefined) return end(here, over);
  return doStep(here, task.look === true);
}

function doStep(here: Here, look: boolean): Answer {
  const { run, workflow, enrolment, step, now } = here;
  const subject = () => subjectOf(run.lead, run.definition.rules.scoring, now);
  switch (step.kind) {
    case 'send':
      return lookedAgain(here) ?? mail(here, step);
    case 'waitFor':
      return look ? goOn(here, lookAt(step, enrolment, run.lead, run.log)) : park(here, step);
    case 'choose':
      return goOn(here, choose(step, subject()));
    case 'split': {
      const { name, holdOut } = variantOf(step, run.lead.id, workflow.name);
      return holdOut ? end(here, name) : goOn(here, name);
    }
    case 'set':
      actOn(run, [settingOf(step, enrolment, now)], now);
      return goOn(here, 'next');
    case 'enrol':
      actOn(run, [callOf(step, enrolment, now)], now);
      return goOn(here, 'next');
    case 'webhook':
      run.tell({ at: now, what: 'called', webhook: step.webhook, workflow: workflow.name, step: step.id });
      return goOn(here, 'next');
    default:
      throw new Error(`Nobody stands at the wait ${step.id}.`);
  }
}

/** The enrolment as it stands now: an act in between may have ended it. */
const standingNow = ({ run, enrolment }: Here): Enrolment => run.enrolments.get(enrolment.id) ?? enrolment;

/** Moves on in the table's stead, and answers what the machine follows. */
export function goOn(here: Omit<Here, 'step'> & { step: { id: string } }, outcome: string): Answer {
  const { run, workflow, step, now } = here;
  const enrolment = standingNow(here as Here);
  if (enrolment.status !== 'active') return { kind: 'over' };
  const next = advance(workflow, step.id, outcome, now, calendarOf(run.lead, run.definition.rules));
  const moved = movedOn(enrolment, { step: step.id, outcome, next }, now);
  run.enrolments.set(enrolment.id, moved);
  leaveWaits(run, moved, now);
  run.tell({ at: now, what: 'step', workflow: workflow.name, step: step.id, outcome });
  return { kind: 'done', outcome, due: next.due };
}

/** What it waited for is over, and so is the enrolment after its last step. */
function leaveWaits(run: Run, enrolment: Enrolment, now: Instant): void {
  const waits = run.lead.waits.filter((wait) => wait.enrolmentId !== enrolment.id);
  const left = { ...run.lead, waits };
  const ended = enrolment.status === 'ended';
  if (!ended && waits.length === run.lead.waits.length) return;
  run.lead = { ...(ended ? unenrol(left, enrolment.workflow, now) : left), version: run.lead.version + 1 };
  if (!ended) return;
  const { workflow, id, reason } = enrolment;
  run.tell({ at: now, what: 'ended', workflow, enrolmentId: id, ...(reason === undefined ? {} : { why: reason }) });
}

function end(here: Here, reason: string): Answer {
  const { run, now } = here;
  const ended: Enrolment = { ...standingNow(here), status: 'ended', reason, endedAt: now };
  run.enrolments.set(ended.id, ended);
  leaveWaits(run, ended, now);
  return { kind: 'over' };
}

/** A mail that was held after a wait in vain: what was awaited may have happened meanwhile. Then the next run goes on. */
function lookedAgain(here: Here): Answer | undefined {
  const { run, workflow, enrolment, now } = here;
  const { moved, putOff: held } = enrolment;
  const step = held && moved?.outcome === 'otherwise' ? workflow.steps[moved.step] : undefined;
  if (step?.kind !== 'waitFor' || step.then === step.otherwise) return undefined;
  if (lookAt(step, enrolment, run.lead, run.log) !== 'then') return undefined;
  goOn({ ...here, step }, 'then');
  const next = run.enrolments.get(enrolment.id);
  if (next?.status === 'active') {
    run.enrolments.set(next.id, { ...next, run: next.run + 1 });
    run.messages.push({ type: 'enrolment.started', leadId: run.lead.id, enrolmentId: next.id, run: next.run + 1 });
  }
  run.tell({
    at: now,
    what: 'step',
    workflow: workflow.name,
    step: step.id,
    outcome: 'then',
    why: 'it has happened while the mail was held',
  });
  return { kind: 'over' };
}

function verdictOn({ run, workflow, enrolment, now }: Here, step: Extract<Step, { kind: 'send' }>): Verdict {
  const { rules, topics } = run.definition;
  return maySend({
    lead: run.lead,
    emailClass: rules.classes[step.email] ?? '',
    purpose: step.transactional ? 'transactional' : 'marketing',
    scoring: rules.scoring,
    startedAt: enrolment.startedAt,
    now,
    topic: topics[step.email],
    send: workflow.send,
    zone: rules.settings.zone,
    sunset: rules.settings.sunset,
    frequency: rules.settings.frequency,
    sent: sentBeside(run.mailed, sendIdOf(enrolment, step.id)),
  });
}

const sendIdOf = (enrolment: Enrolment, step: string): string => `${enrolment.id}/${step}`;

function mail(here: Here, step: Extract<Step, { kind: 'send' }>): Answer {
  const { run, workflow, enrolment, now } = here;
  const about = { email: step.email, workflow: workflow.name, step: step.id };
  const verdict = verdictOn(here, step);
  if ('end' in verdict) return end(here, verdict.end);
  if ('skip' in verdict) {
    run.tell({ at: now, what: 'skipped', ...about, why: verdict.skip });
    return goOn(here, 'next');
  }
  if ('later' in verdict) {
    const { later, why } = verdict;
    run.enrolments.set(enrolment.id, putOff(enrolment, later, why));
    run.tell({ at: now, what: 'held', ...about, until: later, why });
    return { kind: 'hold', until: nextWholeSecond(later) };
  }
  if ('hold' in verdict) {
    const held = hold(run.lead, enrolment, verdict.hold);
    run.lead = { ...held.lead, version: run.lead.version + 1 };
    run.enrolments.set(enrolment.id, held.enrolment);
    run.tell({ at: now, what: 'held', ...about, until: verdict.hold, why: 'no consent yet' });
    return { kind: 'over' };
  }
  const sendId = sendIdOf(enrolment, step.id);
  if (run.sent.has(sendId)) return goOn(here, 'next');
  run.sent.add(sendId);
  const purpose = step.transactional ? 'transactional' : 'marketing';
  if (purpose === 'marketing') {
    run.mailed = withMail(run.mailed, { sendId, at: now }, run.definition.rules.settings.sunset, run.lead.actedAt);
  }
  run.tell({ at: now, what: 'mail', purpose, ...about, why: whySent(here) });
  return goOn(here, 'next');
}

/** Why this mail goes now: what came before it, and what it had to wait for. */
function whySent({ workflow, enrolment }: Here): string {
  const { moved, putOff: held } = enrolment;
  const before = moved && workflow.steps[moved.step];
  const after = before ? `after "${before.title}"${wordsOf(moved.outcome, before)}` : `enrolled in ${workflow.name}`;
  return held ? `${after}; held since ${held.since}: ${held.why ?? 'put off'}` : after;
}

function wordsOf(outcome: string, step: Step): string {
  if (step.kind === 'waitFor') return outcome === 'then' ? ': it happened' : ': it did not happen';
  if (step.kind === 'split') return `: ${outcome}`;
  if (step.kind === 'choose') return outcome === 'none' ? ': none held' : `: branch ${Number(outcome) + 1}`;
  return '';
}

function park(here: Here, step: Extract<Step, { kind: 'waitFor' }>): Answer {
  const { run, enrolment, now } = here;
  const known = enrolment.wait?.step === step.id ? enrolment.wait.until : undefined;
  const until = known ?? new Date(Date.parse(now) + step.upTo).toISOString();
  const seen = lookAt(step, enrolment, run.lead, run.log);
  if (seen === 'then' || until <= now) return goOn(here, seen);
  const { workflow, definition, id } = enrolment;
  run.enrolments.set(id, { ...enrolment, wait: { step: step.id, token: 'parked', attempt: 1, until }, dueAt: until });
  const wait = { enrolmentId: id, workflow, definition, step: step.id };
  run.lead = { ...run.lead, waits: [...run.lead.waits, wait], version: run.lead.version + 1 };
  return { kind: 'parked', until };
}

/** What a waiting step waits for has happened: it goes on through `then`. @returns whether it was waiting. */
export function wakeUp(run: Run, enrolmentId: string, step: string, now: Instant): Answer | undefined {
  const enrolment = run.enrolments.get(enrolmentId);
  const workflow = enrolment && run.definition.rules.workflows[enrolment.workflow];
  if (!enrolment || !workflow || enrolment.status !== 'active') return undefined;
  if (enrolment.step !== step || enrolment.wait?.step !== step) return undefined;
  return goOn({ run, workflow, enrolment, step: { id: step }, now }, 'then');
}

/** The consent that a held enrolment waits for never came. */
export function endHeld(run: Run, enrolmentId: string, now: Instant): void {
  const enrolment = run.enrolments.get(enrolmentId);
  if (enrolment?.status !== 'held' || enrolment.dueAt > now) return;
  const ended: Enrolment = { ...enrolment, status: 'ended', reason: 'no consent within 30 days', endedAt: now };
  run.enrolments.set(ended.id, ended);
  leaveWaits(run, ended, now);
}
