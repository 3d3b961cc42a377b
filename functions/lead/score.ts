/** A lead's score with every point explained, as `/api/leads/{id}/score` answers it. */
import type { Rules } from '../definition/definition.ts';
import type { Grade, Scoring, Stage } from '../definition/scoring.ts';
import { missing } from './condition-words.ts';
import type { Contribution } from './contribution.ts';
import { engagementAt } from './engagement.ts';
import type { Instant, LeadEvent } from './event.ts';
import { fitOf } from './fit.ts';
import { closedGates } from './gates.ts';
import type { Lead } from './lead.ts';
import { readsScore } from './stage.ts';
import { subjectOf } from './subject.ts';
import { lostAt, type Trace, traceOf, type Uncounted } from './trace.ts';

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
  /** What did not count, and why, oldest first; told when the log is given. */
  uncounted?: Uncounted[];
}

/** What a score is computed under. */
export type ScoreRules = Pick<Rules, 'hash' | 'scoring'> & { settings: Pick<Rules['settings'], 'zone'> };

/** Left by an answer or by hand alone: no score leads on from here. */
const FINAL: readonly Stage[] = ['customer', 'disqualified'];

const stageAhead = (scoring: Scoring, stage: Stage): Scoring['stages'][number] | undefined => {
  if (FINAL.includes(stage)) return undefined;
  // Who was recycled comes back where scores decide: to `mql`.
  if (stage === 'recycled') return scoring.stages.find((rule) => rule.stage === 'mql');
  return scoring.stages[scoring.stages.findIndex((rule) => rule.stage === stage) + 1];
};

const nextOf = (lead: Lead, scoring: Scoring, at: Instant, closed: ReadonlyMap<string, string>): Score['next'] => {
  const ahead = stageAhead(scoring, lead.stage);
  if (ahead === undefined || lead.audience !== undefined) return undefined;
  const lacks = missing(ahead.when, subjectOf(lead, scoring, at));
  if (ahead.stage === 'mql' || readsScore(ahead.when)) {
    lacks.push(...[...closed].map(([name, why]) => `gate ${name}: ${why}`));
    if (lead.restUntil !== undefined && lead.restUntil > at) lacks.push(`the rest must end (${lead.restUntil})`);
  }
  return { stage: ahead.stage, missing: lacks.length > 0 ? lacks : ['any new act of the person'] };
};

const withTrace = (lines: Contribution[], scoring: Scoring, trace: Trace, at: Instant): Contribution[] =>
  lines.map((line) => {
    const gains = trace.gains.get(line.rule);
    const rule = scoring.engagement.rules[line.rule];
    if (gains === undefined || rule === undefined) return line;
    const lost = lostAt(gains, rule, at);
    return { ...line, ...(lost !== undefined && { lost }), events: gains.events };
  });

/**
 * The score at an instant (not before the lead's last event). With the log, in any order, contributions name their events
 * and what caps withhold, and `uncounted` tells the rest; `scoringOf` gives the scoring of older definitions, under which
 * older events were folded (default, and where it gives none: the one in `rules`).
 */
export const scoreOf = (
  lead: Lead,
  rules: ScoreRules,
  at: Instant,
  log?: readonly LeadEvent[],
  scoringOf: (definition: string) => Scoring | undefined = () => undefined,
): Score => {
  const { scoring } = rules;
  const fit = fitOf(scoring, lead.fields);
  const engagement = engagementAt(scoring, lead.values, at);
  const trace = log && traceOf(log, (definition) => scoringOf(definition) ?? scoring, rules.settings.zone);
  const closed = new Map(closedGates(scoring, subjectOf(lead, scoring, at)).map(({ name, why }) => [name, why]));
  const next = nextOf(lead, scoring, at, closed);
  const lines = engagement.contributions;
  return {
    version: rules.hash,
    at,
    stage: lead.stage,
    grade: fit.grade,
    fit: { value: fit.value, contributions: fit.contributions },
    engagement: { value: engagement.value, contributions: trace ? withTrace(lines, scoring, trace, at) : lines },
    gates: Object.keys(scoring.gates).map((name) => {
      const why = closed.get(name);
      return { name, open: why === undefined, ...(why !== undefined && { why }) };
    }),
    ...(next && { next }),
    ...(trace && { uncounted: trace.uncounted }),
  };
};
