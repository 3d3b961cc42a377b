/** Fit: who they are, 0-100, from the lead's fields. It never fades. */
import type { FieldValue, FitRule, Grade, Scoring } from '../definition/scoring.ts';
import { type Contribution, type ExactLine, limitLine, rounded } from './contribution.ts';
import { shown } from './rounding.ts';
import { foldText, occursIn } from './words.ts';

export interface Fit {
  /** 0-100, rounded down. */
  value: number;
  /** `unknown`: below C, with a field unanswered that might have lifted it. */
  grade: Grade;
  /** One line a rule, in file order, then the limit where it bites. They sum to the value. */
  contributions: Contribution[];
}

type Matches = { words: string[]; points: number }[];

/** The rules' words, folded once: a definition never changes. */
const foldedWords = new WeakMap<Matches, Matches>();
const folded = (matches: Matches): Matches => {
  let known = foldedWords.get(matches);
  if (known === undefined) {
    known = matches.map(({ words, points }) => ({ words: words.map(foldText), points }));
    foldedWords.set(matches, known);
  }
  return known;
};

const pointsFor = (rule: FitRule, value: FieldValue): number => {
  if ('points' in rule) {
    // An answer may be any text, `constructor` too.
    const own = Object.hasOwn(rule.points, String(value)) ? rule.points[String(value)] : undefined;
    return own ?? rule.other ?? 0;
  }
  const text = foldText(String(value));
  return folded(rule.matches).find(({ words }) => words.some((word) => occursIn(word, text)))?.points ?? 0;
};

const gradeOf = (grades: Scoring['fit']['grades'], value: number, answered: boolean): Grade => {
  if (value >= grades.A) return 'A';
  if (value >= grades.B) return 'B';
  if (value >= grades.C) return 'C';
  return answered ? 'D' : 'unknown';
};

/** The fit of a lead with these fields, with its grade and every point of it. */
export const fitOf = (scoring: Scoring, fields: Record<string, FieldValue>): Fit => {
  const lines = Object.entries(scoring.fit.rules).map(([name, rule]): ExactLine => {
    const value = fields[rule.field];
    return value === undefined
      ? { rule: name, exact: 0, unknown: true }
      : { rule: name, exact: pointsFor(rule, value) };
  });
  const sum = lines.reduce((total, line) => total + line.exact, 0);
  const value = shown(Math.min(100, Math.max(0, sum)));
  const answered = lines.every((line) => !line.unknown);
  return {
    value,
    grade: gradeOf(scoring.fit.grades, value, answered),
    contributions: rounded([...lines, ...limitLine(sum)]),
  };
};
