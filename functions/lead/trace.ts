/** A replay of the log that tells which event gave to which rule, what caps withhold, and what did not count and why. */
import type { EngagementRule, Scoring } from '../definition/scoring.ts';
import { gained, markerOf, mayGain, rulesMatching, valueAt, within } from './engagement.ts';
import type { Instant, LeadEvent } from './event.ts';
import { fold, inOrder, isSalesAudience, nothing } from './fold.ts';
import type { RuleValue } from './lead.ts';
import { localDay, zoneOf } from './zone.ts';

/** An event that a rule listens to and that gave it nothing, or less than its points. */
export interface Uncounted {
  event: string;
  rule: string;
  /** No human's act; counted already (ever, that day, for that email or asset); or cut off by the rule's cap. */
  why: 'machine' | 'once' | 'capped';
  /** The points that it did not give. */
  points: number;
}

/** What a rule got: from which events, its value as folded, and as it would be without its cap. */
interface Gains {
  events: string[];
  capped: RuleValue;
  free: { value: number; at: Instant };
}

export interface Trace {
  gains: Map<string, Gains>;
  uncounted: Uncounted[];
}

type Why = Uncounted['why'];
type Before = { fields: LeadEvent['fields']; seen: ReadonlySet<string>; zone: string };

const note = (event: LeadEvent, rule: string, why: Why, points: number): Uncounted => ({
  event: event.id,
  rule,
  why,
  points: Math.round(points * 100) / 100,
});

/** Adds one event to the trace, by the same rules as the fold. */
const addEvent = (trace: Trace, event: LeadEvent, scoring: Scoring, before: Before): void => {
  for (const [name, rule] of rulesMatching(scoring.engagement.rules, event)) {
    if (rule.points === 0 || !isSalesAudience(event)) continue;
    const uncounted = (why: Why, points = rule.points): number => trace.uncounted.push(note(event, name, why, points));
    if (!mayGain(event.actor, event.type)) {
      uncounted('machine');
      continue;
    }
    const marker = markerOf(name, rule, event);
    const held = trace.gains.get(name);
    const day = (): string => localDay(event.at, zoneOf(before.fields ?? {}, before.zone));
    const capped =
      marker !== undefined && before.seen.has(marker) ? undefined : gained(rule, held?.capped, event.at, day);
    if (capped === undefined) {
      uncounted('once');
      continue;
    }
    const faded = held === undefined ? 0 : valueAt(held.capped, rule.halfLife, event.at);
    const cut = faded + rule.points - capped.value;
    if (Math.abs(cut) >= 0.005) uncounted('capped', cut);
    const free = (held === undefined ? 0 : valueAt(held.free, rule.halfLife, event.at)) + rule.points;
    trace.gains.set(name, { events: [...(held?.events ?? []), event.id], capped, free: { value: free, at: event.at } });
  }
};

/**
 * Replays a log, in whatever order it is given. `scoringOf` gives the scoring of a definition's hash, `zone` is the
 * workspace's: the same arguments as `foldAll` takes.
 */
export const traceOf = (
  events: readonly LeadEvent[],
  scoringOf: (definition: string) => Scoring,
  zone: string,
): Trace => {
  const trace: Trace = { gains: new Map(), uncounted: [] };
  const seen = new Set<string>();
  let state = nothing();
  for (const event of inOrder(events)) {
    const scoring = scoringOf(event.definition);
    const { folded, markers } = fold(state, event, scoring, zone, seen);
    addEvent(trace, event, scoring, { fields: folded.fields, seen, zone });
    for (const marker of markers) seen.add(marker);
    state = folded;
  }
  return trace;
};

/**
 * What the cap of the rule, as it is now, withholds at an instant, in points of that instant; undefined: nothing. What was
 * gained under an older one may be above it.
 */
export const lostAt = (gains: Gains, { halfLife, cap }: EngagementRule, at: Instant): number | undefined => {
  const lost = Math.abs(valueAt(gains.free, halfLife, at) - within(valueAt(gains.capped, halfLife, at), cap));
  return lost >= 0.005 ? Math.round(lost * 100) / 100 : undefined;
};
