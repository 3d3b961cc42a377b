/**
 * Task of a nurture machine: calls a signed webhook of the settings, for one step of one enrolment. At least once: the
 * receiver knows a repeated call by `Ripen-Id`. A receiver that stays silent is given up after some tries, with the reason
 * in the timeline, and the workflow goes on: a lead must not stand still because somebody else's server does.
 */
import * as z from 'zod/mini';
import { newAttempt } from './adapters/attempt.ts';
import { endEnrolment, loadStep, moveOn, untilSettled } from './adapters/enrolments.ts';
import { shownScore } from './adapters/scored-under.ts';
import { callWrite } from './adapters/settle.ts';
import { stepTask, task } from './adapters/task.ts';
import { postWebhook, type WebhookOutcome } from './adapters/webhook.ts';
import { webhookSecret } from './adapters/webhook-secrets.ts';
import { type Pinned, pinned, stepOf } from './adapters/workflows.ts';
import { log } from './http/log.ts';
import { advance, calendarOf, overReason } from './lead/enrolment.ts';
import type { Instant } from './lead/event.ts';
import { derivedId } from './lead/id.ts';
import type { Enrolment, Lead, Send } from './lead/lead.ts';
import { standingOf } from './lead/standing.ts';
import { subjectOf } from './lead/subject.ts';
import { ended, retry } from './lead/task-error.ts';
import { bodyOfStep } from './lead/webhook-body.ts';

/** `attempt`: how often the machine has tried before. */
const payload = z.object({ ...stepTask, attempt: z.number() });
type Input = z.infer<typeof payload>;
type Answer = { outcome: string; due: Instant };

/** Tries at all. The machine's pauses between them (see RETRY in the compiler) make up to half an hour. */
const TRIES = 12;

interface Here extends Pinned {
  lead: Lead;
  enrolment: Enrolment;
}

export const handler = task(payload, (input, now) => {
  // One call an invocation, however often the table is looked at.
  let called: WebhookOutcome | undefined;
  return untilSettled(async () => {
    const here = await standHere(input, now);
    if ('outcome' in here) return here;
    called ??= await call(here, input, now);
    if (called.kind === 'retryable' && input.attempt + 1 < TRIES) throw retry('the webhook did not take it');
    return goOn(here, input, called, now);
  });
});

/** The lead at this step, or the answer that was given before. @throws Ended when the enrolment is over. */
async function standHere(input: Input, now: Instant): Promise<Here | Answer> {
  const { lead, enrolment } = await loadStep(input.leadId, input.enrolmentId);
  const standing = standingOf(enrolment, input);
  if (standing.at === 'past') return { outcome: standing.outcome, due: standing.due };
  if (standing.at === 'elsewhere') throw ended(standing.why);
  if (!lead || !enrolment) throw ended('no such lead');
  const definition = await pinned(enrolment);
  const over = overReason(definition.workflow, subjectOf(lead, definition.rules.scoring, now));
  if (over === undefined) return { lead, enrolment, ...definition };
  if ((await endEnrolment(lead, enrolment, over, now)) === 'stale') throw retry('the lead changed');
  throw ended(over);
}

const idOf = ({ id, startedAt }: Enrolment, step: string): string => derivedId('snd', startedAt, id, step);

/** @throws Error when the settings or the secret lack the webhook. */
async function call({ lead, enrolment, rules, workflow }: Here, input: Input, now: Instant): Promise<WebhookOutcome> {
  const { webhook } = stepOf(workflow, input.step, 'webhook');
  const hook = rules.settings.webhooks[webhook];
  if (!hook) throw new Error(`The settings have no webhook ${webhook}.`);
  const secret = await webhookSecret(hook.secret, now);
  const id = idOf(enrolment, input.step);
  const body = bodyOfStep({ id, webhook, step: input.step, enrolment }, lead, await shownScore(lead, now), now);
  return postWebhook({ url: hook.url, secret, id, payload: body, now });
}

/** The next step, and what became of the call: both or neither. */
async function goOn(here: Here, input: Input, called: WebhookOutcome, now: Instant): Promise<Answer | 'stale'> {
  const { lead, enrolment, rules, workflow } = here;
  const { webhook } = stepOf(workflow, input.step, 'webhook');
  const delivered = called.kind === 'delivered';
  const why = delivered ? undefined : called.kind === 'final' ? called.why : `${called.why}, ${TRIES} times`;
  const send: Send = {
    id: idOf(enrolment, input.step),
    leadId: lead.id,
    status: delivered ? 'sent' : 'refused',
    email: `webhook-${webhook}`,
    language: '',
    enrolmentId: enrolment.id,
    workflow: workflow.name,
    step: input.step,
    definition: enrolment.definition,
    attempt: newAttempt(),
    leaseUntil: now,
    at: now,
    purpose: 'webhook',
    ...(why ? { why } : {}),
  };
  if (why) log.warn('a webhook did not take a lead', { leadId: lead.id, enrolmentId: enrolment.id, why });
  const next = advance(workflow, input.step, 'next', now, calendarOf(lead, rules));
  const move = { step: input.step, outcome: 'next', next };
  const moved = await moveOn(enrolment, move, now, { more: [callWrite(send)] });
  return moved === 'stale' ? moved : { outcome: 'next', due: next.due };
}
