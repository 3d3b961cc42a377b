/** Cases of the language: Map states. */

import { invoke, jsonata, scope } from '../world.ts';
import { type AslCase, at, failing, pass, rule } from './asl-case.ts';

const each = (processor: object, more: object = {}) =>
  jsonata({ M: { Type: 'Map', ItemProcessor: processor, End: true, ...more } });

const twice = scope({ D: pass({ Output: '{% $states.input * 2 %}' }) });

export const maps: AslCase[] = [
  { name: 'Map runs for each item of its input', machine: each(twice), input: [1, 2, 3], output: [2, 4, 6] },
  {
    name: 'Map takes items from an expression',
    machine: each(twice, { Items: '{% $states.input.list %}' }),
    input: { list: [5] },
    output: [10],
  },
  {
    name: 'Map takes items from a list with expressions',
    machine: each(twice, { Items: [1, '{% $states.input %}'] }),
    input: 4,
    output: [2, 8],
  },
  {
    name: 'Map of nothing is an empty list',
    machine: each(twice, { Items: [], Output: '{% $states.result %}' }),
    output: [],
  },
  {
    name: 'ItemSelector has index, value and source',
    machine: each(scope({ D: pass({}) }), {
      ItemSelector: {
        i: '{% $states.context.Map.Item.Index %}',
        v: '{% $states.context.Map.Item.Value.a %}',
        s: '{% $states.context.Map.Item.Source %}',
        all: '{% $count($states.input) %}',
      },
    }),
    input: [{ a: 'x' }, { a: 'y' }],
    output: [
      { i: 0, v: 'x', s: 'STATE_DATA', all: 2 },
      { i: 1, v: 'y', s: 'STATE_DATA', all: 2 },
    ],
  },
  {
    name: 'the states within have no item in their context',
    machine: each(scope({ D: pass({ Output: '{% $states.context.Map.Item.Index %}' }) })),
    input: [1],
    error: 'States.QueryEvaluationError',
  },
  {
    name: 'MaxConcurrency 1 runs one after the other',
    machine: each(
      scope({
        W: { Type: 'Wait', Seconds: 10, Next: 'D' },
        D: pass({ Output: '{% ($millis() - 1803888000000) / 1000 %}' }),
      }),
      { MaxConcurrency: 1 },
    ),
    input: [1, 2, 3],
    advance: 100,
    output: [10, 20, 30],
  },
  {
    name: 'MaxConcurrency may be an expression',
    machine: each(
      scope({
        W: { Type: 'Wait', Seconds: 10, Next: 'D' },
        D: pass({ Output: '{% ($millis() - 1803888000000) / 1000 %}' }),
      }),
      { MaxConcurrency: '{% 2 %}' },
    ),
    input: [1, 2, 3],
    advance: 100,
    output: [10, 10, 20],
  },
  {
    name: 'Map without MaxConcurrency runs forty at once',
    machine: each(
      scope({
        W: { Type: 'Wait', Seconds: 10, Next: 'D' },
        D: pass({ Output: '{% ($millis() - 1803888000000) / 1000 %}' }),
      }),
      { Output: '{% [$states.result[39], $states.result[40]] %}' },
    ),
    input: Array.from({ length: 41 }, () => 0),
    advance: 100,
    output: [10, 20],
  },
  {
    name: 'an iteration that fails fails the Map',
    machine: each(
      scope({
        C: { Type: 'Choice', Choices: [rule('{% $states.input = 2 %}', 'F')], Default: 'G' },
        F: { Type: 'Fail', Error: 'Two' },
        G: { Type: 'Wait', Seconds: 60, End: true },
      }),
      {},
    ),
    input: [1, 2, 3],
    error: 'Two',
  },
  {
    name: 'Map catches and retries',
    machine: jsonata({
      M: {
        Type: 'Map',
        Items: [1],
        ItemProcessor: scope({ T: invoke('task', { Output: '{% $states.result.Payload %}', End: true }) }),
        Retry: [{ ErrorEquals: ['A'], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ['B'], Next: 'Z' }],
        End: true,
      },
      Z: pass({ Output: '{% $millis() %}' }),
    }),
    functions: failing('A', 'B'),
    advance: 10,
    output: at(1),
  },
  {
    name: 'an ItemSelector that fails fails the Map, which may catch it',
    machine: jsonata({
      M: {
        Type: 'Map',
        Items: [1],
        ItemSelector: '{% $states.context.Map.Item.Value.a.b %}',
        ItemProcessor: twice,
        Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'Z' }],
        End: true,
      },
      Z: pass({ Output: 'caught' }),
    }),
    output: 'caught',
  },
  {
    name: 'Map refuses what is no list',
    machine: each(twice, { Items: '{% $states.input %}' }),
    input: { a: 1 },
    error: 'States.QueryEvaluationError',
    cause: "Expected 'array'",
  },
  {
    name: 'iterations see outer variables',
    machine: jsonata({
      A: { Type: 'Pass', Assign: { factor: 3 }, Next: 'M' },
      M: {
        Type: 'Map',
        Items: [1, 2],
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          ...scope({
            D: { Type: 'Pass', Assign: { own: '{% $states.input * $factor %}' }, Next: 'E' },
            E: pass({ Output: '{% $own %}' }),
          }),
        },
        End: true,
      },
    }),
    output: [3, 6],
  },
  {
    name: 'Map in a Map',
    machine: each(scope({ N: { Type: 'Map', ItemProcessor: twice, End: true } })),
    input: [[1, 2], [3]],
    output: [[2, 4], [6]],
  },
];
