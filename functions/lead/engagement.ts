/**
 * Engagement: what they did, 0-100, fading. Each rule holds one value and the time of its last gain, so a lead's whole
 * history is a few numbers: `value × 2^(−age ÷ halfLife)` at any later instant.
 */
import type { EngagementRule, Scoring } from '../definition/scoring.ts';
import { whereHolds } from './condition.ts';
import { type Contribution, type ExactLine, limitLine, rounded } from './contribution.ts';
import type { Actor, Instant, LeadEvent } from './event.ts';
import { cutText } from './field-value.ts';
import type { RuleValue } from './lead.ts';
import { shown } from './rounding.ts';
import { localDay } from './zone.ts';

export type Rules = Scoring['engagement']['rules'];
export type Values = Record<string, RuleValue>;

/** The rules by the event that they listen to: a definition never changes. */
const listeners = new WeakMap<Rules, Map<string, [string, EngagementRule][]>>();
const rulesOn = (rules: Rules, type: string): [string, EngagementRule][] => {
  let byType = listeners.get(rules);
  if (byType === undefined) {
    byType = Map.groupBy(Object.entries(rules), ([, rule]) => rule.on);
    listeners.set(rules, byType);
  }
  return byType.get(type) ?? [];
};

/** Whether an actor's events may gain: a human's do, and of sales its answers. Machines and the clock never. */
export const mayGain = (actor: Actor, type: string): boolean =>
  actor === 'human' || (actor === 'sales' && type.startsWith('handoff.'));

/** The rules that an event matches, whoever acted. */
export const rulesMatching = (rules: Rules, event: Pick<LeadEvent, 'type' | 'data'>): [string, EngagementRule][] =>
  rulesOn(rules, event.type).filter(([, rule]) => whereHolds(rule.where, event.data));

/** A value after `age` milliseconds. An instant before the gain counts as the gain's own. */
export const decayed = (value: number, halfLife: number | undefined, age: number): number =>
  halfLife === undefined || age <= 0 ? value : value * 2 ** (-age / halfLife);

/** What a rule's value is worth at an instant; without a half-life it stays. */
export const valueAt = (
  ruleValue: Pick<RuleValue, 'value' | 'at'>,
  halfLife: number | undefined,
  at: Instant,
): number => decayed(ruleValue.value, halfLife, Date.parse(at) - Date.parse(ruleValue.at));

/** A value between minus its rule's cap and the cap. */
export const within = (value: number, cap: number | undefined): number =>
  cap === undefined ? value : Math.min(cap, Math.max(-cap, value));

/** Of a name in a marker this much is kept: a marker is part of a key of the table, which holds 1,024 bytes. */
const LONGEST_NAME = 200;

/** The key under which a gain `per: email` or `per: asset` is remembered. What is not named counts as one and the same. */
export const markerOf = (name: string, rule: EngagementRule, event: Pick<LeadEvent, 'data'>): string | undefined =>
  rule.per === 'email' || rule.per === 'asset'
    ? `${name}#${cutText(String(event.data[rule.per] ?? ''), LONGEST_NAME)}`
    : undefined;

/** A rule's value after an event, or undefined where `per` says that it does not gain again. */
export const gained = (
  rule: EngagementRule,
  before: RuleValue | undefined,
  at: Instant,
  day: () => string,
): RuleValue | undefined => {
  if (rule.per === 'once' && before?.once) return undefined;
  const today = rule.per === 'day' ? day() : undefined;
  if (today !== undefined && before?.day === today) return undefined;
  const faded = before === undefined ? 0 : valueAt(before, rule.halfLife, at);
  return {
    value: within(faded + rule.points, rule.cap),
    at,
    ...(today !== undefined && { day: today }),
    ...(rule.per === 'once' && { once: true }),
  };
};

/**
 * What an event adds. `values` is the state before it (left as it is), `zone` gives the lead's own, asked for by `per: day`
 * alone; `seen` tells the markers left by earlier events. Out: the state after it and the markers that it leaves.
 */
export const gain = (
  rules: Rules,
  values: Values,
  event: Pick<LeadEvent, 'type' | 'at' | 'actor' | 'data'>,
  zone: () => string,
  seen: ReadonlySet<string>,
): { values: Values; markers: string[] } => {
  if (!mayGain(event.actor, event.type)) return { values, markers: [] };
  const after = { ...values };
  const markers: string[] = [];
  for (const [name, rule] of rulesMatching(rules, event)) {
    const marker = markerOf(name, rule, event);
    if (rule.points === 0 || (marker !== undefined && seen.has(marker))) continue;
    const value = gained(rule, after[name], event.at, () => localDay(event.at, zone()));
    if (value === undefined) continue;
    after[name] = value;
    if (marker !== undefined) markers.push(marker);
  }
  return { values: after, markers };
};

export interface Engagement {
  /** 0-100, rounded down: the number shown, and the one that thresholds compare. */
  value: number;
  /** Before rounding. */
  exact: number;
  /** Rules in file order, then what groups' caps take away, then the limit. They sum to the value. */
  contributions: Contribution[];
}

const MINUTE = 60_000;

/** A duration in whole minutes as ISO 8601, without months or years: `P14DT3H5M`. */
export const isoAge = (ms: number): string => {
  const minutes = Math.max(0, Math.floor(ms / MINUTE));
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  const time = `${hours ? `${hours}H` : ''}${rest ? `${rest}M` : ''}`;
  if (days === 0 && time === '') return 'PT0S';
  return `P${days ? `${days}D` : ''}${time ? `T${time}` : ''}`;
};

const ruleLines = (scoring: Scoring, values: Values, at: Instant): (ExactLine & { group: string | undefined })[] =>
  Object.entries(scoring.engagement.rules).flatMap(([name, rule]) => {
    const held = values[name];
    if (held === undefined) return [];
    const exact = within(valueAt(held, rule.halfLife, at), rule.cap);
    const full = Math.round(held.value * 100) / 100;
    return [{ rule: name, exact, full, age: isoAge(Date.parse(at) - Date.parse(held.at)), group: rule.group }];
  });

const groupLines = (scoring: Scoring, lines: { exact: number; group: string | undefined }[]): ExactLine[] =>
  Object.entries(scoring.engagement.groups).flatMap(([name, { cap }]) => {
    const sum = lines.reduce((total, line) => (line.group === name ? total + line.exact : total), 0);
    return sum > cap ? [{ rule: `group:${name}`, exact: cap - sum }] : [];
  });

/** Lines too small to be told of. */
const TRACE = 0.005;

/** The engagement at an instant (not before the last gain), with every point of it. */
export const engagementAt = (scoring: Scoring, values: Values, at: Instant): Engagement => {
  const own = ruleLines(scoring, values, at);
  const lines: ExactLine[] = [...own.map(({ group: _, ...line }) => line), ...groupLines(scoring, own)];
  const sum = lines.reduce((total, line) => total + line.exact, 0);
  const exact = Math.min(100, Math.max(0, sum));
  const all = [...lines, ...limitLine(sum)];
  const contributions = rounded(all).filter(
    (line, place) => line.points !== 0 || Math.abs(all[place]?.exact ?? 0) >= TRACE,
  );
  return { value: shown(exact), exact, contributions };
};
