/**
 * Task of a nurture machine for the steps that decide: `look` at the deadline of a `waitFor`, `choose`, and `enrol`.
 * Answers the outcome that the machine follows, and when the step after it is due.
 */
import * as z from 'zod/mini';
import { act } from './adapters/act.ts';
import { endEnrolment, loadStep, moveOn, untilSettled } from './adapters/enrolments.ts';
import { readLog } from './adapters/leads.ts';
import { stepTask, task } from './adapters/task.ts';
import { type Pinned, pinned, stepOf } from './adapters/workflows.ts';
import { advance, choose, goalHolds, lookAt } from './lead/enrolment.ts';
import type { Instant } from './lead/event.ts';
import type { Enrolment, Lead } from './lead/lead.ts';
import { standingOf } from './lead/standing.ts';
import { subjectOf } from './lead/subject.ts';
import { ended } from './lead/task-error.ts';

const payload = z.object({ ...stepTask, kind: z.enum(['look', 'choose', 'enrol']) });
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
  if (goalHolds(here.workflow, subjectOf(lead, here.rules.scoring, now))) {
    if ((await endEnrolment(lead, enrolment, 'goal', now)) === 'stale') return 'stale';
    throw ended('goal');
  }
  const outcome = await OUTCOMES[input.kind](here, input.step, now);
  const next = advance(here.workflow, input.step, outcome, now);
  const moved = await moveOn(enrolment, { step: input.step, outcome, next }, now, { lead });
  return moved === 'stale' ? moved : { outcome, due: next.due };
}

const OUTCOMES = { look, choose: chooseBranch, enrol: enrolElsewhere };

/** It may have happened unseen: an event that came late, or a wake that was lost. */
async function look({ lead, enrolment, workflow }: Here, id: string): Promise<string> {
  const step = stepOf(workflow, id, 'waitFor');
  const log = 'event' in step.awaited ? await readLog(lead.id) : [];
  return lookAt(step, enrolment, lead, log);
}

async function chooseBranch({ lead, rules, workflow }: Here, id: string, now: Instant): Promise<string> {
  return choose(stepOf(workflow, id, 'choose'), subjectOf(lead, rules.scoring, now));
}

/** An act like any other: one enrolment a workflow at a time, as that workflow's `again` allows. */
async function enrolElsewhere({ lead, enrolment, workflow }: Here, id: string, now: Instant): Promise<string> {
  const step = stepOf(workflow, id, 'enrol');
  const called = {
    key: `enrol:${enrolment.id}:${id}`,
    type: 'enrolment.called',
    at: now,
    actor: 'clock' as const,
    data: { workflow: step.workflow, by: enrolment.workflow },
  };
  await act({ leadId: lead.id }, [called], { at: now });
  return 'next';
}
