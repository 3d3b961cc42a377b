/**
 * EventBridge event patterns, compiled once and matched often.
 * Rules: "Comparison operators for use in event patterns" and "Matching on multiple values" in the EventBridge
 * user guide. A field matches when one of its matchers accepts one of its values; an array in the event offers
 * each of its elements; sibling fields must all match; `$or` needs one of its alternatives.
 */
import { compileMatcher, type Matcher } from './matcher.ts';

/** Tells whether an event (the whole envelope, parsed JSON) matches. */
export type Pattern = (event: unknown) => boolean;

/** The most `$or` combinations that EventBridge takes. */
const MAX_COMBINATIONS = 1000;

/**
 * Compiles an event pattern.
 * @param pattern the pattern as an object, or as the JSON text that CloudFormation also takes.
 * @throws Error that names the field and the unknown matcher or wrong shape.
 */
export function compilePattern(pattern: unknown): Pattern {
  const parsed = typeof pattern === 'string' ? parseText(pattern) : pattern;
  if (combinations(parsed) > MAX_COMBINATIONS)
    throw new Error(`Event pattern is not valid: $or makes more than ${MAX_COMBINATIONS} combinations`);
  return compileObject(parsed, '');
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('Event pattern is not valid: it is not JSON');
  }
}

function compileObject(pattern: unknown, path: string): Pattern {
  if (!isObject(pattern)) throw invalid(path, 'must be an object or an array');
  const fields = Object.entries(pattern);
  if (fields.length === 0) throw invalid(path, 'an empty object is not allowed');
  const tests = fields.map(([name, value]) => compileField(name, value, path === '' ? name : `${path}.${name}`));
  return (event) => tests.every((test) => test(event));
}

function compileField(name: string, pattern: unknown, path: string): Pattern {
  if (name === '$or') return compileOr(pattern, path);
  if (Array.isArray(pattern)) {
    if (pattern.length === 0) throw invalid(path, 'an empty array is not allowed');
    const leaf = compileLeaf(pattern.map((value) => compileMatcher(value, path)));
    return (event) => leaf(valuesOf(isObject(event) ? event[name] : undefined));
  }
  const inner = compileObject(pattern, path);
  return (event) => objectsOf(isObject(event) ? event[name] : undefined).some(inner);
}

function compileOr(pattern: unknown, path: string): Pattern {
  if (!Array.isArray(pattern) || pattern.length < 2)
    throw invalid(path, '$or takes an array of two or more event patterns');
  const alternatives = pattern.map((each, index) => compileObject(each, `${path}[${index}]`));
  return (event) => alternatives.some((matches) => matches(event));
}

function compileLeaf(matchers: Matcher[]): (values: unknown[]) => boolean {
  return (values) =>
    matchers.some((matcher) => (matcher === 'absent' ? values.length === 0 : values.some((value) => matcher(value))));
}

/** The leaf values of a field: itself, or the elements of an array; an object and a missing field have none. */
function valuesOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(valuesOf);
  return isObject(value) ? [] : [value];
}

/** The objects that a nested pattern looks into. Without any, one that is empty: `exists: false` holds there. */
function objectsOf(value: unknown): unknown[] {
  return Array.isArray(value) && value.length > 0 ? value.flatMap(objectsOf) : [isObject(value) ? value : {}];
}

function combinations(pattern: unknown): number {
  if (!isObject(pattern)) return 1;
  return Object.entries(pattern).reduce((product, [name, value]) => {
    if (name === '$or' && Array.isArray(value))
      return product * value.reduce((sum: number, each) => sum + combinations(each), 0);
    return product * combinations(value);
  }, 1);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(path: string, why: string): Error {
  return new Error(`Event pattern is not valid${path === '' ? '' : ` at ${path}`}: ${why}`);
}
