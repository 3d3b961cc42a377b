/**
 * Wakes what a nurture machine waits for: on `wait.met` the enrolment moves on through `then` and its machine follows;
 * on `enrolment.ended` the machine ends. Comes twice or late: the table says what was done, the token says the rest.
 */
import * as z from 'zod/mini';
import { moveOn, untilSettled } from './adapters/enrolments.ts';
import { loadEnrolment, loadLead } from './adapters/leads.ts';
import { sendTaskSuccess } from './adapters/machines.ts';
import { pinned } from './adapters/workflows.ts';
import { now } from './clock.ts';
import { advance, calendarOf } from './lead/enrolment.ts';
import type { Instant } from './lead/event.ts';
import type { Enrolment } from './lead/lead.ts';

const detail = z.object({ leadId: z.string(), enrolmentId: z.string(), step: z.optional(z.string()) });
const envelope = z.discriminatedUnion('detail-type', [
  z.object({ 'detail-type': z.literal('wait.met'), detail: z.object({ ...detail.shape, step: z.string() }) }),
  z.object({ 'detail-type': z.literal('enrolment.ended'), detail }),
]);

export async function handler(event: unknown): Promise<void> {
  const { 'detail-type': type, detail: message } = z.parse(envelope, event);
  const { leadId, enrolmentId } = message;
  const at = now();
  const wake = await untilSettled(async () => {
    const enrolment = await loadEnrolment(leadId, enrolmentId);
    if (!enrolment?.wait) return undefined;
    return type === 'wait.met' ? met(enrolment, message.step, at) : over(enrolment, at);
  });
  // A token that is gone timed out or was woken: its machine looks, and finds in the table what was done.
  if (wake) await sendTaskSuccess(wake.token, { outcome: wake.outcome, due: wake.due });
}

type Wake = { token: string; outcome: string; due: Instant };

/** Moves on through `then`, unless that was done already. */
async function met(enrolment: Enrolment, step: string, at: Instant): Promise<Wake | undefined | 'stale'> {
  const { wait } = enrolment;
  if (wait?.step !== step) return undefined;
  if (enrolment.moved?.step === step) {
    return { token: wait.token, outcome: enrolment.moved.outcome, due: enrolment.dueAt };
  }
  if (enrolment.status === 'ended') return over(enrolment, at);
  if (enrolment.step !== step) return undefined;
  const { workflow, rules } = await pinned(enrolment);
  const lead = await loadLead(enrolment.leadId);
  const next = advance(workflow, step, 'then', at, lead && calendarOf(lead, rules));
  const result = await moveOn(enrolment, { step, outcome: 'then', next }, at);
  return result === 'stale' ? result : { token: wait.token, outcome: 'then', due: next.due };
}

function over({ wait, status, moved }: Enrolment, at: Instant): Wake | undefined {
  const waiting = wait && status === 'ended' && moved?.step !== wait.step;
  return waiting ? { token: wait.token, outcome: 'ended', due: at } : undefined;
}
