/**
 * Task of a nurture machine: one mail of one step, at most once. Load → may it go → slot → claim → render → hand over →
 * settle and move on, the last two in one transaction. Answers when the step after it is due.
 */
import * as z from 'zod/mini';
import { newAttempt } from './adapters/attempt.ts';
import { currentPointer, published } from './adapters/definitions.ts';
import {
  endEnrolment,
  holdForConsent,
  loadStep,
  moveOn,
  pauseEnrolment,
  postpone,
  unpauseEnrolment,
  untilSettled,
} from './adapters/enrolments.ts';
import { composeMail, languageOf } from './adapters/lead-mail.ts';
import { readLog } from './adapters/leads.ts';
import { type Mail, type MailOutcome, sendMail } from './adapters/mail.ts';
import { type Judged, judgeMail } from './adapters/mail-turn.ts';
import { forgetMail, mailedWrite } from './adapters/mailed.ts';
import { moveAsNextRun } from './adapters/next-run.ts';
import { takeSlot } from './adapters/pace.ts';
import { claimed, claimSend } from './adapters/sends.ts';
import { settleSend, settleWrite, skipWrite } from './adapters/settle.ts';
import { later } from './adapters/table.ts';
import { stepTask, task } from './adapters/task.ts';
import { type Pinned, pinned, stepOf } from './adapters/workflows.ts';
import type { Write } from './adapters/writes.ts';
import type { Published } from './definition/definition.ts';
import { log } from './http/log.ts';
import { ALARMING } from './http/log-lines.ts';
import { asksLog } from './lead/awaited.ts';
import { advance, calendarOf, lookAt, overReason } from './lead/enrolment.ts';
import type { Instant } from './lead/event.ts';
import { derivedId } from './lead/id.ts';
import type { Enrolment, Lead, Send } from './lead/lead.ts';
import { isFaultOfTemplate } from './lead/render.ts';
import type { Verdict } from './lead/sending.ts';
import { standingOf } from './lead/standing.ts';
import { subjectOf } from './lead/subject.ts';
import { ended, hold, paused } from './lead/task-error.ts';

const payload = z.object(stepTask);

interface Here extends Pinned {
  lead: Lead;
  enrolment: Enrolment;
  step: { id: string; email: string };
  purpose: 'marketing' | 'transactional';
  now: Instant;
}
type Answer = { outcome: string; due: Instant };

export const handler = task(payload, (input, now) => {
  // One for the whole invocation: what this one claimed is its own, however often it looks.
  const attempt = newAttempt();
  return untilSettled(() => sendStep(input, attempt, now));
});

async function sendStep(input: z.infer<typeof payload>, attempt: string, now: Instant): Promise<Answer | 'stale'> {
  const { lead, enrolment } = await loadStep(input.leadId, input.enrolmentId);
  const standing = standingOf(enrolment, input);
  if (standing.at === 'past') return { outcome: standing.outcome, due: standing.due };
  if (standing.at === 'elsewhere') throw ended(standing.why);
  if (!lead || !enrolment) throw ended('no such lead');
  const definition = await pinned(enrolment);
  const { id, email, transactional } = stepOf(definition.workflow, input.step, 'send');
  const purpose = transactional ? 'transactional' : 'marketing';
  const here: Here = { ...definition, lead, enrolment, step: { id, email }, purpose, now };
  const early = (await barred(here)) ?? (await lookedAgain(here));
  if (early) return early;
  const { verdict, ledger } = await judgeMail({ ...here, email }, sendIdOf(here), now);
  return 'go' in verdict ? mailStep(here, attempt, ledger) : keptBack(here, verdict);
}

/** The clocks of Step Functions and of Lambda differ, and a `Wait` may be cut to whole seconds. */
const CLOCKS_MS = 2000;

