/**
 * A JSON value of a definition in which any string may be an expression: `{% … %}` (AWS developer guide, "Writing
 * JSONata expressions in JSON strings").
 */
import type { Json } from '../json.ts';
import { isRecord } from '../json.ts';
import { compileExpression, ExpressionFault, type Now } from './expression.ts';
import type { Bindings } from './quick.ts';
import type { Restricted } from './references.ts';

/** A compiled template. Evaluation is immediate where all of its expressions are. */
export interface Template {
  /** The field within its state, as AWS names it. */
  readonly location: string;
  /** True when nothing in it is an expression. */
  readonly constant: boolean;
  /** @throws StateFailure States.QueryEvaluationError */
  evaluate(bindings: Bindings, now: Now): Json | Promise<Json>;
}

/** Reports a fault of the definition at a place within the template. */
export type Report = (code: string, message: string, location: string) => void;

/** Compiles the value of a field; faults are reported and leave a template that is never run. */
export function compileTemplate(
  value: unknown,
  location: string,
  allowed: readonly Restricted[],
  report: Report,
): Template {
  if (typeof value === 'string') return textTemplate(value, location, allowed, report);
  if (Array.isArray(value)) {
    return listTemplate(
      value.map((item, index) => compileTemplate(item, `${location}[${index}]`, allowed, report)),
      location,
    );
  }
  if (isRecord(value)) {
    const members = Object.entries(value).map(
      ([key, member]) => [key, compileTemplate(member, `${location}/${key}`, allowed, report)] as const,
    );
    return objectTemplate(members, location);
  }
  return constant(value as Json, location);
}

function constant(value: Json, location: string): Template {
  return { location, constant: true, evaluate: () => value };
}

function textTemplate(text: string, location: string, allowed: readonly Restricted[], report: Report): Template {
  const opens = text.startsWith('{%');
  const closes = text.endsWith('%}');
  if (opens !== closes) {
    report(
      'SCHEMA_VALIDATION_FAILED',
      "The value must start with '{%' and end with '%}' to be an expression",
      location,
    );
  }
  if (!opens || !closes) return constant(text, location);
  const expression = expressionOf(text.slice(2, -2).trim(), location, allowed, report);
  return expression
    ? { location, constant: false, evaluate: (bindings, now) => expression.evaluate(bindings, now) }
    : constant(null, location);
}

function expressionOf(source: string, location: string, allowed: readonly Restricted[], report: Report) {
  try {
    return compileExpression(source, location, allowed);
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error;
    report(error.code, error.message, location);
    return undefined;
  }
}

function listTemplate(items: readonly Template[], location: string): Template {
  return {
    location,
    constant: items.every((item) => item.constant),
    evaluate: (bindings, now) => evaluateAll(items, bindings, now),
  };
}

function objectTemplate(members: readonly (readonly [string, Template])[], location: string): Template {
  const templates = members.map(([, member]) => member);
  // A definition may name a member `__proto__`; entries keep it a plain member.
  const named = (values: readonly Json[]): Json =>
    Object.fromEntries(members.map(([key], index) => [key, values[index] ?? null]));
  return {
    location,
    constant: templates.every((member) => member.constant),
    evaluate(bindings, now) {
      const values = evaluateAll(templates, bindings, now);
      return values instanceof Promise ? values.then(named) : named(values);
    },
  };
}

/** Evaluates one after the other, so that the first field at fault is the one that is named. */
function evaluateAll(templates: readonly Template[], bindings: Bindings, now: Now): Json[] | Promise<Json[]> {
  const values: Json[] = [];
  for (const template of templates) {
    const value = template.evaluate(bindings, now);
    if (value instanceof Promise) return evaluateRest(templates, values, value, bindings, now);
    values.push(value);
  }
  return values;
}

async function evaluateRest(
  templates: readonly Template[],
  values: Json[],
  first: Promise<Json>,
  bindings: Bindings,
  now: Now,
): Promise<Json[]> {
  values.push(await first);
  for (const template of templates.slice(values.length)) values.push(await template.evaluate(bindings, now));
  return values;
}
