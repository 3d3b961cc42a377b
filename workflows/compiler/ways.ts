/**
 * All the ways in which conditions can come out: for each thing that they ask about a few values, chosen so that every
 * answer occurs. What holds in none of these ways holds for no lead.
 */
import type { Condition, Scalar, Test } from '../../functions/definition/condition.ts';
import { STAGES, type Stage } from '../../functions/definition/scoring.ts';
import { isReached, passes } from '../../functions/lead/condition.ts';

/** What a lead can reach at most, and how grades are read off fit. */
export interface Bounds {
  fit: number;
  engagement: number;
  grades: { A: number; B: number; C: number };
}

/** A value for each thing asked about, by its name: `stage`, `field problem`, `tag vip`. */
export type Way = ReadonlyMap<string, Scalar | undefined>;

/** In a goal and in `waitFor` a stage means reached or passed. */
export type StageReading = 'is' | 'reached';

/** More ways than these are not looked at: nothing is said then. */
const MOST_WAYS = 10_000;
/** A text that no file writes: stands for any other value. */
const OTHER = '\u0000other';

/**
 * The ways for these conditions. `fixed` narrows a thing to some values (`stage`, say).
 * @returns undefined when there are too many.
 */
export function waysOf(
  conditions: readonly Condition[],
  bounds: Bounds,
  fixed: ReadonlyMap<string, readonly (Scalar | undefined)[]> = new Map(),
): Way[] | undefined {
  const values = new Map<string, Set<Scalar | undefined>>();
  for (const condition of conditions) collect(condition, bounds, values);
  for (const [name, only] of fixed) values.set(name, new Set(only));
  const things = [...values];
  if (things.reduce((product, [, each]) => product * each.size, 1) > MOST_WAYS) return undefined;
  let ways: Map<string, Scalar | undefined>[] = [new Map()];
  for (const [name, each] of things) {
    ways = ways.flatMap((way) => [...each].map((value) => new Map(way).set(name, value)));
  }
  return ways;
}

type Values = Map<string, Set<Scalar | undefined>>;

function collect(condition: Condition, bounds: Bounds, values: Values): void {
  switch (condition.kind) {
    case 'any':
    case 'all':
      for (const part of condition.of) collect(part, bounds, values);
      return;
    case 'not':
      collect(condition.of, bounds, values);
      return;
    case 'fit':
    case 'grade':
      add(values, 'fit', [0, ...Object.values(bounds.grades).filter((least) => least <= bounds.fit), bounds.fit]);
      if (condition.kind === 'grade') add(values, 'unanswered', [true, false]);
      else addNumbers(values, 'fit', condition.test, bounds.fit);
      return;
    case 'engagement':
      add(values, 'engagement', [0, bounds.engagement]);
      addNumbers(values, 'engagement', condition.test, bounds.engagement);
      return;
    default:
      addLeaf(condition, values);
  }
}

type Leaf = Exclude<Condition, { kind: 'any' | 'all' | 'not' | 'fit' | 'grade' | 'engagement' }>;

function addLeaf(leaf: Leaf, values: Values): void {
  const name = nameOf(leaf);
  if (leaf.kind === 'stage') add(values, name, STAGES);
  else if (leaf.kind === 'conversions') {
    add(values, name, [0]);
    addNumbers(values, name, leaf.test, Number.POSITIVE_INFINITY);
  } else if (!('test' in leaf)) add(values, name, [true, false]);
  else {
    add(values, name, [undefined, OTHER]);
    if ('oneOf' in leaf.test) add(values, name, leaf.test.oneOf);
    else addNumbers(values, name, leaf.test, Number.POSITIVE_INFINITY);
  }
}

function add(values: Values, name: string, more: readonly (Scalar | undefined)[]): void {
  const known = values.get(name) ?? new Set();
  for (const value of more) known.add(value);
  values.set(name, known);
}

/** On each side of what is compared with; whole numbers, as all shown ones are. */
function addNumbers(values: Values, name: string, test: Test, most: number): void {
  const numbers = 'oneOf' in test ? test.oneOf.map(Number) : [test.than - 1, test.than, test.than + 1];
  add(
    values,
    name,
    numbers.filter((number) => number <= most && (number >= 0 || name.startsWith('field'))),
  );
}

function nameOf(leaf: Leaf): string {
  switch (leaf.kind) {
    case 'field':
      return `field ${leaf.field}`;
    case 'property':
      return `property ${leaf.property}`;
    case 'consent':
      return `consent ${leaf.purpose}`;
    case 'emailDomain':
      return `domain ${leaf.lists.join(' ')}`;
    case 'tag':
      return `tag ${leaf.tags.join(' ')}`;
    default:
      return leaf.kind;
  }
}

/** Whether the condition holds in this way. */
export function holdsIn(condition: Condition, way: Way, bounds: Bounds, stage: StageReading = 'is'): boolean {
  switch (condition.kind) {
    case 'any':
      return condition.of.some((part) => holdsIn(part, way, bounds, stage));
    case 'all':
      return condition.of.every((part) => holdsIn(part, way, bounds, stage));
    case 'not':
      return !holdsIn(condition.of, way, bounds, stage);
    case 'grade':
      return passes(condition.test, gradeIn(way, bounds));
    case 'fit':
    case 'engagement':
      return passes(condition.test, way.get(condition.kind));
    case 'stage':
      return stageIn(condition.test, way.get('stage'), stage);
    case 'handRaise':
      return way.get('handRaise') === condition.is;
    case 'consent':
    case 'emailDomain':
    case 'tag':
      return way.get(nameOf(condition)) === true;
    default:
      return passes(condition.test, way.get(nameOf(condition)));
  }
}

function gradeIn(way: Way, { grades }: Bounds): string {
  const fit = Number(way.get('fit'));
  if (fit >= grades.A) return 'A';
  if (fit >= grades.B) return 'B';
  if (fit >= grades.C) return 'C';
  return way.get('unanswered') === true ? 'unknown' : 'D';
}

function stageIn(test: Test, value: Scalar | undefined, reading: StageReading): boolean {
  const here = STAGES.find((each) => each === value);
  if (reading === 'is' || here === undefined || !('oneOf' in test)) return passes(test, value);
  return test.oneOf.some((wanted) => isReached(here, wanted as Stage));
}
