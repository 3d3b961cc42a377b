/** Cases of the language: Pass states, expressions, variables and the context. */

import { jsonata, scope } from '../world.ts';
import { type AslCase, output, pass, query } from './asl-case.ts';

export const passes: AslCase[] = [
  {
    name: 'Pass hands its input on',
    machine: jsonata({ Only: pass({}) }),
    input: { a: [1, null] },
    output: { a: [1, null] },
  },
  {
    name: 'Pass gives an output of its own',
    machine: output({ a: 'b', c: [1, '{% 1 + 1 %}', true, null] }),
    output: { a: 'b', c: [1, 2, true, null] },
  },
  {
    name: 'a string that is no expression stays as it is',
    machine: output('$states.input.x'),
    output: '$states.input.x',
  },
  {
    name: 'an expression may be deep in a template',
    machine: output({ a: { b: [{ c: '{% $states.input.x %}' }] } }),
    input: { x: 7 },
    output: { a: { b: [{ c: 7 }] } },
  },
  { name: 'null is a value', machine: output({ v: '{% $states.input.x %}' }), input: { x: null }, output: { v: null } },
  { name: 'a list of one stays a list', machine: output('{% $states.input.x %}'), input: { x: [1] }, output: [1] },
  {
    name: 'an expression without a value fails the state',
    machine: output({ v: '{% $states.input.absent %}' }),
    error: 'States.QueryEvaluationError',
    cause:
      "The JSONata expression '$states.input.absent' specified for the field 'Output/v' returned nothing (undefined).",
  },
  {
    name: 'the cause names the state and the event of its entry',
    machine: query('$states.input.absent'),
    error: 'States.QueryEvaluationError',
    cause: "An error occurred while executing the state 'Only' (entered at the event id #2). ",
  },
  {
    name: 'an expression that fails fails the state',
    machine: query('$states.input.a + 1'),
    input: { a: 'x' },
    error: 'States.QueryEvaluationError',
    cause: 'T2001',
  },
  { name: 'a function is not a value', machine: query('function($x){ $x }'), error: 'States.QueryEvaluationError' },
  {
    name: 'a number that is not finite is written out',
    machine: query('[$number("1") / 1, $parseInteger("abc", "0")]'),
    output: [1, 'NaN'],
  },
];

export const functions: AslCase[] = [
  {
    name: '$partition cuts a list into parts',
    machine: query('$partition([1,2,3,4,5], 2)'),
    output: [[1, 2], [3, 4], [5]],
  },
  {
    name: '$partition rounds its size towards zero',
    machine: query('$partition([1,2,3], 2.9)'),
    output: [[1, 2], [3]],
  },
  {
    name: '$partition with a size of zero has no value',
    machine: query('$partition([1], 0)'),
    error: 'States.QueryEvaluationError',
  },
  { name: '$range counts up', machine: query('$range(0, 10, 4)'), output: [0, 4, 8] },
  { name: '$range counts down', machine: query('$range(3, 1, -1)'), output: [3, 2, 1] },
  { name: '$range of one number is that number', machine: query('$range(5, 5, 1)'), output: 5 },
  {
    name: '$range against its step has no value',
    machine: query('$range(1, 3, -1)'),
    error: 'States.QueryEvaluationError',
  },
  {
    name: '$hash hashes',
    machine: query("$hash('abc', 'SHA-256')"),
    output: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  },
  {
    name: '$hash refuses an unknown algorithm',
    machine: query("$hash('abc', 'CRC')"),
    error: 'States.QueryEvaluationError',
    cause: 'CRC',
  },
  { name: '$random is below one', machine: query('$random() >= 0 and $random() < 1'), output: true },
  {
    name: '$random with a seed repeats itself',
    machine: query('$random(42) = $random(42) and $random(42) != $random(43)'),
    output: true,
  },
  { name: '$uuid makes a version 4', machine: query('$length($uuid()) & $substring($uuid(), 14, 1)'), output: '364' },
  {
    name: '$parse reads JSON',
    machine: query('$parse($states.input.text).a[1]'),
    input: { text: '{"a":[1,2]}' },
    output: 2,
  },
  { name: '$parse of what is not JSON fails', machine: query("$parse('{')"), error: 'States.QueryEvaluationError' },
  {
    name: '$now and $millis read the clock of the engine',
    machine: output(['{% $now() %}', '{% $millis() %}', "{% $now('[Y0001]/[M01]') %}"]),
    output: ['2027-03-01T08:00:00.000Z', 1803888000000, '2027/03'],
  },
];

export const variables: AslCase[] = [
  {
    name: 'Assign makes variables for the states that follow',
    machine: jsonata({
      A: { Type: 'Pass', Assign: { x: '{% $states.input.a %}', y: 'fixed' }, Next: 'B' },
      B: pass({ Output: ['{% $x %}', '{% $y %}'] }),
    }),
    input: { a: 1 },
    output: [1, 'fixed'],
  },
  {
    name: 'Assign and Output see the values at entry',
    machine: jsonata({
      A: { Type: 'Pass', Assign: { x: 3, a: 6 }, Next: 'B' },
      B: { Type: 'Pass', Assign: { x: '{% $a %}', nextX: '{% $x %}' }, Output: '{% $x %}', Next: 'C' },
      C: pass({ Output: ['{% $x %}', '{% $nextX %}', '{% $states.input %}'] }),
    }),
    output: [6, 3, 3],
  },
  {
    name: 'a variable that was never assigned has no value',
    machine: query('$never'),
    error: 'States.QueryEvaluationError',
  },
  {
    name: 'branches see outer variables and keep their own',
    machine: jsonata({
      A: { Type: 'Pass', Assign: { outer: 1 }, Next: 'P' },
      P: {
        Type: 'Parallel',
        Branches: [
          scope({
            L1: { Type: 'Pass', Assign: { left: '{% $outer + 1 %}' }, Next: 'L2' },
            L2: pass({ Output: '{% $left %}' }),
          }),
          scope({ R: pass({ Output: '{% $exists($left) %}' }) }),
        ],
        Next: 'Z',
      },
      Z: pass({ Output: ['{% $states.input %}', '{% $exists($left) %}', '{% $outer %}'] }),
    }),
    output: [[2, false], false, 1],
  },
];

export const context: AslCase[] = [
  {
    name: 'the context tells of execution, state and machine',
    machine: output({
      id: '{% $substringAfter($states.context.Execution.Id, "execution:") != "" %}',
      input: '{% $states.context.Execution.Input.a %}',
      role: '{% $states.context.Execution.RoleArn %}',
      start: '{% $states.context.Execution.StartTime %}',
      redrive: '{% $states.context.Execution.RedriveCount %}',
      entered: '{% $states.context.State.EnteredTime %}',
      state: '{% $states.context.State.Name %}',
      retries: '{% $states.context.State.RetryCount %}',
      machine: '{% $contains($states.context.StateMachine.Id, $states.context.StateMachine.Name) %}',
    }),
    input: { a: 5 },
    output: {
      id: true,
      input: 5,
      role: 'arn:aws:iam::123456789012:role/machines',
      start: '2027-03-01T08:00:00Z',
      redrive: 0,
      entered: '2027-03-01T08:00:00Z',
      state: 'Only',
      retries: 0,
      machine: true,
    },
  },
  {
    name: 'the context can be taken as a whole',
    machine: query('$keys($states.context)'),
    output: ['Execution', 'State', 'StateMachine'],
  },
  {
    name: 'only a task that waits has a token',
    machine: query('$states.context.Task.Token'),
    error: 'States.QueryEvaluationError',
  },
];
