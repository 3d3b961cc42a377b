/** Checks and compiles `Retry` and `Catch`. */

import { assign, list, MAX_SECONDS, note, number, type Part, partOf, requireFields, template, text } from './field.ts';
import { checkFields } from './known-fields.ts';
import type { Catcher, Retrier } from './machine.ts';

const RETRIER = [
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
  'Comment',
];
const CATCHER = ['ErrorEquals', 'Next', 'Assign', 'Output', 'Comment'];

/** One year, the longest that AWS lets a retry be delayed. */
const MAX_DELAY_SECONDS = 31_622_400;

export function retriers(state: Part): Retrier[] {
  const values = list(state, 'Retry');
  return values.flatMap((value, index) => {
    const part = partOf(state, value, `Retry[${index}]`);
    return part ? [retrier(part, index === values.length - 1)] : [];
  });
}

function retrier(part: Part, last: boolean): Retrier {
  checkFields(part, RETRIER);
  const jitter = text(part, 'JitterStrategy') ?? 'NONE';
  if (jitter !== 'FULL' && jitter !== 'NONE') {
    note(part, 'Value should be one of the following: [FULL, NONE]', 'JitterStrategy');
  }
  return {
    errorEquals: errorNames(part, last),
    intervalSeconds: number(part, 'IntervalSeconds', { min: 1, max: MAX_SECONDS, whole: true }) ?? 1,
    maxAttempts: number(part, 'MaxAttempts', { min: 0, max: MAX_SECONDS, whole: true }) ?? 3,
    backoffRate: number(part, 'BackoffRate', { min: 1, max: Number.MAX_VALUE, whole: false }) ?? 2,
    maxDelaySeconds: number(part, 'MaxDelaySeconds', { min: 1, max: MAX_DELAY_SECONDS, whole: true }),
    jitter: jitter === 'FULL' ? 'FULL' : 'NONE',
  };
}

export function catchers(state: Part): Catcher[] {
  const values = list(state, 'Catch');
  return values.flatMap((value, index) => {
    const part = partOf(state, value, `Catch[${index}]`);
    return part ? [catcher(part, index, index === values.length - 1)] : [];
  });
}

function catcher(part: Part, index: number, last: boolean): Catcher {
  checkFields(part, CATCHER);
  requireFields(part, 'Next');
  const prefix = `Catch[${index}]/`;
  return {
    errorEquals: errorNames(part, last),
    next: text(part, 'Next') ?? '',
    assign: assign(part, ['errorOutput'], prefix),
    output: template(part, 'Output', ['errorOutput'], prefix),
  };
}

function errorNames(part: Part, last: boolean): string[] {
  requireFields(part, 'ErrorEquals');
  const values = list(part, 'ErrorEquals');
  const names = values.filter((name) => typeof name === 'string');
  if (names.length !== values.length) note(part, 'Expected value of type [STRING]', 'ErrorEquals');
  if (names.includes('States.ALL') && (names.length > 1 || !last)) {
    note(part, 'States.ALL must appear alone and at the end of the list', 'ErrorEquals');
  }
  return names;
}
