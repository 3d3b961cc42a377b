/**
 * The functions that Step Functions adds to JSONata (AWS developer guide, "JSONata functions provided by Step
 * Functions"). Arguments that are not integers are rounded towards zero. An argument that makes no sense gives no
 * value, so that the field fails with States.QueryEvaluationError.
 */
import { createHash, randomUUID } from 'node:crypto';

const HASHES: Record<string, string> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** AWS refuses one element more than this for want of memory. */
const RANGE_LIMIT = 360_145;

export type QueryFunction = (...args: unknown[]) => unknown;

export const FUNCTIONS: Readonly<Record<string, QueryFunction>> = {
  partition,
  range,
  hash,
  random,
  parse,
  uuid: () => randomUUID(),
};

function partition(items: unknown, size: unknown): unknown {
  if (items === undefined) return undefined;
  const list = Array.isArray(items) ? items : [items];
  const step = wholeNumber('partition', size);
  if (step === undefined || step <= 0 || list.length === 0) return undefined;
  const parts: unknown[][] = [];
  for (let start = 0; start < list.length; start += step) parts.push(list.slice(start, start + step));
  return parts;
}

function range(from: unknown, to: unknown, by: unknown): unknown {
  const start = wholeNumber('range', from);
  const end = wholeNumber('range', to);
  const step = wholeNumber('range', by);
  if (start === undefined || end === undefined || !step || Math.sign(end - start) === -Math.sign(step))
    return undefined;
  const length = Math.floor((end - start) / step) + 1;
  if (length > RANGE_LIMIT) throw new Error('Expression evaluation memory limit exceeded');
  // Like a JSONata sequence, a range of one is that one number.
  return length === 1 ? start : Array.from({ length }, (_, index) => start + index * step);
}

function hash(text: unknown, algorithm: unknown): unknown {
  if (text === undefined || algorithm === undefined) return undefined;
  const name = HASHES[String(algorithm)];
  if (typeof text !== 'string') throw new Error('The first argument of $hash must be a string');
  if (name === undefined) throw new Error(`$hash does not know the algorithm ${JSON.stringify(algorithm)}`);
  return createHash(name).update(text).digest('hex');
}

function random(seed: unknown): number {
  const start = wholeNumber('random', seed);
  return start === undefined ? Math.random() : seeded(start);
}

/** One step of the generator mulberry32: the same seed gives the same number. AWS does not say which one it uses. */
function seeded(seed: number): number {
  let state = (seed + 0x6d2b79f5) | 0;
  state = Math.imul(state ^ (state >>> 15), state | 1);
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
  return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
}

function parse(text: unknown): unknown {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw new Error('The argument of $parse must be a string');
  return JSON.parse(text);
}

function wholeNumber(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number') throw new Error(`The arguments of $${name} must be numbers`);
  return Math.trunc(value);
}
