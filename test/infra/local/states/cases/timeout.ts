/** Cases of the language: timeouts and heartbeats. */

import { invoke, invokeWaiting, jsonata } from '../world.ts';
import { type AslCase, at, echo, ends, never, pass } from './asl-case.ts';

export const timeouts: AslCase[] = [
  {
    name: 'TimeoutSeconds fails a task that takes too long',
    machine: jsonata({ T: invoke('never', { TimeoutSeconds: 5, End: true }) }),
    functions: never,
    hangs: true,
    advance: 5,
    error: 'States.Timeout',
  },
  {
    name: 'TimeoutSeconds may be an expression',
    machine: jsonata({
      T: invoke('never', {
        TimeoutSeconds: '{% $states.input.s %}',
        Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Z' }],
        End: true,
      }),
      Z: pass({ Output: '{% $millis() %}' }),
    }),
    input: { s: 30 },
    functions: never,
    hangs: true,
    advance: 60,
    output: at(30),
  },
  {
    name: 'TimeoutSeconds of zero fails the query',
    machine: jsonata({ T: invoke('never', { TimeoutSeconds: '{% 0 %}', End: true }) }),
    functions: never,
    hangs: true,
    error: 'States.QueryEvaluationError',
  },
  {
    name: 'States.TaskFailed does not match a timeout',
    machine: jsonata({
      T: invoke('never', {
        TimeoutSeconds: 5,
        Catch: [
          { ErrorEquals: ['States.TaskFailed'], Next: 'No' },
          { ErrorEquals: ['States.ALL'], Next: 'Yes' },
        ],
        End: true,
      }),
      ...ends,
    }),
    functions: never,
    hangs: true,
    advance: 5,
    output: 'yes',
  },
  {
    name: 'a token that does not come back times out',
    machine: jsonata({
      T: invokeWaiting('echo', {
        TimeoutSeconds: 60,
        Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Z' }],
        End: true,
      }),
      Z: pass({ Output: ['{% $states.input %}', '{% $millis() %}'] }),
    }),
    functions: echo,
    advance: 100,
    output: [{ Error: 'States.Timeout' }, at(60)],
  },
  {
    name: 'a heartbeat that stays away is caught by its own name',
    machine: jsonata({
      T: invokeWaiting('echo', {
        TimeoutSeconds: 60,
        HeartbeatSeconds: 10,
        Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Z' }],
        End: true,
      }),
      Z: pass({ Output: '{% $millis() %}' }),
    }),
    functions: echo,
    advance: 100,
    output: at(10),
  },
  {
    name: 'a heartbeat that stays away is a timeout too',
    machine: jsonata({
      T: invokeWaiting('echo', {
        HeartbeatSeconds: '{% 10 %}',
        Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Z' }],
        End: true,
      }),
      Z: pass({ Output: '{% $millis() %}' }),
    }),
    functions: echo,
    advance: 100,
    output: at(10),
  },
  {
    name: 'Retry starts a task that timed out again',
    machine: jsonata({
      T: invokeWaiting('echo', {
        TimeoutSeconds: 60,
        Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Z' }],
        End: true,
      }),
      Z: pass({ Output: '{% $millis() %}' }),
    }),
    functions: echo,
    advance: 200,
    output: at(121),
  },
];
