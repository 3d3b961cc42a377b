/** The keys of a condition that ask about the lead itself and not about one of its fields. */
import type { Condition, Test } from '../../functions/definition/condition.ts';
import { STAGES } from '../../functions/definition/scoring.ts';
import { BUILT_IN_LISTS } from '../../functions/lead/email-lists.ts';
import { nearest } from '../../functions/lead/nearest.ts';
import { readTest } from './comparison.ts';
import type { Known, LeadField, Names } from './names.ts';
import { requireName } from './names.ts';
import { list, shown } from './shape.ts';
import { fail, item, type Spot, warn } from './source.ts';

const WORDS = {
  stage: STAGES,
  grade: ['A', 'B', 'C', 'D', 'unknown'],
  emailStatus: ['unknown', 'verified', 'undeliverable'],
};
const KEYS = [
  ...['stage', 'grade', 'fit', 'engagement', 'conversions', 'consent', 'tag'],
  ...['emailStatus', 'emailDomain', 'handRaise', 'handoff'],
] as const;

/** No field may have the name of a key, nor of what joins conditions. */
export const RESERVED_FIELDS: readonly string[] = [...KEYS, 'any', 'all', 'not', 'id', 'createdAt'];

export const isLeadKey = (key: string): boolean => KEYS.some((each) => each === key);

/** Says that there is no such field; `at` tells whether the name stands as a key of a condition, as one of fields, or as a value. */
export function unknownLeadKey(
  key: string,
  spot: Spot,
  {
    fields,
    names,
    at = 'key',
  }: { fields: ReadonlyMap<string, LeadField>; names: Names; at?: 'key' | 'field' | 'value' },
): void {
  if (!names.fieldsKnown) return;
  const known = [...fields.keys(), ...(at === 'key' ? [...KEYS, 'any', 'all', 'not'] : [])];
  const declared = !fields.has(key) && names.leadFields.has(key);
  const listed = `Fields: ${[...fields.keys()].join(', ') || 'none'}.`;
  const hint = declared
    ? 'A form has this field, but rules read only what scoring.yaml declares under `fields:`.'
    : `${listed}${at === 'key' ? ` Of the lead: ${KEYS.join(', ')}.` : ''}`;
  const extra = { key: at !== 'value', nearest: nearest(key, known), hint };
  fail(spot, `There is no field \`${key}\`.`, extra);
}

/** The condition for one of the keys; undefined, and said, when the value does not fit it. */
export function leadCondition(key: string, value: unknown, spot: Spot, names: Names): Condition | undefined {
  switch (key) {
    case 'stage':
    case 'grade':
    case 'emailStatus': {
      const test = readTest(value, spot);
      return test && isOneOf(test, WORDS[key], spot) ? { kind: key, test } : undefined;
    }
    case 'fit':
    case 'engagement':
    case 'conversions': {
      const test = readTest(value, spot);
      return test && isNumeric(key, test, spot) ? { kind: key, test } : undefined;
    }
    case 'handoff': {
      const test = readTest(value, spot);
      return test && eachName(value, spot, names.outcomes) ? { kind: 'handoff', test } : undefined;
    }
    case 'handRaise':
      if (typeof value === 'boolean') return { kind: 'handRaise', is: value };
      return void fail(spot, `\`handRaise\` is true or false, not ${shown(value)}.`);
    case 'tag':
      return tagCondition(value, spot, names);
    case 'consent':
      return consentCondition(value, spot, names);
    default:
      return domainCondition(value, spot, names);
  }
}

/** A product or a person may give tags too, so an unknown one is no error. */
function tagCondition(value: unknown, spot: Spot, names: Names): Condition | undefined {
  const known: Known = { ...names.tags, open: true };
  if (!eachName(value, spot, known)) return undefined;
  const tags = [value].flat().map(String);
  for (const [index, tag] of tags.entries()) {
    if (names.tags.names.has(tag)) continue;
    warn(item(spot, index), `No step gives the tag \`${tag}\`.`, { nearest: nearest(tag, [...names.tags.names]) });
  }
  return { kind: 'tag', tags };
}

function consentCondition(value: unknown, spot: Spot, names: Names): Condition | undefined {
  if (!eachName(value, spot, names.purposes)) return undefined;
  const of = [value].flat().map((purpose): Condition => ({ kind: 'consent', purpose: String(purpose) }));
  return of.length === 1 ? of[0] : { kind: 'any', of };
}

function domainCondition(value: unknown, spot: Spot, names: Names): Condition | undefined {
  const known = { ...names.lists, names: new Set([...names.lists.names, ...BUILT_IN_LISTS]) };
  return eachName(value, spot, known) ? { kind: 'emailDomain', lists: [value].flat().map(String) } : undefined;
}

/** Whether the value, or each of the list, is an existing name. */
function eachName(value: unknown, spot: Spot, known: Known): boolean {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0) fail(spot, 'The list is empty: no value could ever match.');
  const found = values.map((each, index) => {
    if (typeof each === 'string') return requireName(item(spot, index), each, known);
    fail(item(spot, index), `${shown(each)} is not the name of a ${known.word}.`);
    return false;
  });
  return found.length > 0 && found.every(Boolean);
}

function isOneOf(test: Test, words: readonly string[], spot: Spot): boolean {
  if ('compare' in test) {
    fail(spot, 'This is a word, and only numbers compare.', { hint: `One of ${list(words)}, or a list of them.` });
    return false;
  }
  const wrong = test.oneOf.findIndex((each) => !words.includes(String(each)));
  if (wrong < 0) return true;
  const each = test.oneOf[wrong];
  fail(item(spot, wrong), `${shown(each)} is not one of ${list(words)}.`, { nearest: nearest(String(each), words) });
  return false;
}

function isNumeric(key: string, test: Test, spot: Spot): boolean {
  if ('oneOf' in test) {
    const numbers = test.oneOf.every((each) => typeof each === 'number');
    if (!numbers) fail(spot, `\`${key}\` is a number: compare it, like \`">= 20"\`.`);
    return numbers;
  }
  const beyond = test.than > 100 || (test.than === 100 && test.compare === '>');
  if (key !== 'conversions' && test.compare.startsWith('>') && beyond) {
    warn(spot, `\`${key}\` never exceeds 100: this never holds.`);
  }
  return true;
}
