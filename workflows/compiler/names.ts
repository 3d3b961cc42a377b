/** The names that one file may use of another. */
import type { FieldType, ScoringField } from '../../functions/definition/scoring.ts';
import { nearest } from '../../functions/lead/nearest.ts';
import { fail, type Spot } from './source.ts';

/** One kind of name: which exist, and where they come from. */
export interface Known {
  /** What it is called: "form". */
  word: string;
  /** Where such a name is made: "forms/". */
  home: string;
  names: ReadonlySet<string>;
  /** The file that tells the names cannot be read: whatever is used may exist. */
  open?: boolean;
}

/** A field of the lead as a condition sees it. `type` is absent when its declaration is itself wrong. */
export interface LeadField {
  type?: FieldType | undefined;
  known?: ScoringField['known'] | undefined;
}

/** All names of a folder, taken from the files however wrong the rest of them is: one fault gives one message. */
export interface Names {
  forms: Known;
  workflows: Known;
  emails: Known;
  lists: Known;
  groups: Known;
  classes: Known;
  outcomes: Known;
  webhooks: Known;
  languages: Known;
  purposes: Known;
  assets: Known;
  /** Those that a step gives. */
  tags: Known;
  /** Whether the fields are known at all: false when scoring.yaml cannot be read. */
  fieldsKnown: boolean;
  /** Fields of the scoring file. */
  scoringFields: ReadonlyMap<string, LeadField>;
  /** Those, and what the forms add: all that a workflow may read. */
  leadFields: ReadonlyMap<string, LeadField>;
  /** The class of each email, as far as its front matter tells. */
  emailClasses: ReadonlyMap<string, string>;
  /** Emails that a form sends by `deliver`. */
  delivered: ReadonlySet<string>;
}

/** Says so when the name at the spot does not exist. */
export function requireName(spot: Spot, name: string, known: Known): boolean {
  if (known.open || known.names.has(name)) return true;
  const names = [...known.names];
  const found = nearest(name, names);
  const hint =
    names.length === 0
      ? `There is none yet in ${known.home}.`
      : names.length <= 12
        ? `In ${known.home}: ${names.join(', ')}.`
        : `They are in ${known.home}.`;
  fail(spot, `There is no ${known.word} \`${name}\`.`, { nearest: found, hint });
  return false;
}
