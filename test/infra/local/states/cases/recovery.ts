/** Cases of the language: Retry and Catch. */

import { invoke, jsonata, scope } from '../world.ts';
import { type AslCase, at, boom, echo, ends, failing, pass } from './asl-case.ts';

const retry = (retriers: object[], more: object = {}) =>
  jsonata({
    T: invoke('task', {
      Retry: retriers,
      Output: ['{% $states.result.Payload %}', '{% $millis() %}', '{% $states.context.State.RetryCount %}'],
      End: true,
      ...more,
    }),
    Z: pass({ Output: ['{% $states.input.Error %}', '{% $millis() %}'] }),
  });

const toZ = { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Z' }] };

export const retries: AslCase[] = [
  {
    name: 'Retry waits one second, then doubles',
    machine: retry([{ ErrorEquals: ['E'] }], toZ),
    functions: failing('E', 'E', 'E'),
    advance: 60,
    output: ['fine', at(1 + 2 + 4), 3],
  },
  {
    name: 'Retry gives up after three attempts',
    machine: retry([{ ErrorEquals: ['E'] }], toZ),
    functions: failing('E', 'E', 'E', 'E'),
    advance: 60,
    output: ['E', at(7)],
  },
  {
    name: 'Retry takes interval, rate and attempts',
    machine: retry([{ ErrorEquals: ['E'], IntervalSeconds: 10, BackoffRate: 1.5, MaxAttempts: 2 }], toZ),
    functions: failing('E', 'E', 'E'),
    advance: 60,
    output: ['E', at(25)],
  },
  {
    name: 'Retry never waits longer than its maximum',
    machine: retry([{ ErrorEquals: ['E'], IntervalSeconds: 10, BackoffRate: 10, MaxDelaySeconds: 15 }], toZ),
    functions: failing('E', 'E'),
    advance: 60,
    output: ['fine', at(25), 2],
  },
  {
    name: 'MaxAttempts 0 never retries',
    machine: retry([{ ErrorEquals: ['E'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }], toZ),
    functions: failing('E'),
    advance: 60,
    output: ['E', at(0)],
  },
  {
    name: 'each retrier counts for itself',
    machine: retry(
      [
        { ErrorEquals: ['A', 'B'], IntervalSeconds: 1, MaxAttempts: 2 },
        { ErrorEquals: ['C'], IntervalSeconds: 5 },
      ],
      toZ,
    ),
    functions: failing('A', 'B', 'C', 'B'),
    advance: 60,
    output: ['B', at(1 + 2 + 5)],
  },
  {
    name: 'States.TaskFailed retries an error of a function',
    machine: retry([{ ErrorEquals: ['States.TaskFailed'] }], toZ),
    functions: failing('Anything'),
    advance: 60,
    output: ['fine', at(1), 1],
  },
  {
    name: 'an error that no retrier names is not retried',
    machine: retry([{ ErrorEquals: ['Other'] }], toZ),
    functions: failing('E'),
    advance: 60,
    output: ['E', at(0)],
  },
  {
    name: 'a query that fails in Output runs the task again',
    machine: jsonata({
      T: invoke('count', {
        Retry: [{ ErrorEquals: ['States.QueryEvaluationError'] }],
        Output: '{% $states.result.Payload.ready %}',
        End: true,
      }),
    }),
    functions: {
      count: (() => {
        let n = 0;
        return () => (++n < 3 ? {} : { ready: n });
      })(),
    },
    advance: 60,
    output: 3,
  },
  {
    name: 'Retry of a Parallel runs all branches again',
    machine: jsonata({
      P: {
        Type: 'Parallel',
        Retry: [{ ErrorEquals: ['E'] }],
        Branches: [
          scope({ L: invoke('task', { Output: '{% $states.result.Payload %}', End: true }) }),
          scope({ R: pass({ Output: 'right' }) }),
        ],
        End: true,
      },
    }),
    functions: failing('E', 'E'),
    advance: 60,
    output: ['fine', 'right'],
  },
];

export const catches: AslCase[] = [
  {
    name: 'Catch hands on the error output',
    machine: jsonata({ T: invoke('boom', { Catch: [{ ErrorEquals: ['E'], Next: 'Z' }], End: true }), Z: pass({}) }),
    functions: boom('E'),
    output: { Error: 'E', Cause: '{"errorType":"E","errorMessage":"why","trace":[]}' },
  },
  {
    name: 'Catch assigns and gives an output',
    machine: jsonata({
      T: invoke('boom', {
        Catch: [
          {
            ErrorEquals: ['Hold'],
            Assign: { held: '{% $parse($states.errorOutput.Cause).errorMessage %}' },
            Output: '{% $states.input.kept %}',
            Next: 'Z',
          },
        ],
        End: true,
      }),
      Z: pass({ Output: ['{% $held %}', '{% $states.input %}'] }),
    }),
    input: { kept: 1 },
    functions: boom('Hold'),
    output: ['why', 1],
  },
  {
    name: 'the first catcher that matches is taken',
    machine: jsonata({
      T: invoke('boom', {
        Catch: [
          { ErrorEquals: ['A'], Next: 'No' },
          { ErrorEquals: ['B', 'E'], Next: 'Yes' },
          { ErrorEquals: ['States.ALL'], Next: 'No' },
        ],
        End: true,
      }),
      ...ends,
    }),
    functions: boom('E'),
    output: 'yes',
  },
  {
    name: 'names are compared by case',
    machine: jsonata({
      T: invoke('boom', { Catch: [{ ErrorEquals: ['e'], Next: 'No' }], End: true }),
      ...{ No: ends.No },
    }),
    functions: boom('E'),
    error: 'E',
  },
  {
    name: 'States.TaskFailed catches an error of a function',
    machine: jsonata({
      T: invoke('boom', { Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Yes' }], End: true }),
      Yes: ends.Yes,
    }),
    functions: boom('E'),
    output: 'yes',
  },
  {
    name: 'States.ALL catches a query that fails',
    machine: jsonata({
      T: invoke('echo', {
        Output: '{% $states.result.absent %}',
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Z' }],
        End: true,
      }),
      Z: pass({ Output: '{% $states.input.Error %}' }),
    }),
    functions: echo,
    output: 'States.QueryEvaluationError',
  },
  {
    name: 'a query that fails in a catcher is not caught again',
    machine: jsonata({
      T: invoke('boom', {
        Catch: [
          { ErrorEquals: ['E'], Output: '{% $states.errorOutput.absent %}', Next: 'Z' },
          { ErrorEquals: ['States.ALL'], Next: 'Z' },
        ],
        End: true,
      }),
      Z: pass({}),
    }),
    functions: boom('E'),
    error: 'States.QueryEvaluationError',
    cause: "'Catch[0]/Output'",
  },
  {
    name: 'a catcher may lead back',
    machine: jsonata({
      T: invoke('task', { Catch: [{ ErrorEquals: ['Hold'], Next: 'W' }], Output: '{% $millis() %}', End: true }),
      W: { Type: 'Wait', Seconds: 60, Next: 'T' },
    }),
    functions: failing('Hold', 'Hold'),
    advance: 200,
    output: at(120),
  },
];
