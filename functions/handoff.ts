/**
 * The tasks of the handoff's machine: assign → notify on each channel, and meanwhile await an answer → look → remind →
 * escalate. Each does one thing, and doing it again changes nothing.
 */
import * as z from 'zod/mini';
import { rules } from './adapters/definitions.ts';
import { untilSettled } from './adapters/enrolments.ts';
import { assignByTurn, changeHandoff, turnOf } from './adapters/handoffs.ts';
import { loadHandoff, loadLead } from './adapters/leads.ts';
import { notifyByMail, type SalesOutcome, wasMailed } from './adapters/sales-mail.ts';
import { notifyByWebhook } from './adapters/sales-webhook.ts';
import { task } from './adapters/task.ts';
import { log } from './http/log.ts';
import type { Instant } from './lead/event.ts';
import { assign, assignmentFor } from './lead/handoff.ts';
import { courseOf, secondsUntil } from './lead/handoff-course.ts';
import type { Handoff, Lead } from './lead/lead.ts';
import { subjectOf } from './lead/subject.ts';
import { changed, TASK_ERROR } from './lead/task-error.ts';

const named = { leadId: z.string(), handoffId: z.string() };
/** How often the machine has tried before, and how often it tries in all. One of before tells neither, and tries nine times. */
const trying = { attempt: z._default(z.number(), 0), tries: z._default(z.number(), 9) };
const payload = z.union([
  z.object({ task: z.enum(['assign', 'look']), ...named }),
  z.object({ task: z.enum(['remind', 'escalate']), ...named, ...trying }),
  z.object({ task: z.literal('notify'), ...named, channel: z.number(), ...trying }),
  z.object({ task: z.literal('untold'), ...named, error: z.string() }),
  z.object({ task: z.literal('await'), ...named, token: z.string(), attempt: z.number() }),
]);

interface Facts {
  lead: Lead;
  handoff: Handoff;
  now: Instant;
}
interface Tries {
  attempt: number;
  tries: number;
}

/** By then the machine has paused for 2 + 4 + … + 256 s, by jitter half of it: four minutes. Somebody should know. */
const LOUD_FROM = 8;

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
        return notify(facts, input);
      case 'untold':
        return untold(facts, input.error);
      case 'await':
        return park(facts, input.token, input.attempt);
      case 'look':
        return look(facts);
      case 'remind':
        return remind(facts, input);
      case 'escalate':
        return escalate(facts, input);
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

async function notify(facts: Facts, { channel, ...tries }: Tries & { channel: number }): Promise<object> {
  const { lead, handoff, now } = facts;
  const { notify: channels } = (await rules(handoff.definition)).handoff;
  const to = channels[channel];
  // Answered before it was told: whoever answered knows.
  if (!to || handoff.status !== 'pending') return {};
  if (to.channel === 'webhook') {
    await tell(facts, tries, `webhook:${to.webhook}`, () =>
      notifyByWebhook({ lead, handoff, webhook: to.webhook }, now),
    );
    return {};
  }
  // What came through first after an outage says all that the first mail would.
  const later = await Promise.all((['reminder', 'changed'] as const).map((name) => wasMailed(lead.id, handoff, name)));
  if (!later.includes(true))
    await tell(facts, tries, 'new', mailTo(handoff.assignee, facts, 'new', `email:${channel}`));
  return {};
}

type Occasion = 'new' | 'changed' | 'reminder' | 'escalation';
const mailTo =
  (to: string | undefined, { lead, handoff, now }: Facts, occasion: Occasion, name: string) =>
  async (): Promise<SalesOutcome> =>
    to ? notifyByMail({ lead, handoff, occasion, to, name }, now) : 'refused';

/**
 * Tells somebody. What is not taken now is tried again by the machine, and logged as an error once that has gone on for
 * some minutes; what is never taken is logged at once, and the handoff goes on.
 * @throws Retry unless this was the last try.
 */
async function tell(
  facts: Facts,
  { attempt, tries }: Tries,
  what: string,
  telling: () => Promise<SalesOutcome>,
): Promise<void> {
  const about = { ...idsOf(facts), step: what };
  try {
    const outcome = await telling();
    if (outcome !== 'sent') log.error('sales was not told', { ...about, outcome });
  } catch (error) {
    if (!(error instanceof Error && error.name === TASK_ERROR.retry)) throw error;
    if (attempt + 1 >= tries) return log.error('sales was not told', { ...about, outcome: error.message });
    if (attempt >= LOUD_FROM) log.error('sales is not told yet', { ...about, why: error.message });
    throw error;
  }
}
const idsOf = ({ lead, handoff }: Facts) => ({ leadId: lead.id, handoffId: handoff.id });

/** The machine could not have a channel told: the task for it failed, or was never reached. */
function untold(facts: Facts, error: string): object {
  if (facts.handoff.status === 'pending') log.error('sales was not told', { ...idsOf(facts), outcome: error });
  return {};
}

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
async function remind(facts: Facts, tries: Tries): Promise<object | 'stale'> {
  const { handoff, now } = facts;
  if (courseOf(handoff, now).outcome !== 'remind') return {};
  const raised = handoff.handRaise && handoff.told === 'score';
  const occasion = raised ? 'changed' : 'reminder';
  await tell(facts, tries, occasion, mailTo(handoff.assignee, facts, occasion, occasion));
  const done = await changeHandoff(handoff, raised ? { told: 'hand-raise' } : { reminded: true });
  return done === 'stale' ? done : {};
}

/** Tells whom `escalateTo` names; the assignee stays. */
async function escalate(facts: Facts, tries: Tries): Promise<object | 'stale'> {
  const { handoff, now } = facts;
  if (courseOf(handoff, now).outcome !== 'escalate') return {};
  const { escalateTo } = (await rules(handoff.definition)).handoff.answer;
  if (escalateTo) await tell(facts, tries, 'escalation', mailTo(escalateTo, facts, 'escalation', 'escalation'));
  const done = await changeHandoff(handoff, { escalated: true });
  return done === 'stale' ? done : {};
}
