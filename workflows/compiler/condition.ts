/** Conditions: a mapping of which all keys must hold, with `any`, `all` and `not`. */
import type { Condition } from '../../functions/definition/condition.ts';
import { readTest } from './comparison.ts';
import { checkProperty, checkPropertyValue } from './event-property.ts';
import { checkFieldValue, checkLeak } from './field-value.ts';
import { isLeadKey, leadCondition, unknownLeadKey } from './lead-condition.ts';
import type { LeadField, Names } from './names.ts';
import { what } from './shape.ts';
import { below, fail, isMapping, item, type Spot, warn } from './source.ts';

/**
 * What a condition may ask about: a lead and its fields, or one event. `noLeak`: no field that only sales finds out;
 * `noAct`: there is no event at hand that could have raised the hand or given an answer.
 */
export type Scope =
  | { of: 'lead'; names: Names; fields: ReadonlyMap<string, LeadField>; noLeak?: boolean; noAct?: boolean }
  | { of: 'event'; names: Names; event: string };

/** Stands for a condition that could not be read; never reaches a definition, since the fault is an error. */
const NEVER: Condition = { kind: 'any', of: [] };

/** Reads a condition. What is wrong is said at its place; the result is then good for nothing but going on. */
export function readCondition(raw: unknown, spot: Spot, scope: Scope): Condition {
  if (!isMapping(raw)) {
    fail(spot, `A condition is a mapping, like \`{ problem: payroll }\`, not ${what(raw)}.`);
    return NEVER;
  }
  const parts = Object.entries(raw).map(([key, value]) => readPart(key, value, below(spot, key), scope));
  if (parts.length === 0) fail(spot, 'The condition is empty.', { hint: 'Leave the key out to have no condition.' });
  const [first = NEVER] = parts;
  return parts.length === 1 ? first : { kind: 'all', of: parts };
}

function readPart(key: string, value: unknown, spot: Spot, scope: Scope): Condition {
  if (key === 'any' || key === 'all') return { kind: key, of: readConditions(value, spot, scope) };
  if (key === 'not') return { kind: 'not', of: readCondition(value, spot, scope) };
  if (scope.of === 'event') return propertyCondition(key, value, spot, scope);
  if (scope.noAct && (key === 'handRaise' || key === 'handoff')) {
    const hint = 'Wait for the event instead: `waitFor`.';
    warn(spot, `\`${key}\` holds at one event alone: here it never does.`, { key: true, hint });
  }
  if (isLeadKey(key)) return leadCondition(key, value, spot, scope.names) ?? NEVER;
  return fieldCondition(key, value, spot, scope) ?? NEVER;
}

function readConditions(raw: unknown, spot: Spot, scope: Scope): Condition[] {
  if (Array.isArray(raw) && raw.length > 0) {
    return raw.map((each, index) => readCondition(each, below(spot, index), scope));
  }
  fail(
    spot,
    `\`${spot.path.at(-1)}\` takes a list of conditions, not ${Array.isArray(raw) ? 'an empty one' : what(raw)}.`,
  );
  return [];
}

function propertyCondition(key: string, value: unknown, spot: Spot, scope: Scope & { of: 'event' }): Condition {
  checkProperty(spot, scope.event, key);
  const test = readTest(value, spot);
  if (!test) return NEVER;
  const values = 'oneOf' in test ? test.oneOf : [];
  for (const [index, each] of values.entries()) {
    checkPropertyValue(item(spot, index), scope.event, key, each, scope.names);
  }
  return { kind: 'property', property: key, test };
}

function fieldCondition(key: string, value: unknown, spot: Spot, scope: Scope & { of: 'lead' }): Condition | undefined {
  const field = scope.fields.get(key);
  if (!field) return void unknownLeadKey(key, spot, scope);
  if (scope.noLeak) checkLeak(key, field, spot);
  const { type } = field;
  const test = readTest(value, spot, type?.type === 'choice' ? type.of : []);
  if (!test || !type) return undefined;
  if ('compare' in test) {
    if (type.type !== 'number') {
      fail(spot, `\`${key}\` is a ${type.type}, and only numbers compare.`, { hint: 'Name the values instead.' });
    }
    return { kind: 'field', field: key, test };
  }
  for (const [index, each] of test.oneOf.entries()) {
    checkFieldValue(key, type, each, item(spot, index));
  }
  return { kind: 'field', field: key, test: type.type === 'choice' ? { oneOf: test.oneOf.map(String) } : test };
}
