/** Cases of the language: Parallel states. */

import { invoke, jsonata, scope } from '../world.ts';
import { type AslCase, at, boom, pass, rule } from './asl-case.ts';

export const parallels: AslCase[] = [
  {
    name: 'Parallel gives the outputs in the order of its branches',
    machine: jsonata({
      P: {
        Type: 'Parallel',
        Branches: [
          scope({ A: { Type: 'Wait', Seconds: 9, Next: 'B' }, B: pass({ Output: 'slow' }) }),
          scope({ C: pass({ Output: '{% $states.input %}' }) }),
        ],
        End: true,
      },
    }),
    input: 1,
    advance: 10,
    output: ['slow', 1],
  },
  {
    name: 'Parallel hands its arguments to the branches',
    machine: jsonata({
      P: {
        Type: 'Parallel',
        Arguments: { a: '{% $states.input + 1 %}' },
        Branches: [scope({ C: pass({}) })],
        Output: '{% $merge($states.result) %}',
        End: true,
      },
    }),
    input: 1,
    output: { a: 2 },
  },
  {
    name: 'Parallel assigns from its result',
    machine: jsonata({
      P: {
        Type: 'Parallel',
        Branches: [scope({ A: pass({ Output: 1 }) }), scope({ B: pass({ Output: 2 }) })],
        Assign: { sum: '{% $sum($states.result) %}' },
        Next: 'Z',
      },
      Z: pass({ Output: '{% $sum %}' }),
    }),
    output: 3,
  },
  {
    name: 'a branch that fails fails the Parallel',
    machine: jsonata({
      P: {
        Type: 'Parallel',
        Branches: [
          scope({ A: { Type: 'Fail', Error: 'E', Cause: 'c' } }),
          scope({ B: { Type: 'Wait', Seconds: 100, End: true } }),
        ],
        End: true,
      },
    }),
    error: 'E',
    cause: 'c',
  },
  {
    name: 'Catch of a Parallel assigns in its own scope',
    machine: jsonata({
      P: {
        Type: 'Parallel',
        Branches: [scope({ A: { Type: 'Fail', Error: 'E' } })],
        Catch: [{ ErrorEquals: ['E'], Assign: { seen: '{% $states.errorOutput.Error %}' }, Next: 'Z' }],
        End: true,
      },
      Z: pass({ Output: '{% $seen %}' }),
    }),
    output: 'E',
  },
  {
    name: 'an error caught within a branch stays there',
    machine: jsonata({
      P: {
        Type: 'Parallel',
        Branches: [
          scope({
            A: invoke('boom', { Catch: [{ ErrorEquals: ['E'], Next: 'B' }], End: true }),
            B: pass({ Output: 'caught' }),
          }),
        ],
        End: true,
      },
    }),
    functions: boom('E'),
    output: ['caught'],
  },
  {
    name: 'NoChoiceMatched of a branch can be caught outside',
    machine: jsonata({
      P: {
        Type: 'Parallel',
        Branches: [scope({ C: { Type: 'Choice', Choices: [rule('{% false %}', 'D')] }, D: pass({}) })],
        Catch: [{ ErrorEquals: ['States.NoChoiceMatched'], Next: 'Z' }],
        End: true,
      },
      Z: pass({ Output: 'caught' }),
    }),
    output: 'caught',
  },
  {
    name: 'Parallel in a Parallel',
    machine: jsonata({
      P: {
        Type: 'Parallel',
        Branches: [
          scope({
            Q: {
              Type: 'Parallel',
              Branches: [
                scope({ A: pass({ Output: 1 }) }),
                scope({ B: { Type: 'Wait', Seconds: 3, Output: 2, End: true } }),
              ],
              End: true,
            },
          }),
          scope({ C: pass({ Output: 3 }) }),
        ],
        End: true,
      },
    }),
    advance: 5,
    output: [[1, 2], 3],
  },
  {
    name: 'a failure deep inside stops all around it',
    machine: jsonata({
      P: {
        Type: 'Parallel',
        Branches: [
          scope({
            Q: {
              Type: 'Parallel',
              Branches: [
                scope({ A: { Type: 'Fail', Error: 'Deep' } }),
                scope({ B: { Type: 'Wait', Seconds: 50, End: true } }),
              ],
              End: true,
            },
          }),
          scope({ C: { Type: 'Wait', Seconds: 50, End: true } }),
        ],
        Catch: [{ ErrorEquals: ['Deep'], Next: 'Z' }],
        End: true,
      },
      Z: pass({ Output: '{% $millis() %}' }),
    }),
    advance: 100,
    output: at(0),
  },
];
