/**
 * Task of a nurture machine for the steps that decide or note: `look` at the deadline of a `waitFor`, `choose`, `split`,
 * `set` and `enrol`.
 * Answers the outcome that the machine follows, and when the step after it is due.
 */
import * as z from 'zod/mini';
import { act } from './adapters/act.ts';
import { endEnrolment, loadStep, moveOn, untilSettled } from './adapters/enrolments.ts';
import { foldPending } from './adapters/fold-pending.ts';
import { pendingActs, readLog } from './adapters/leads.ts';
import { stepTask, task } from './adapters/task.ts';
import { type Pinned, pinned, stepOf } from './adapters/workflows.ts';
import { asksLog } from './lead/awaited.ts';
import { advance, calendarOf, choose, lookAt, overReason } from './lead/enrolment.ts';
import type { Happening, Instant } from './lead/event.ts';
import type { Enrolment, Lead } from './lead/lead.ts';
import { variantOf } from './lead/split.ts';
import { standingOf } from './lead/standing.ts';
import { callOf, settingOf } from './lead/step-happenings.ts';
import { subjectOf } from './lead/subject.ts';
import { ended, retry } from './lead/task-error.ts';

const payload = z.object({ ...stepTask, kind: z.enum(['look', 'choose', 'enrol', 'split', 'set']) });
type Input = z.infer<typeof payload>;

interface Here extends Pinned {
  lead: Lead;
  enrolment: Enrolment;
}

export const handler = task(payload, (input, now) => untilSettled(() => decideStep(input, now)));

async function decideStep(input: Input, now: Instant): Promise<{ outcome: string; due: Instant } | 'stale'> {
  const { lead, enrolment } = await loadStep(input.leadId, input.enrolmentId);
  const standing = standingOf(enrolment, input);
  if (standing.at === 'past') return { outcome: standing.outcome, due: standing.due };
  if (standing.at === 'elsewhere') throw ended(standing.why);
  if (!lead || !enrolment) throw ended('no such lead');
  const here: Here = { lead, enrolment, ...(await pinned(enrolment)) };
  const over = overReason(here.workflow, subjectOf(lead, here.rules.scoring, now));
  if (over !== undefined) return endHere(here, over, now);
  const { outcome, ends, fields } = await OUTCOMES[input.kind](here, input.step, now);
  if (ends) return endHere(here, outcome, now);
  const calendar = calendarOf({ fields: { ...lead.fields, ...fields } }, here.rules);
  const next = advance(here.workflow, input.step, outcome, now, calendar);
  const moved = await moveOn(enrolment, { step: input.step, outcome, next }, now, { lead });
  return moved === 'stale' ? moved : { outcome, due: next.due };
}

async function endHere({ lead, enrolment }: Here, reason: string, now: Instant): Promise<'stale'> {
  if ((await endEnrolment(lead, enrolment, reason, now)) === 'stale') return 'stale';
  throw ended(reason);
}

/** What a step came to: where it leads, or that the enrolment ends there; and fields of the lead that it has changed. */
interface Done {
  outcome: string;
  ends?: true;
  fields?: Lead['fields'];
}

const OUTCOMES = { look, choose: chooseBranch, enrol: enrolElsewhere, split: chooseVariant, set: setFields };

/** It may have happened unseen: an event that came late, a wake that was lost, or a click that is not judged yet. */
async function look({ lead, enrolment, workflow }: Here, id: string, now: Instant): Promise<Done> {
  const step = stepOf(workflow, id, 'waitFor');
  if (asksLog(step.awaited)) await foldPending(lead.id, () => now, { early: true });
  const log = asksLog(step.awaited) ? await readLog(lead.id) : [];
  return { outcome: lookAt(step, enrolment, lead, log) };
}

async function chooseBranch({ lead, rules, workflow }: Here, id: string, now: Instant): Promise<Done> {
  return { outcome: choose(stepOf(workflow, id, 'choose'), subjectOf(lead, rules.scoring, now)) };
}

/** A hold-out gets nothing more: its enrolment ends here, and says so. */
async function chooseVariant({ lead, workflow }: Here, id: string): Promise<Done> {
  const { name, holdOut } = variantOf(stepOf(workflow, id, 'split'), lead.id, workflow.name);
  return { outcome: name, ...(holdOut ? { ends: true } : {}) };
}

async function setFields({ lead, enrolment, workflow }: Here, id: string, now: Instant): Promise<Done> {
  const step = stepOf(workflow, id, 'set');
  await happens(lead.id, settingOf(step, enrolment, now), now);
  return { outcome: 'next', fields: step.fields };
}

/** An act like any other: one enrolment a workflow at a time, as that workflow's `again` allows. */
async function enrolElsewhere({ lead, enrolment, workflow }: Here, id: string, now: Instant): Promise<Done> {
  await happens(lead.id, callOf(stepOf(workflow, id, 'enrol'), enrolment, now), now);
  return { outcome: 'next' };
}

/**
 * Something happens to the lead by this step, and is judged before the next one, which may ask for it.
 * @throws Retry while it is stored but not judged.
 */
async function happens(leadId: string, happening: Happening, now: Instant): Promise<void> {
  const { kind } = await act({ leadId }, [happening], { at: now, patient: true });
  if (kind === 'applied') return;
  // Stored by this try, or by one before it.
  await foldPending(leadId, () => now);
  const waiting = (await pendingActs(leadId)).flatMap(({ happenings }) => happenings);
  if (waiting.some(({ key }) => key === happening.key)) throw retry('not judged yet');
}