/** What keeps this mail from going out, done in the table and told to the machine; undefined: nothing does. */
async function barred(here: Here): Promise<Answer | 'stale' | undefined> {
  const { lead, enrolment, rules, workflow, purpose, now } = here;
  // An execution that begins at this step has not waited before it.
  if (Date.parse(enrolment.dueAt) - Date.parse(now) > CLOCKS_MS) throw hold(enrolment.dueAt);
  const over = overReason(workflow, subjectOf(lead, rules.scoring, now));
  if (over !== undefined) return endHere(here, over);
  // What was asked for goes out all the same: a pause, by hand or by the brake, holds marketing mail.
  if (purpose === 'marketing' && isPaused(await published(now), workflow.name)) return pauseHere(here);
  return undefined;
}

/**
 * A mail that was held after its `waitFor` had waited in vain looks again: what was awaited may have happened meanwhile.
 * Then the enrolment goes on through `then`, as the next run, since this one's machine stands behind `otherwise`.
 */
async function lookedAgain({ lead, enrolment, rules, workflow, now }: Here): Promise<'stale' | undefined> {
  const { moved, putOff } = enrolment;
  const step = putOff && moved?.outcome === 'otherwise' ? workflow.steps[moved.step] : undefined;
  if (step?.kind !== 'waitFor' || step.then === step.otherwise) return undefined;
  const log = asksLog(step.awaited) ? await readLog(lead.id) : [];
  if (lookAt(step, enrolment, lead, log) !== 'then') return undefined;
  const next = advance(workflow, step.id, 'then', now, calendarOf(lead, rules));
  if ((await moveAsNextRun(enrolment, { step: step.id, outcome: 'then', next }, now)) === 'stale') return 'stale';
  throw ended('what was awaited has happened: the next run goes on');
}

/** What was judged, done in the table and told to the machine. */
async function keptBack(here: Here, verdict: Exclude<Verdict, { go: true }>): Promise<Answer | 'stale'> {
  const { lead, enrolment, now } = here;
  if ('end' in verdict) return endHere(here, verdict.end);
  if ('skip' in verdict) return advanceHere(here, [skipWrite(sendOf(here, ''), verdict.skip)]);
  if ('later' in verdict) return holdHere(here, verdict.later, verdict.why);
  if ((await holdForConsent(lead, enrolment, verdict.hold, now)) === 'stale') return 'stale';
  throw paused('for consent');
}

const isPaused = ({ paused: { all, workflows } }: Published, workflow: string): boolean =>
  all === true || workflows.includes(workflow);

async function pauseHere({ enrolment, workflow, now }: Here): Promise<'stale'> {
  if ((await pauseEnrolment(enrolment)) === 'stale') return 'stale';
  // What we know of pauses is up to a second old. Resumed meanwhile: its release may have looked before we were listed.
  const current = await currentPointer();
  if (!current || isPaused(current, workflow.name)) throw paused('by a person');
  await published(now, { atLeast: current.publication });
  if ((await unpauseEnrolment(enrolment)) === 'stale') throw paused('released as the next run');
  return 'stale';
}

async function endHere({ lead, enrolment, now }: Here, reason: string): Promise<'stale'> {
  if ((await endEnrolment(lead, enrolment, reason, now)) === 'stale') return 'stale';
  throw ended(reason);
}

async function advanceHere(
  { lead, rules, enrolment, workflow, step, now }: Here,
  more: Write[] = [],
): Promise<Answer | 'stale'> {
  const next = advance(workflow, step.id, 'next', now, calendarOf(lead, rules));
  const moved = await moveOn(enrolment, { step: step.id, outcome: 'next', next }, now, { more });
  return moved === 'stale' ? moved : { outcome: 'next', due: next.due };
}

