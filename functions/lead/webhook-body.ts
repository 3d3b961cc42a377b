/** What a webhook is told of a lead: its facts with its address, which is the purpose, and its score. */
import type { Instant } from './event.ts';
import type { Enrolment, Lead } from './lead.ts';
import type { Score } from './score.ts';

/** The parts of every webhook's body that tell of the lead. */
export const bodyOfLead = (lead: Lead, score: Score): { lead: object; score: object } => ({
  lead: {
    id: lead.id,
    email: lead.email.deliverTo,
    stage: lead.stage,
    ...(lead.language ? { language: lead.language } : {}),
    createdAt: lead.createdAt,
    fields: lead.fields,
    ...(lead.tags ? { tags: lead.tags } : {}),
    source: lead.source,
  },
  score: { version: score.version, grade: score.grade, fit: score.fit, engagement: score.engagement },
});

/** The body of a `webhook` step. `id` is the call's own: the same over retries. */
export const bodyOfStep = (
  call: { id: string; webhook: string; step: string; enrolment: Enrolment },
  lead: Lead,
  score: Score,
  now: Instant,
): object => ({
  type: 'step.reached',
  id: call.id,
  at: now,
  webhook: call.webhook,
  workflow: call.enrolment.workflow,
  step: call.step,
  enrolmentId: call.enrolment.id,
  ...bodyOfLead(lead, score),
});
