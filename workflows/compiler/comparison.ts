/** A value in a condition: equality, "one of", or a quoted comparison of numbers. */
import type { Scalar, Test } from '../../functions/definition/condition.ts';
import { shown } from './shape.ts';
import { fail, isMapping, type Spot } from './source.ts';

const COMPARISON = /^\s*(>=|<=|!=|==|>|<|=)\s*(-?\d+(?:\.\d+)?)\s*$/;
const OPERATORS = { '>=': '>=', '<=': '<=', '!=': '!=', '==': '=', '>': '>', '<': '<', '=': '=' } as const;
const LOOKS_LIKE = /^\s*(?:[<>=!]|≥|≤)/;

const isScalar = (value: unknown): value is Scalar => ['string', 'number', 'boolean'].includes(typeof value);

/** The test that a value stands for; undefined, and said, when it is none. `literal`: texts that are never comparisons. */
export function readTest(raw: unknown, spot: Spot, literal: readonly string[] = []): Test | undefined {
  const values: unknown[] = Array.isArray(raw) ? raw : [raw];
  if (values.length === 0) return void fail(spot, 'The list is empty: no value could ever match.');
  if (isMapping(raw) || values.some((value) => !isScalar(value))) {
    return void fail(spot, `${shown(raw)} is not a value.`, {
      hint: 'A value, a list of values, or a comparison in quotes.',
    });
  }
  const scalars = values.filter(isScalar);
  const odd = scalars.find((value) => typeof value === 'string' && LOOKS_LIKE.test(value) && !literal.includes(value));
  if (odd === undefined) return { oneOf: scalars };
  const [, operator, than] = COMPARISON.exec(String(odd)) ?? [];
  if (Array.isArray(raw)) return void fail(spot, 'A comparison cannot stand in a list.', { hint: 'Use `any:`.' });
  if (!operator || than === undefined) {
    return void fail(spot, `${shown(odd)} is not a comparison of numbers: write it like \`">= 20"\`.`);
  }
  const compare = Object.entries(OPERATORS).find(([sign]) => sign === operator)?.[1] ?? '=';
  return { compare, than: Number(than) };
}
