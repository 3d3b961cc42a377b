/** Whether the stages can be entered at all, and whether it takes as much as it should. */
import type { Condition } from '../../functions/definition/condition.ts';
import type { Scoring, StageRule } from '../../functions/definition/scoring.ts';
import { boundsOf, mostEngagement } from './reach.ts';
import { list } from './shape.ts';
import { below, fail, type Spot, valueAt, warn } from './source.ts';
import { type Bounds, holdsIn, waysOf } from './ways.ts';

/** `spot`: the scoring file. */
export function checkThresholds(scoring: Scoring, spot: Spot): void {
  const bounds = boundsOf(scoring);
  for (const rule of scoring.stages) {
    const when = below(spot, 'stages', rule.stage, 'when');
    const ways = waysOf([rule.when], bounds);
    if (ways && !ways.some((way) => holdsIn(rule.when, way, bounds))) {
      const hint = `Fit reaches ${bounds.fit} at most, engagement ${bounds.engagement}, with all rules under their caps.`;
      fail(when, `No lead can ever enter \`${rule.stage}\`.`, { hint });
      continue;
    }
    checkNumbers(rule, when, bounds);
    if (rule.stage === 'mql') checkMql(rule, when, scoring, bounds);
  }
}

/** A comparison that nothing reaches, in a condition that can hold by others. */
function checkNumbers(rule: StageRule, when: Spot, bounds: Bounds): void {
  for (const { key, than, path } of comparisonsIn(rule.when, valueAt(when.source.raw, when.path), [])) {
    if (than <= bounds[key]) continue;
    const hint = 'Lower the threshold, or raise points and caps.';
    fail(below(when, ...path), `No lead reaches ${than} of ${key}: all rules together give ${bounds[key]}.`, { hint });
  }
}

/** MQL means: fits AND does something. */
function checkMql(rule: StageRule, when: Spot, scoring: Scoring, bounds: Bounds): void {
  const idle = new Map([
    ['engagement', [0]],
    ['conversions', [0]],
    ['handRaise', [false]],
    ['handoff', [undefined]],
    ['stage', ['lead']],
  ] as const);
  const ways = waysOf([rule.when], bounds, idle);
  if (ways?.some((way) => holdsIn(rule.when, way, bounds))) {
    const hint = 'Ask for engagement beside it, like `engagement: ">= 30"`.';
    fail(when, 'Fit alone makes an `mql`: a lead that never did anything would go to sales.', { hint });
  }
  const { rules, groups } = scoring.engagement;
  for (const { key, than, path } of comparisonsIn(rule.when, valueAt(when.source.raw, when.path), [])) {
    if (key !== 'engagement' || than > bounds.engagement) continue;
    const alone = Object.keys(rules).filter((name) => {
      const each = rules[name];
      return each !== undefined && mostEngagement(each, groups) >= than;
    });
    if (alone.length === 0) continue;
    const which = alone.length === 1 ? `The rule ${list(alone)} alone reaches` : `Each of ${list(alone)} alone reaches`;
    const hint = `A \`cap\` below ${than} makes it take more than one kind of act.`;
    warn(below(when, ...path), `${which} the threshold of ${than}.`, { hint });
  }
}

interface Comparison {
  key: 'fit' | 'engagement';
  /** The least number that passes. */
  than: number;
  /** Below the condition, in the file. */
  path: (string | number)[];
}

/** The lower bounds on a score, with where they stand; those under a `not` are upper bounds and left out. */
function comparisonsIn(condition: Condition, raw: unknown, path: (string | number)[]): Comparison[] {
  if (condition.kind === 'fit' || condition.kind === 'engagement') {
    const { kind: key, test } = condition;
    if (!('compare' in test) || (test.compare !== '>=' && test.compare !== '>')) return [];
    return [{ key, than: test.compare === '>' ? test.than + 1 : test.than, path: [...path, key] }];
  }
  if (condition.kind === 'not' || !('of' in condition)) return [];
  const joined = valueAt(raw, [...path, condition.kind]);
  // Several keys of one mapping are an `all` that nobody wrote.
  if (!Array.isArray(joined)) return condition.of.flatMap((part) => comparisonsIn(part, raw, path));
  return condition.of.flatMap((part, index) => comparisonsIn(part, raw, [...path, condition.kind, index]));
}
