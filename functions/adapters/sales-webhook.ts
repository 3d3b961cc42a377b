/**
 * Telling a CRM of a lead. At least once: the receiver knows a repeated one by `Ripen-Id`, the handoff's id, and what
 * was taken once is not posted again.
 */
import type { Instant } from '../lead/event.ts';
import { derivedId } from '../lead/id.ts';
import type { Handoff, Lead, Send } from '../lead/lead.ts';
import type { Score } from '../lead/score.ts';
import { retry } from '../lead/task-error.ts';
import { bodyOfLead } from '../lead/webhook-body.ts';
import { newAttempt } from './attempt.ts';
import { rules } from './definitions.ts';
import { putItem } from './dynamo.ts';
import { loadSend } from './leads.ts';
import { shownScore } from './scored-under.ts';
import { sendItem } from './table.ts';
import { postWebhook } from './webhook.ts';
import { webhookSecret } from './webhook-secrets.ts';

/**
 * @param webhook its name in the settings.
 * @throws Retry when the receiver may take it later; Error when the settings or the secret lack it.
 */
export async function notifyByWebhook(
  { lead, handoff, webhook }: { lead: Lead; handoff: Handoff; webhook: string },
  now: Instant,
): Promise<'sent' | 'refused'> {
  const id = derivedId('snd', handoff.openedAt, handoff.id, `webhook:${webhook}`);
  const before = await loadSend(lead.id, id);
  if (before?.status === 'sent' || before?.status === 'refused') return before.status;
  const definition = await rules(handoff.definition);
  const hook = definition.settings.webhooks[webhook];
  if (!hook) throw new Error(`The settings have no webhook ${webhook}.`);
  const secret = await webhookSecret(hook.secret, now);
  const payload = bodyOf(lead, handoff, await shownScore(lead, now), now);
  const outcome = await postWebhook({ url: hook.url, secret, id: handoff.id, payload, now });
  if (outcome.kind === 'retryable') throw retry('the webhook did not take it');
  const status = outcome.kind === 'delivered' ? 'sent' : 'refused';
  await putItem(sendItem(note(lead, handoff, { id, webhook, status, now, why: why(outcome) })));
  return status;
}

const why = (outcome: { kind: string; why?: string }): string => outcome.why ?? '';

function note(
  lead: Lead,
  handoff: Handoff,
  {
    id,
    webhook,
    status,
    now,
    why,
  }: { id: string; webhook: string; status: 'sent' | 'refused'; now: Instant; why: string },
): Send {
  return {
    id,
    leadId: lead.id,
    status,
    email: `webhook-${webhook}`,
    language: '',
    definition: handoff.definition,
    attempt: newAttempt(),
    leaseUntil: now,
    at: now,
    purpose: 'handoff',
    ...(why ? { why } : {}),
  };
}

/** What the CRM gets: facts of the lead with its address, which is the purpose, and why it comes now. */
const bodyOf = (lead: Lead, handoff: Handoff, score: Score, now: Instant): object => ({
  type: 'handoff.opened',
  at: now,
  handoff: {
    id: handoff.id,
    status: handoff.status,
    reason: handoff.reason,
    handRaise: handoff.handRaise,
    openedAt: handoff.openedAt,
    ...(handoff.assignee ? { assignee: handoff.assignee } : {}),
    ...(handoff.dueAt ? { dueAt: handoff.dueAt } : {}),
    ...(handoff.noMarketingMail ? { noMarketingMail: true } : {}),
  },
  ...bodyOfLead(lead, score),
});
