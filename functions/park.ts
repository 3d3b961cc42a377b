/**
 * Task of a nurture machine: parks the token of a `waitFor` step, so that the event it waits for can wake it.
 * The token only wakes, the table decides: parking holds only for the profile that was read, and what has happened
 * already goes on at once.
 */
import * as z from 'zod/mini';
import { transact } from './adapters/commit.ts';
import {
  endEnrolment,
  enrolmentWrite,
  leadWrite,
  loadStep,
  moveOn,
  unchangedLead,
  untilSettled,
} from './adapters/enrolments.ts';
import { readLog } from './adapters/leads.ts';
import { sendTaskSuccess } from './adapters/machines.ts';
import { later } from './adapters/table.ts';
import { stepTask, task } from './adapters/task.ts';
import { pinned, stepOf } from './adapters/workflows.ts';
import { asksLog } from './lead/awaited.ts';
import { advance, calendarOf, lookAt, overReason } from './lead/enrolment.ts';
import type { Instant } from './lead/event.ts';
import type { Enrolment, Lead } from './lead/lead.ts';
import { standingOf } from './lead/standing.ts';
import { subjectOf } from './lead/subject.ts';

const payload = z.object({ ...stepTask, token: z.string(), attempt: z.number() });
type Parking = z.infer<typeof payload>;

/** What wakes the machine at once; nothing, when the token is parked. */
type Parked = { wake?: { outcome: string; due: Instant } };

export const handler = task(payload, async (input, now) => {
  const { wake } = await untilSettled(() => park(input, now));
  if (wake) await sendTaskSuccess(input.token, wake);
  return {};
});

async function park(input: Parking, now: Instant): Promise<Parked | 'stale'> {
  const { lead, enrolment } = await loadStep(input.leadId, input.enrolmentId);
  const standing = standingOf(enrolment, input);
  if (standing.at === 'past') return { wake: { outcome: standing.outcome, due: standing.due } };
  if (standing.at === 'elsewhere' || !lead || !enrolment) return { wake: { outcome: 'ended', due: now } };
  // A newer attempt has parked its token, or an older answer of this one was lost.
  if (enrolment.wait?.step === input.step && enrolment.wait.attempt >= input.attempt) return {};
  const { rules, workflow } = await pinned(enrolment);
  const over = overReason(workflow, subjectOf(lead, rules.scoring, now));
  if (over !== undefined) {
    const result = await endEnrolment(lead, enrolment, over, now);
    return result === 'stale' ? result : { wake: { outcome: 'ended', due: now } };
  }
  const step = stepOf(workflow, input.step, 'waitFor');
  const until = enrolment.wait?.step === input.step ? enrolment.wait.until : later(now, step.upTo);
  // Read after the profile: an event that commits between the two is seen here, a later one changes the version.
  const log = asksLog(step.awaited) ? await readLog(lead.id) : [];
  const seen = lookAt(step, enrolment, lead, log);
  if (seen === 'otherwise' && until > now) return waitHere(lead, enrolment, { ...input, until });
  const next = advance(workflow, step.id, seen, now, calendarOf(lead, rules));
  const result = await moveOn(enrolment, { step: step.id, outcome: seen, next }, now, { lead });
  return result === 'stale' ? result : { wake: { outcome: seen, due: next.due } };
}

/** The token and the wait in one transaction, if neither the lead nor the enrolment changed since they were read. */
async function waitHere(
  lead: Lead,
  enrolment: Enrolment,
  input: Parking & { until: Instant },
): Promise<Parked | 'stale'> {
  const { step, token, attempt, until } = input;
  const parked: Enrolment = { ...enrolment, wait: { step, token, attempt, until }, dueAt: until };
  const listed = lead.waits.some((wait) => wait.enrolmentId === enrolment.id && wait.step === step);
  const { workflow, definition } = enrolment;
  const wait = { enrolmentId: enrolment.id, workflow, definition, step };
  const profile = listed ? unchangedLead(lead) : leadWrite(lead, { ...lead, waits: [...lead.waits, wait] });
  const { kind } = await transact([enrolmentWrite(enrolment, parked), profile]);
  return kind === 'committed' ? {} : 'stale';
}
