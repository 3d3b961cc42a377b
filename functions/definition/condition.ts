/** A checked condition, as the compiler writes it and the domain evaluates it. */

export type Scalar = string | number | boolean;

/** Equality with one of several values, or a comparison of numbers. */
export type Test = { oneOf: Scalar[] } | { compare: '>=' | '>' | '<=' | '<' | '=' | '!='; than: number };

export type Condition =
  | { kind: 'any' | 'all'; of: Condition[] }
  | { kind: 'not'; of: Condition }
  /** A field of the lead: `problem: payroll`. */
  | { kind: 'field'; field: string; test: Test }
  /** A property of the event, in `where` alone: `category: pricing`. */
  | { kind: 'property'; property: string; test: Test }
  /** `stage: mql`. In a goal and in `waitFor` a stage means "reached or passed"; elsewhere "is". */
  | { kind: 'stage' | 'grade' | 'emailStatus'; test: Test }
  | { kind: 'fit' | 'engagement' | 'conversions'; test: Test }
  | { kind: 'consent'; purpose: string }
  /** Has one of these tags. */
  | { kind: 'tag'; tags: string[] }
  /** In one of the named lists: a list of the scoring file, or built in: `free-mail`, `disposable`, `role`. */
  | { kind: 'emailDomain'; lists: string[] }
  /** Holds for the event alone that raised the hand. */
  | { kind: 'handRaise'; is: boolean }
  /** Holds for the answer alone that gave this outcome. */
  | { kind: 'handoff'; test: Test };
