/** Cases of the language: Wait, Succeed and Fail states, and fields of the whole machine. */

import { jsonata } from '../world.ts';
import { type AslCase, pass } from './asl-case.ts';

export const waits: AslCase[] = [
  {
    name: 'Wait lets seconds pass',
    machine: jsonata({ W: { Type: 'Wait', Seconds: 30, Next: 'Z' }, Z: pass({ Output: '{% $millis() %}' }) }),
    advance: 100,
    output: 1803888030000,
  },
  {
    name: 'Wait is not over a moment too early',
    machine: jsonata({ W: { Type: 'Wait', Seconds: 30, End: true } }),
    advance: 29.999,
    status: 'RUNNING',
  },
  {
    name: 'Wait takes seconds from an expression',
    machine: jsonata({
      W: { Type: 'Wait', Seconds: '{% $states.input.s %}', Next: 'Z' },
      Z: pass({ Output: '{% $millis() %}' }),
    }),
    input: { s: 5 },
    advance: 10,
    output: 1803888005000,
  },
  {
    name: 'Wait waits for an instant with an offset',
    machine: jsonata({
      W: { Type: 'Wait', Timestamp: '2027-03-01T10:00:00+01:00', Next: 'Z' },
      Z: pass({ Output: '{% $now() %}' }),
    }),
    advance: 7200,
    output: '2027-03-01T09:00:00.000Z',
  },
  {
    name: 'Wait cuts off the fraction of an instant',
    machine: jsonata({
      W: { Type: 'Wait', Timestamp: '{% $states.input.due %}', Next: 'Z' },
      Z: pass({ Output: '{% $now() %}' }),
    }),
    input: { due: '2027-03-01T08:00:09.900Z' },
    advance: 60,
    output: '2027-03-01T08:00:09.000Z',
  },
  {
    name: 'Wait for an instant that has passed goes on at once',
    machine: jsonata({ W: { Type: 'Wait', Timestamp: '2020-01-01T00:00:00Z', End: true } }),
    input: 'x',
    output: 'x',
  },
  {
    name: 'Wait of no seconds goes on at once',
    machine: jsonata({ W: { Type: 'Wait', Seconds: 0, End: true } }),
    input: 'x',
    output: 'x',
  },
  {
    name: 'Wait assigns and gives an output when it is over',
    machine: jsonata({
      W: { Type: 'Wait', Seconds: 1, Assign: { at: '{% $millis() %}' }, Output: 'over', Next: 'Z' },
      Z: pass({ Output: ['{% $at %}', '{% $states.input %}'] }),
    }),
    advance: 1,
    output: [1803888001000, 'over'],
  },
  {
    name: 'Wait refuses a time without a zone',
    machine: jsonata({ W: { Type: 'Wait', Timestamp: '{% $states.input %}', End: true } }),
    input: '2027-03-01T10:00:00',
    error: 'States.QueryEvaluationError',
  },
  {
    name: 'Wait refuses part of a second',
    machine: jsonata({ W: { Type: 'Wait', Seconds: '{% 1.5 %}', End: true } }),
    error: 'States.QueryEvaluationError',
  },
  {
    name: 'Wait refuses a text for seconds',
    machine: jsonata({ W: { Type: 'Wait', Seconds: "{% '5' %}", End: true } }),
    error: 'States.QueryEvaluationError',
    cause: "Expected 'number'",
  },
];

export const ending: AslCase[] = [
  { name: 'Succeed ends with its input', machine: jsonata({ S: { Type: 'Succeed' } }), input: 5, output: 5 },
  {
    name: 'Succeed gives an output of its own',
    machine: jsonata({ S: { Type: 'Succeed', Output: '{% $states.input + 1 %}' } }),
    input: 5,
    output: 6,
  },
  {
    name: 'Fail ends with error and cause',
    machine: jsonata({ F: { Type: 'Fail', Error: 'Own', Cause: 'because' } }),
    error: 'Own',
    cause: 'because',
  },
  {
    name: 'Fail takes error and cause from expressions',
    machine: jsonata({
      F: { Type: 'Fail', Error: "{% 'E' & $states.input.n %}", Cause: '{% $string($states.input) %}' },
    }),
    input: { n: 4 },
    error: 'E4',
    cause: '{"n":4}',
  },
  {
    name: 'Fail refuses a number for its error',
    machine: jsonata({ F: { Type: 'Fail', Error: '{% 4 %}' } }),
    error: 'States.QueryEvaluationError',
    cause: "Expected 'string'",
  },
  {
    name: 'TimeoutSeconds of the machine ends the execution',
    machine: jsonata({ W: { Type: 'Wait', Seconds: 100, End: true } }, { TimeoutSeconds: 20 }),
    advance: 20,
    status: 'TIMED_OUT',
  },
  {
    name: 'Comment and Version are allowed',
    machine: jsonata({ S: { Type: 'Succeed', Comment: 'done' } }, { Comment: 'all', Version: '1.0' }),
    output: {},
  },
  {
    name: 'a state may name JSONata itself',
    machine: { StartAt: 'S', States: { S: { Type: 'Succeed', QueryLanguage: 'JSONata', Output: '{% 1 %}' } } },
    output: 1,
  },
];
