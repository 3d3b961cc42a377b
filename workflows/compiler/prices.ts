/**
 * AWS list prices in US dollars, us-east-1, without the free tier, and what one step uses. Both together make the cost of a
 * workflow; nothing else in the compiler knows a price.
 */
import type { Step } from '../../functions/definition/workflow.ts';

/** Each price with where it was read, and when. */
export const PRICES = {
  /** Essentials plan, per mail. AWS Price List API, 2026-07-22. */
  sesMail: 0.16 / 1_000,
  /** Standard workflows, per state transition. aws.amazon.com, 2026-03-14. */
  transition: 25 / 1_000_000,
  /** Per request, arm64. 2026. */
  lambdaRequest: 0.2 / 1_000_000,
  /** Per GB and second, arm64. 2026. */
  lambdaGbSecond: 0.0000133334,
  /** DynamoDB on demand, per write unit of 1 kB. 2025-07. */
  writeUnit: 0.625 / 1_000_000,
  /** DynamoDB on demand, per read unit of 4 kB, strongly consistent. 2025-07. */
  readUnit: 0.125 / 1_000_000,
  /** Custom events on EventBridge, per event. 2026-03. */
  busEvent: 1 / 1_000_000,
  /** CloudWatch Logs, per GB taken in. 2026. */
  logGb: 0.5,
} as const;

/** What one act of a kind uses. Write units: a write in a transaction counts twice, a changed index entry once more. */
export interface Use {
  lambda: number;
  writes: number;
  reads: number;
  busEvents: number;
}

/** Starting an enrolment: the message out of the outbox, and the function that starts the execution. */
export const START: Use = { lambda: 1, writes: 3, reads: 2, busEvents: 1 };

/** By kind of step. */
export const STEP: Record<Step['kind'], Use> = {
  wait: { lambda: 0, writes: 0, reads: 0, busEvents: 0 },
  waitUntil: { lambda: 0, writes: 0, reads: 0, busEvents: 0 },
  // Claim with its check of the lead and the ledger that caps count by (3 in a transaction), settle, and the enrolment moved
  // on with its index entry.
  send: { lambda: 1, writes: 6 + 1 + 2, reads: 5, busEvents: 0 },
  // Parking (token of 1-2 kB, and the lead's wait, in a transaction), waking or looking, and moving on.
  waitFor: { lambda: 2, writes: 6 + 2 + 2, reads: 4, busEvents: 1 },
  choose: { lambda: 1, writes: 2, reads: 3, busEvents: 0 },
  split: { lambda: 1, writes: 2, reads: 3, busEvents: 0 },
  // An act: event and profile with its index entry, in a transaction; and the enrolment moved on.
  set: { lambda: 1, writes: 6 + 2, reads: 5, busEvents: 0 },
  // What became of the call is stored in the transaction that moves the enrolment on.
  webhook: { lambda: 1, writes: 2 + 2, reads: 3, busEvents: 0 },
  enrol: { lambda: 1, writes: 8, reads: 3, busEvents: 1 },
};

/**
 * Per mail sent: it is delivered, opened by one in three and clicked by one in six. Each such event is one invocation and
 * one transaction of event and profile with the profile's index entry. SES events on the default bus cost nothing.
 */
const EVENTS_PER_MAIL = 1 + 1 / 3 + 1 / 6;
export const REACTION: Use = { lambda: 1, writes: 6, reads: 2, busEvents: 0 };
export const REACTIONS: Use = {
  lambda: EVENTS_PER_MAIL * REACTION.lambda,
  writes: EVENTS_PER_MAIL * REACTION.writes,
  reads: EVENTS_PER_MAIL * REACTION.reads,
  busEvents: 0,
};

/** One invocation: 512 MB for 100 ms, with the start of a new one spread over all, and 1 kB of log. */
export const INVOCATION = { gbSeconds: 0.5 * 0.107, logGb: 1 / 1_000_000 } as const;
