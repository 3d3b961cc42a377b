/** Checks a file's shape with zod, and says what is wrong in a marketer's words, by line. */
import * as z from 'zod';
import { nearest } from '../../functions/lead/nearest.ts';
import { type Fault, fail, isMapping, type Path, type Source, say, valueAt } from './source.ts';

/** A mapping with these keys and no others. */
export function mapping<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? JSON.stringify({ known }) : undefined),
  });
}

const Unrecognised = z.object({ known: z.array(z.string()) });

/**
 * A value read by a function of one's own. What it returns besides a value is said at the value's place. `json` tells
 * editors what may stand there.
 */
export function reading<T>(
  read: (value: unknown) => { value: T } | { wrong: string; params?: Params },
  json: z.core.JSONSchema.BaseSchema = {},
) {
  return anything(() => json).transform((value, context): T => {
    const result = read(value);
    if ('value' in result) return result.value;
    context.addIssue({ code: 'custom', message: result.wrong, params: result.params ?? {} });
    return z.NEVER;
  });
}

/**
 * One of several shapes, told apart by a function of the value; its own faults are those of the chosen one. `among` are
 * all of them, for editors.
 */
export function oneOf<T>(
  choose: (value: unknown) => z.ZodType<T> | { wrong: string; params?: Params },
  among: () => readonly z.ZodType[],
) {
  return anything((schemaOf) => ({ anyOf: among().map(schemaOf) })).transform((value, context): T => {
    const chosen = choose(value);
    if ('wrong' in chosen) {
      context.addIssue({ code: 'custom', message: chosen.wrong, params: chosen.params ?? {} });
      return z.NEVER;
    }
    const result = chosen.safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues) context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
    return z.NEVER;
  });
}

/** Takes any value now, since it is checked later; shown to editors as this shape. */
export const shownAs = (shape: () => z.ZodType) => anything((schemaOf) => ({ allOf: [schemaOf(shape(), 0)] }));

/** Takes any value, and is shown to editors as what `json` makes. */
function anything(json: (schemaOf: (part: z.ZodType, index: number) => object) => object) {
  const schema = z.unknown();
  schema._zod.processJSONSchema = (context, target, params) => {
    const schemaOf = (part: z.ZodType, index: number) =>
      z.core.processSchema(part, context, { ...params, path: [...params.path, 'anyOf', index] });
    Object.assign(target, json(schemaOf));
  };
  return schema;
}

export interface Params {
  nearest?: string | undefined;
  hint?: string | undefined;
  /** Says the complaint at this key of the value. */
  key?: string | undefined;
}
const Params = z.object({
  nearest: z.string().optional(),
  hint: z.string().optional(),
  key: z.string().optional(),
});

/** The checked value, or undefined when the shape is wrong; what is wrong stands in the source's problems then. */
export function checkShape<T>(schema: z.ZodType<T>, source: Source): T | undefined {
  if (!source.sound) return undefined;
  const result = schema.safeParse(source.raw);
  if (result.success) return result.data;
  for (const issue of result.error.issues) sayIssue(issue, source);
  return undefined;
}

function sayIssue(issue: z.core.$ZodIssue, source: Source): void {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  if (issue.code === 'unrecognized_keys') {
    const { known } = Unrecognised.parse(JSON.parse(issue.message));
    for (const key of issue.keys) say({ source, path: [...path, key] }, unrecognised(key, known));
    return;
  }
  const value = valueAt(source.raw, path);
  if (value === undefined && path.length > 0) {
    const hint = issue.code === 'invalid_type' ? `It is ${aWord(issue.expected)}.` : undefined;
    fail({ source, path: path.slice(0, -1) }, `\`${nameOf(path)}\` is missing.`, { key: true, hint });
    return;
  }
  const told = issue.code === 'invalid_key' ? issue.issues[0] : issue;
  const params = Params.safeParse(told?.code === 'custom' ? (told.params ?? {}) : {}).data ?? {};
  const at = params.key === undefined ? path : [...path, params.key];
  const { nearest: near, hint } = params;
  const fault = issueFault(issue, value, nameOf(path));
  say({ source, path: at }, { key: params.key !== undefined, nearest: near, hint, ...fault });
}

function unrecognised(key: string, known: string[]): Fault {
  const hint = `Known here: ${known.join(', ')}.`;
  return { message: `There is no key \`${key}\` here.`, key: true, nearest: nearest(key, known), hint };
}

/** zod's findings in a marketer's words. All others carry words of ours already. */
function issueFault(issue: z.core.$ZodIssue, value: unknown, name: string): Fault {
  switch (issue.code) {
    case 'invalid_type': {
      if (!issue.message.startsWith('Invalid ')) return { message: issue.message };
      const subject = name === '' ? 'The file' : `\`${name}\``;
      return { message: `${subject} must be ${aWord(issue.expected)}, not ${what(value)}.` };
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      const own = issue.message.startsWith('Invalid ') ? undefined : issue.message;
      const message = own ?? `${shown(value)} is not one of ${list(values)}.`;
      return { message, nearest: own ? undefined : nearest(String(value), values) };
    }
    case 'invalid_key':
      return { message: issue.issues[0]?.message ?? issue.message, key: true };
    default:
      return { message: issue.message };
  }
}

const nameOf = (path: Path): string => String(path.findLast((key) => typeof key === 'string') ?? '');

const WORDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};
const aWord = (expected: string): string => WORDS[expected] ?? expected;

/** A value in words: "a list", "the text `x`". */
export function what(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (isMapping(value)) return 'a mapping';
  return typeof value === 'string' ? `the text ${shown(value)}` : shown(value);
}

/** A value as it is quoted in a message, cut to a readable length. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'An empty value';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return `\`${text.length > 60 ? `${text.slice(0, 57)}…` : text}\``;
}

export const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
