/** Values of fields that want a certain type. */
import type { Bindings } from '../expression/quick.ts';
import type { Template } from '../expression/template.ts';
import { queryFailure } from '../failure.ts';
import type { Json } from '../json.ts';
import type { Visit } from './visit.ts';

/** @throws StateFailure States.QueryEvaluationError when it is not an integer in bounds */
export async function integerValue(
  visit: Visit,
  template: Template,
  bindings: Bindings,
  min: number,
  max: number,
): Promise<number> {
  const value = await template.evaluate(bindings, visit.now);
  if (typeof value !== 'number') throw unexpected(template, 'number', value);
  if (!Number.isInteger(value) || value < min || value > max) {
    const cause = `The JSONata expression specified for the field '${template.location}' returned ${value}, which is not an integer between ${min} and ${max}.`;
    throw queryFailure(cause, template.location);
  }
  return value;
}

/** @throws StateFailure States.QueryEvaluationError when it is not a text */
export async function textValue(visit: Visit, template: Template, bindings: Bindings): Promise<string> {
  const value = await template.evaluate(bindings, visit.now);
  if (typeof value !== 'string') throw unexpected(template, 'string', value);
  return value;
}

export function unexpected(template: Template, expected: string, value: Json) {
  const actual = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const cause = `The JSONata expression specified for the field '${template.location}' returned an unexpected result type. Expected '${expected}', but was '${actual}' for value: ${JSON.stringify(value)}`;
  return queryFailure(cause, template.location);
}
