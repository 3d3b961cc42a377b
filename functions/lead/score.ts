/** A lead's score with every point explained, as `/api/leads/{id}/score` answers it. */
import type { Definition } from '../definition/definition.ts';
import type { Grade, Scoring, Stage } from '../definition/scoring.ts';
import type { Contribution } from './contribution.ts';
import { engagementAt } from './engagement.ts';
import type { Instant, LeadEvent } from './event.ts';
import { fitOf } from './fit.ts';
import { closedGates } from './gates.ts';
import type { Lead } from './lead.ts';
import { subjectOf } from './subject.ts';

export interface Score {
  /** The hash of the definition that this was computed under. */
  version: string;
  at: Instant;
  stage: Stage;
  grade: Grade;
  fit: { value: number; contributions: Contribution[] };
  engagement: { value: number; contributions: Contribution[] };
  gates: { name: string; open: boolean; why?: string }[];
  /** The next stage ahead in the file and what is missing for it. */
  next?: { stage: Stage; missing: string[] };
  /** What did not count, and why; told when the log is given. */
  uncounted?: Uncounted[];
}

export interface Uncounted {
  event: string;
  rule: string;
  why: 'machine' | 'once' | 'capped';
  /** What the rule would have given. */
  points: number;
}

/** What a score is computed under. */
export interface ScoreRules {
  hash: string;
  scoring: Scoring;
  settings: Pick<Definition['settings'], 'zone'>;
}

/**
 * The score at an instant. With the log (any order) contributions name their events and cap losses, and `uncounted` tells
 * the rest; `scoringOf` gives older definitions, under which older events were folded.
 */
export const scoreOf = (
  lead: Lead,
  rules: ScoreRules,
  at: Instant,
  _log?: readonly LeadEvent[],
  _scoringOf: (definition: string) => Scoring | undefined = () => undefined,
): Score => {
  const { scoring } = rules;
  const fit = fitOf(scoring, lead.fields);
  const engagement = engagementAt(scoring, lead.values, at);
  const closed = new Map(closedGates(scoring, subjectOf(lead, scoring, at)).map(({ name, why }) => [name, why]));
  return {
    version: rules.hash,
    at,
    stage: lead.stage,
    grade: fit.grade,
    fit: { value: fit.value, contributions: fit.contributions },
    engagement: { value: engagement.value, contributions: engagement.contributions },
    gates: Object.keys(scoring.gates).map((name) => {
      const why = closed.get(name);
      return { name, open: why === undefined, ...(why !== undefined && { why }) };
    }),
  };
};