/** Slot, claim, hand over, settle. */
async function mailStep(here: Here, attempt: string, ledger: Judged['ledger']): Promise<Answer | 'stale'> {
  const { lead, enrolment, step, purpose, now } = here;
  const send = sendOf(here, attempt);
  const mail = await composed(here, send);
  const noSlot = await takeSlot('nurture', now);
  if (noSlot) return holdHere(here, noSlot, 'no sending slot');
  const { id, run } = enrolment;
  const counted = ledger && mailedWrite(lead.id, ledger.read, ledger.next);
  const guards = { lead: purpose, enrolment: { id, run, step: step.id }, with: counted };
  const claim = await claimSend({ ...send, subject: mail.subject }, guards, now);
  switch (claim.kind) {
    case 'settled':
      return advanceHere(here);
    case 'busy':
      return holdHere(here, claim.until, 'another attempt is at it');
    case 'barred':
      // An unsubscribe, a bounce, an end or another mail came between reading and claiming: read again, and it says which.
      return 'stale';
    case 'claimed':
      break;
  }
  const outcome = await sendMail(mail);
  const facts = { leadId: lead.id, enrolmentId: id, sendId: send.id, step: step.id, outcome: outcome.kind };
  if (outcome.kind !== 'accepted') log[LEVELS[outcome.kind]](ALARMING.mailNotSent, { ...facts, why: outcome.why });
  return settle(here, send, outcome);
}

/** An error is what somebody must act upon: an alarm reads it. */
const LEVELS = { throttled: 'info', unknown: 'warn', refused: 'warn', quota: 'error', parked: 'error' } as const;

const SOON_MS = 5000;
const LATER_MS = 15 * 60_000;

async function settle(here: Here, send: Send, outcome: MailOutcome): Promise<Answer | 'stale'> {
  const { now } = here;
  switch (outcome.kind) {
    case 'accepted':
      return settleAndAdvance(here, { ...send, status: 'sent', messageId: outcome.messageId });
    case 'refused':
      await forgetMail(here.lead.id, send.id);
      return settleAndAdvance(here, { ...send, status: 'refused', why: outcome.why });
    case 'throttled':
      await settleSend({ ...send, status: 'held', why: outcome.why });
      return holdHere(here, later(now, SOON_MS * (1 + Math.random())), outcome.why);
    case 'quota':
    case 'parked':
      await settleSend({ ...send, status: 'held', why: outcome.why });
      await forgetMail(here.lead.id, send.id);
      return holdHere(here, later(now, LATER_MS), outcome.why);
    case 'unknown':
      // The claim stays. When its lease has run out, the event of SES has told, or nobody knows and the step goes on.
      return holdHere(here, send.leaseUntil, outcome.why);
  }
}

/** Both or neither; if the enrolment was moved meanwhile, the send is settled all the same. */
async function settleAndAdvance(here: Here, send: Send): Promise<Answer | 'stale'> {
  const result = await advanceHere(here, [settleWrite(send)]);
  if (result === 'stale') await settleSend(send);
  return result;
}

/** One send for one step of one enrolment, whichever run, definition or attempt. */
const sendIdOf = ({ enrolment, step }: Here): string => derivedId('snd', enrolment.startedAt, enrolment.id, step.id);

const sendOf = (here: Here, attempt: string): Send => {
  const { lead, enrolment, rules, step, purpose, now } = here;
  return claimed(
    {
      id: sendIdOf(here),
      leadId: lead.id,
      email: step.email,
      language: languageOf(lead, rules),
      enrolmentId: enrolment.id,
      workflow: enrolment.workflow,
      step: step.id,
      definition: enrolment.definition,
      attempt,
      purpose,
    },
    now,
  );
};

const FAULTY_MS = 3_600_000;

/** Rendered before anything is claimed. A mail with a mistake is held until somebody has mended it. */
async function composed(here: Here, send: Send): Promise<Mail> {
  const { lead, rules, step, purpose, now } = here;
  try {
    return await composeMail({ lead, rules, name: step.email, send, purpose }, now);
  } catch (error) {
    if (!isFaultOfTemplate(error)) throw error;
    log.error('a mail cannot be rendered', { leadId: lead.id, step: step.id, definition: rules.hash, error });
    return holdHere(here, later(now, FAULTY_MS), 'it has a mistake');
  }
}

/** A wait so much longer than the sweeper expects is noted, or it would start the step anew meanwhile. */
const NOTED_MS = 5 * 60_000;

async function holdHere({ enrolment }: Here, until: Instant, why: string): Promise<never> {
  if (Date.parse(until) - Date.parse(enrolment.dueAt) > NOTED_MS) await postpone(enrolment, until, why);
  throw hold(until);
}
