/** A condition in words: what is missing until it holds. May quote the lead's own values: for people, never for logs. */
import type { Condition, Scalar, Test } from '../definition/condition.ts';
import { holds, type Reading, type Subject } from './condition.ts';

/** One thing that is missing. `least` tells a lower bound, so that an easier one of the same number can stand for it. */
interface Lack {
  text: string;
  least?: { of: string; than: number };
}
type Leaf = Exclude<Condition, { kind: 'any' | 'all' | 'not' }>;
type Compare = Extract<Test, { compare: string }>['compare'];

const OPPOSITE: Record<Compare, Compare> = { '>=': '<', '<': '>=', '>': '<=', '<=': '>', '=': '!=', '!=': '=' };
const COMPARED: Record<Compare, (than: number) => string> = {
  '>=': (than) => `${than} or more`,
  '>': (than) => `more than ${than}`,
  '<=': (than) => `${than} or less`,
  '<': (than) => `less than ${than}`,
  '=': (than) => `${than}`,
  '!=': (than) => `other than ${than}`,
};

const oneOf = (values: readonly Scalar[]): string => {
  const words = values.map(String);
  return words.length < 2 ? (words[0] ?? 'nothing') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
};

const asked = (test: Test, wanted: boolean): string => {
  if ('oneOf' in test) return `${wanted ? '' : 'other than '}${oneOf(test.oneOf)}`;
  return COMPARED[wanted ? test.compare : OPPOSITE[test.compare]](test.than);
};

const valueLack = (name: string, test: Test, value: Scalar | undefined, wanted: boolean): Lack => {
  const text = `${name} must be ${asked(test, wanted)} (it is ${value ?? 'unknown'})`;
  const bound = wanted && 'compare' in test && (test.compare === '>=' || test.compare === '>');
  return bound ? { text, least: { of: name, than: test.than } } : { text };
};

const consentLack = (purpose: string, subject: Subject, wanted: boolean): string => {
  if (!wanted) return `consent to ${purpose} must not be given`;
  const state = subject.consents[purpose]?.state;
  if (state === 'pending') return `consent to ${purpose} must be confirmed (it is pending)`;
  return `consent to ${purpose} must be given (it ${state === 'withdrawn' ? 'was withdrawn' : 'was never given'})`;
};

const leafLack = (leaf: Leaf, subject: Subject, reading: Reading, wanted: boolean): Lack => {
  switch (leaf.kind) {
    case 'field':
      return valueLack(leaf.field, leaf.test, subject.fields[leaf.field], wanted);
    case 'property':
      return valueLack(`the event's ${leaf.property}`, leaf.test, subject.properties?.[leaf.property], wanted);
    case 'stage':
      return valueLack(reading.stage === 'reached' ? 'stage reached' : 'stage', leaf.test, subject.stage, wanted);
    case 'emailStatus':
      return valueLack('email status', leaf.test, subject.emailStatus, wanted);
    case 'grade':
    case 'fit':
    case 'engagement':
    case 'conversions':
      return valueLack(leaf.kind, leaf.test, subject[leaf.kind], wanted);
    case 'consent':
      return { text: consentLack(leaf.purpose, subject, wanted) };
    case 'tag':
      return { text: `the lead must ${wanted ? '' : 'not '}have the tag ${oneOf(leaf.tags)}` };
    case 'emailDomain':
      return { text: `the email domain must ${wanted ? '' : 'not '}be one of ${oneOf(leaf.lists)}` };
    case 'handRaise':
      return { text: leaf.is === wanted ? 'the person must ask for sales' : 'the person must not ask for sales' };
    case 'handoff':
      return { text: `sales must answer ${asked(leaf.test, wanted)}` };
  }
};

const isCovered = (easier: Lack, by: Lack): boolean =>
  easier.text === by.text ||
  (easier.least !== undefined && easier.least.of === by.least?.of && easier.least.than <= by.least.than);

/** Whether one way asks for nothing that the other does not ask for as well, as much or more. */
const isEasier = (way: Lack[], than: Lack[]): boolean =>
  way.every((lack) => than.some((other) => isCovered(lack, other)));

/** Alternatives without those that ask for all that another asks for; of equals the first stays. */
const cheapest = (ways: Lack[][]): Lack[][] =>
  ways.filter(
    (way, place) =>
      !ways.some((other, rank) => rank !== place && isEasier(other, way) && (rank < place || !isEasier(way, other))),
  );

const eitherOf = (ways: Lack[][]): Lack[] => {
  const [only, ...more] = cheapest(ways);
  if (only === undefined) return [{ text: 'this can never hold' }];
  if (more.length === 0) return only;
  const texts = [only, ...more].map((way) => way.map((lack) => lack.text).join(' and '));
  return [{ text: `either ${texts.join(', or ')}` }];
};

const lacks = (condition: Condition, subject: Subject, reading: Reading, wanted: boolean): Lack[] => {
  if (holds(condition, subject, reading) === wanted) return [];
  if (condition.kind === 'not') return lacks(condition.of, subject, reading, !wanted);
  if ('of' in condition) {
    const parts = condition.of.map((part) => lacks(part, subject, reading, wanted));
    return (condition.kind === 'all') === wanted ? parts.flat() : eitherOf(parts);
  }
  return [leafLack(condition, subject, reading, wanted)];
};

/**
 * What is missing until `condition` holds for `subject`, one part each: "engagement must be 60 or more (it is 33)".
 * Of alternatives only the cheaper ones are told. None when it holds.
 */
export const missing = (condition: Condition, subject: Subject, reading: Reading = { stage: 'is' }): string[] => [
  ...new Set(lacks(condition, subject, reading, true).map((lack) => lack.text)),
];

/** What is missing, in one line; empty when the condition holds. */
export const explain = (condition: Condition, subject: Subject, reading: Reading = { stage: 'is' }): string =>
  missing(condition, subject, reading).join('; ');
