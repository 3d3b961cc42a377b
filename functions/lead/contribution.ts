/** One line of a score: what a rule gives now. All lines of a score sum exactly to it. */
import { roundToSum } from './rounding.ts';

export interface Contribution {
  /**
   * The rule's name. Lines that no rule made: `group:<name>` for what a group's cap takes away, `limit:0` and `limit:100`
   * for what keeps the whole within 0-100. No rule can be called so: names have no colon.
   */
  rule: string;
  /** What it gives now: an integer, rounded so that the lines sum to the score. */
  points: number;
  /** What it was worth when it last gained, before it faded: "12 of 20". At most two decimals. */
  full?: number;
  /** Since it last gained, as an ISO 8601 duration of days, hours, minutes: `P14D`, `P2DT5H`. */
  age?: string;
  /** What the rule's own cap withholds now: without it the line would be so much further from zero. At most two decimals. */
  lost?: number;
  /** The ids of the events that gained, oldest first. */
  events?: string[];
  /** The field it reads is unanswered. */
  unknown?: true;
}

/** A line before it is rounded. */
export interface ExactLine extends Omit<Contribution, 'points'> {
  exact: number;
}

/** Rounds lines to integers that sum to the shown number of their sum. */
export const rounded = (lines: readonly ExactLine[]): Contribution[] => {
  const points = roundToSum(lines.map((line) => line.exact));
  return lines.map(({ exact: _, rule, ...more }, place) => ({ rule, points: points[place] ?? 0, ...more }));
};

/** The line that keeps a sum within 0 to 100, where one is needed. */
export const limitLine = (sum: number): ExactLine[] => {
  if (sum > 100) return [{ rule: 'limit:100', exact: 100 - sum }];
  return sum < 0 ? [{ rule: 'limit:0', exact: -sum }] : [];
};
