/** What scores a lead can reach under the rules and their caps. */
import type { EngagementRule, FitRule, Scoring } from '../../functions/definition/scoring.ts';
import type { Bounds } from './ways.ts';

/** Both scores end there. */
const TOP = 100;

/** The most points that a rule of fit can give; an unanswered field gives 0. */
export function mostFit(rule: FitRule): number {
  const points = 'matches' in rule ? rule.matches.map((each) => each.points) : Object.values(rule.points);
  return Math.max(0, ...points, 'matches' in rule ? 0 : (rule.other ?? 0));
}

/** The most that one rule of engagement can give, under its own cap and its group's. */
export function mostEngagement(rule: EngagementRule, groups: Scoring['engagement']['groups']): number {
  if (rule.points <= 0) return 0;
  const own = rule.per === 'once' ? rule.points : Number.POSITIVE_INFINITY;
  const group = rule.group === undefined ? undefined : groups[rule.group];
  return Math.min(own, rule.cap ?? Number.POSITIVE_INFINITY, group?.cap ?? Number.POSITIVE_INFINITY);
}

/** The most fit and the most engagement of all rules together. */
export function boundsOf({ fit, engagement }: Pick<Scoring, 'fit' | 'engagement'>): Bounds {
  const fitSum = Object.values(fit.rules).reduce((sum, rule) => sum + mostFit(rule), 0);
  const byGroup = Map.groupBy(Object.values(engagement.rules), ({ group }) => group);
  let sum = 0;
  for (const [group, rules] of byGroup) {
    const most = rules.reduce((total, rule) => total + mostEngagement(rule, engagement.groups), 0);
    const cap = group === undefined ? undefined : engagement.groups[group]?.cap;
    sum += Math.min(most, cap ?? Number.POSITIVE_INFINITY);
  }
  return { fit: Math.min(TOP, fitSum), engagement: Math.min(TOP, sum), grades: fit.grades };
}
