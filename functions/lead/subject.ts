/** A lead as conditions see it at one instant. */
import type { Scalar } from '../definition/condition.ts';
import type { Grade, Scoring } from '../definition/scoring.ts';
import type { Subject } from './condition.ts';
import { partsOf } from './email-address.ts';
import { engagementAt } from './engagement.ts';
import type { Instant } from './event.ts';
import { type Fit, fitOf } from './fit.ts';
import type { Lead } from './lead.ts';

/** What belongs to one act and not to the lead. */
export interface Act {
  handRaise?: boolean | undefined;
  handoff?: string | undefined;
  properties?: Record<string, Scalar> | undefined;
}

type Scored = Pick<Lead, 'fields' | 'tags' | 'stage' | 'conversions' | 'consents' | 'emailStatus' | 'email' | 'values'>;

/** The subject of conditions about `lead` at `at`. Fit and engagement are computed when first asked for, once. */
export const subjectOf = (lead: Scored, scoring: Scoring, at: Instant, act: Act = {}): Subject => {
  let fit: Fit | undefined;
  let engagement: number | undefined;
  const theFit = (): Fit => {
    fit ??= fitOf(scoring, lead.fields);
    return fit;
  };
  return {
    fields: lead.fields,
    stage: lead.stage,
    conversions: lead.conversions,
    consents: lead.consents,
    tags: lead.tags,
    emailStatus: lead.emailStatus,
    email: partsOf(lead.email.deliverTo),
    lists: scoring.lists,
    handRaise: act.handRaise ?? false,
    handoff: act.handoff,
    properties: act.properties,
    get grade(): Grade {
      return theFit().grade;
    },
    get fit(): number {
      return theFit().value;
    },
    get engagement(): number {
      engagement ??= engagementAt(scoring, lead.values, at).value;
      return engagement;
    },
  };
};
