/**
 * The tasks of the handoff's machine: assign → notify on each channel → await an answer → look → remind → escalate.
 * Each does one thing, and doing it again changes nothing.
 */
import * as z from 'zod/mini';
import { rules } from './adapters/definitions.ts';
import { untilSettled } from './adapters/enrolments.ts';
import { assignByTurn, changeHandoff, turnOf } from './adapters/handoffs.ts';
import { loadHandoff, loadLead } from './adapters/leads.ts';
import { notifyByMail } from './adapters/sales-mail.ts';
import { notifyByWebhook } from './adapters/sales-webhook.ts';
import { task } from './adapters/task.ts';
import { log } from './http/log.ts';
import type { Instant } from './lead/event.ts';
import { assign, assignmentFor } from './lead/handoff.ts';
import { courseOf, secondsUntil } from './lead/handoff-course.ts';
import type { Handoff, Lead } from './lead/lead.ts';
import { subjectOf } from './lead/subject.ts';
import { changed } from './lead/task-error.ts';

const named = { leadId: z.string(), handoffId: z.string() };
const payload = z.union([
  z.object({ task: z.enum(['assign', 'look', 'remind', 'escalate']), ...named }),
  z.object({ task: z.literal('notify'), ...named, channel: z.number() }),
  z.object({ task: z.literal('await'), ...named, token: z.string(), attempt: z.number() }),
]);

interface Facts {
  lead: Lead;
  handoff: Handoff;
  now: Instant;
}

export const handler = task(payload, (input, now) =>
  untilSettled(async () => {
    const [lead, handoff] = await Promise.all([loadLead(input.leadId), loadHandoff(input.leadId, input.handoffId)]);
    // Erased meanwhile: nobody is to be told, and the machine ends.
    if (!lead || !handoff) return { outcome: 'done', seconds: 1, channels: [] };
    const facts = { lead, handoff, now };
    switch (input.task) {
      case 'assign':
        return assignIt(facts);
      case 'notify':
        return notify(facts, input.channel);
      case 'await':
        return park(facts, input.token, input.attempt);
      case 'look':
        return look(facts);
      case 'remind':
        return remind(facts);
      case 'escalate':
        return escalate(facts);
    }
  }),
);

async function assignIt({ lead, handoff, now }: Facts): Promise<object | 'stale'> {
  const { handoff: definition, scoring } = await rules(handoff.definition);
  const course = courseOf(handoff, now);
  const told = handoff.told ?? (handoff.handRaise ? 'hand-raise' : 'score');
  const answer = {
    channels: handoff.status === 'pending' ? definition.notify.map((_, channel) => channel) : [],
    seconds: secondsUntil(course.at, now),
  };
  if (handoff.assignee && handoff.looksAt) return answer;
  const set = { looksAt: course.at, told } as const;
  if (handoff.assignee) return (await changeHandoff(handoff, set)) === 'stale' ? 'stale' : answer;
  const subject = subjectOf(lead, scoring, now, { handRaise: handoff.handRaise });
  const by = assignmentFor(definition, subject);
  const turn = by?.rule.by === 'turns' ? await turnOf(definition.name, by.index) : 0;
  const given = { ...set, assignee: assign({ handoff: definition, scoring }, subject, turn) };
  const result =
    by?.rule.by === 'turns'
      ? await assignByTurn(handoff, given, { definition: definition.name, rule: by.index, at: turn })
      : await changeHandoff(handoff, given);
  return result === 'stale' ? 'stale' : answer;
}

async function notify({ lead, handoff, now }: Facts, channel: number): Promise<object> {
  const { notify: channels } = (await rules(handoff.definition)).handoff;
  const to = channels[channel];
  // Answered before it was told: whoever answered knows.
  if (!to || handoff.status !== 'pending') return {};
  const outcome =
    to.channel === 'webhook'
      ? await notifyByWebhook({ lead, handoff, webhook: to.webhook }, now)
      : await mailTo(handoff.assignee, { lead, handoff, now }, 'new', `email:${channel}`);
  if (outcome !== 'sent') log.error('sales was not told', { leadId: lead.id, handoffId: handoff.id, outcome });
  return {};
}

async function mailTo(to: string | undefined, { lead, handoff, now }: Facts, occasion: Occasion, name: string) {
  return to ? notifyByMail({ lead, handoff, occasion, to, name }, now) : ('refused' as const);
}
type Occasion = 'new' | 'changed' | 'reminder' | 'escalation';

/** Parks the token, unless something is due already or the next moment came nearer since the machine looked. */
async function park({ handoff, now }: Facts, token: string, attempt: number): Promise<object | 'stale'> {
  if (handoff.wait && handoff.wait.attempt >= attempt) return {};
  const course = courseOf(handoff, now);
  if (course.outcome !== 'await' || (handoff.looksAt && course.at < handoff.looksAt)) throw changed(course.outcome);
  const parked = await changeHandoff(handoff, { wait: { token, attempt } });
  return parked === 'stale' ? parked : {};
}

async function look({ handoff, now }: Facts): Promise<object | 'stale'> {
  const course = courseOf(handoff, now);
  const answer = { outcome: course.outcome, seconds: secondsUntil(course.at, now) };
  if (course.outcome !== 'await' || handoff.looksAt === course.at) return answer;
  return (await changeHandoff(handoff, { looksAt: course.at })) === 'stale' ? 'stale' : answer;
}

/** Reminds the assignee, half-way or because the lead has raised a hand meanwhile. */
async function remind(facts: Facts): Promise<object | 'stale'> {
  const { handoff, now } = facts;
  if (courseOf(handoff, now).outcome !== 'remind') return {};
  const raised = handoff.handRaise && handoff.told === 'score';
  await mailTo(handoff.assignee, facts, raised ? 'changed' : 'reminder', raised ? 'changed' : 'reminder');
  const done = await changeHandoff(handoff, raised ? { told: 'hand-raise' } : { reminded: true });
  return done === 'stale' ? done : {};
}

/** Tells whom `escalateTo` names; the assignee stays. */
async function escalate(facts: Facts): Promise<object | 'stale'> {
  const { handoff, now } = facts;
  if (courseOf(handoff, now).outcome !== 'escalate') return {};
  const { escalateTo } = (await rules(handoff.definition)).handoff.answer;
  if (escalateTo) await mailTo(escalateTo, facts, 'escalation', 'escalation');
  const done = await changeHandoff(handoff, { escalated: true });
  return done === 'stale' ? done : {};
}
