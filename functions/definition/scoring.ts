/** The compiled `scoring.yaml`. Durations are milliseconds. */
import type { Condition, Scalar } from './condition.ts';

export const STAGES = ['lead', 'iql', 'mql', 'sql', 'customer', 'recycled', 'disqualified'] as const;
export type Stage = (typeof STAGES)[number];
export type Grade = 'A' | 'B' | 'C' | 'D' | 'unknown';

export type FieldType =
  | { type: 'text' | 'number' | 'boolean' | 'date' | 'country' | 'phone' | 'email' | 'language' }
  | { type: 'choice'; of: string[] };
export type ScoringField = FieldType & { known: 'at-capture' | 'after-handoff' };

export type FitRule =
  /** Points by the field's value; `other` for any other answer; unanswered gives 0 and shows as unknown. */
  | { field: string; points: Record<string, number>; other?: number }
  /** The first entry of which a word occurs in the text, whatever the case and the accents. */
  | { field: string; matches: { words: string[]; points: number }[] };

export interface EngagementRule {
  on: string;
  where?: Condition;
  points: number;
  per: 'once' | 'day' | 'email' | 'asset' | 'event';
  cap?: number;
  halfLife?: number;
  group?: string;
}

export interface StageRule {
  stage: Stage;
  when: Condition;
  leaveBelow?: { engagement: number };
  stay?: number;
}

export interface Scoring {
  name: string;
  owners: { marketing: string; sales: string };
  reviewBy?: string;
  capacity?: { handoffsPerWeek: number };
  fields: Record<string, ScoringField>;
  lists: Record<string, string[]>;
  gates: Record<string, Condition>;
  fit: { grades: { A: number; B: number; C: number }; rules: Record<string, FitRule> };
  engagement: { groups: Record<string, { cap: number }>; rules: Record<string, EngagementRule> };
  handRaise: { on: string[]; unless?: Condition };
  /** In file order. */
  stages: StageRule[];
  /** Which content class may be mailed at which stages. */
  content: Record<string, Stage[]>;
}

/** A value of a lead's field as it is kept. */
export type FieldValue = Scalar;
