/** Cases of the language: Task states and the services they call. */

import { invoke, jsonata, named } from '../world.ts';
import { type AslCase, echo, pass, payload, query } from './asl-case.ts';

export const tasks: AslCase[] = [
  {
    name: 'a task calls its function and has its result',
    machine: jsonata({
      T: invoke('echo', {
        Arguments: payload({ a: '{% $states.input.x %}' }),
        End: true,
        Output:
          '{% [$states.result.ExecutedVersion, $states.result.Payload, $states.result.StatusCode, $exists($states.result.SdkResponseMetadata.RequestId)] %}',
      }),
    }),
    functions: echo,
    input: { x: 1 },
    output: ['$LATEST', { a: 1 }, 200, true],
  },
  {
    name: 'a task without a payload sends an empty object',
    machine: jsonata({ T: invoke('echo', { End: true, Output: '{% $states.result.Payload %}' }) }),
    functions: echo,
    output: {},
  },
  {
    name: 'a function that returns nothing gives null',
    machine: jsonata({ T: invoke('nothing', { End: true, Output: '{% $states.result.Payload %}' }) }),
    functions: { nothing: () => undefined },
    output: null,
  },
  {
    name: 'a task assigns from its result',
    machine: jsonata({
      T: invoke('echo', {
        Arguments: payload({ due: 7 }),
        Assign: { due: '{% $states.result.Payload.due %}' },
        Next: 'Z',
      }),
      Z: pass({ Output: '{% $due %}' }),
    }),
    functions: echo,
    output: 7,
  },
  {
    name: 'Arguments may be one expression',
    machine: jsonata({
      T: invoke('echo', { Arguments: '{% $states.input %}', End: true, Output: '{% $states.result.Payload %}' }),
    }),
    functions: echo,
    input: { FunctionName: 'echo', Payload: 9 },
    output: 9,
  },
  {
    name: 'an error of a function has its type and a cause in JSON',
    machine: jsonata({ T: invoke('boom', { End: true }) }),
    functions: {
      boom: () => {
        throw named('Hold', '2027-03-02T08:00:00Z');
      },
    },
    error: 'Hold',
    cause: '{"errorType":"Hold","errorMessage":"2027-03-02T08:00:00Z","trace":[]}',
  },
  {
    name: 'a function that does not exist is an error of Lambda',
    machine: jsonata({ T: invoke('nobody', { End: true }) }),
    error: 'Lambda.ResourceNotFoundException',
    cause: 'Function not found: nobody',
  },
  {
    name: 'arguments without a function cannot be caught',
    machine: jsonata({
      T: invoke('x', { Arguments: '{% {} %}', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Z' }], End: true }),
      Z: pass({}),
    }),
    error: 'States.Runtime',
    cause: 'FunctionName',
  },
  {
    name: 'a result above 256 KiB is not caught by States.ALL',
    machine: jsonata({
      T: invoke('big', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Z' }], End: true }),
      Z: pass({}),
    }),
    functions: { big: () => 'x'.repeat(262_144) },
    error: 'States.DataLimitExceeded',
  },
  {
    name: 'a result above 256 KiB is caught by its own name',
    machine: jsonata({
      T: invoke('big', { Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'Z' }], End: true }),
      Z: pass({ Output: 'caught' }),
    }),
    functions: { big: () => 'x'.repeat(262_144) },
    output: 'caught',
  },
  {
    name: 'an output above 256 KiB fails',
    machine: query("$pad('x', 262145)"),
    error: 'States.DataLimitExceeded',
  },
];

export const services: AslCase[] = [
  {
    name: 'events:putEvents gives the ids of the events',
    machine: jsonata({
      E: {
        Type: 'Task',
        Resource: 'arn:aws:states:::events:putEvents',
        Arguments: {
          Entries: [
            { Source: 'own', DetailType: 'lead.ready', Detail: { a: '{% $states.input %}' }, EventBusName: 'bus' },
          ],
        },
        Output: '{% [$states.result.FailedEntryCount, $exists($states.result.Entries[0].EventId)] %}',
        End: true,
      },
    }),
    input: 1,
    output: [0, true],
  },
  {
    name: 'events:putEvents with a broken entry is a runtime error',
    machine: jsonata({
      E: {
        Type: 'Task',
        Resource: 'arn:aws:states:::events:putEvents',
        Arguments: { Entries: [{ Source: 'own' }] },
        End: true,
      },
    }),
    error: 'States.Runtime',
    cause: 'DetailType',
  },
  {
    name: 'states:startExecution of a machine that does not exist',
    machine: jsonata({
      S: {
        Type: 'Task',
        Resource: 'arn:aws:states:::states:startExecution',
        Arguments: { StateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:none' },
        End: true,
      },
    }),
    error: 'StepFunctions.StateMachineDoesNotExistException',
  },
];
