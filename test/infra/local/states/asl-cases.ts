/** One small machine for each feature of the language that the engine claims, with what it must come to. */
import { type Code, invoke, invokeWaiting, jsonata, named, scope } from './world.ts';

export interface AslCase {
  name: string;
  machine: object;
  input?: unknown;
  functions?: Record<string, Code>;
  /** A function never returns. */
  hangs?: boolean;
  /** Seconds by which the clock is moved before the result is read. */
  advance?: number;
  output?: unknown;
  error?: string;
  /** A part of the cause. */
  cause?: string;
  status?: string;
}

const pass = (more: object) => ({ Type: 'Pass', End: true, ...more });
const output = (value: unknown, more: object = {}) => jsonata({ Only: pass({ Output: value, ...more }) });
const query = (expression: string) => output(`{% ${expression} %}`);

const passes: AslCase[] = [
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

const functions: AslCase[] = [
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

const variables: AslCase[] = [
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

const context: AslCase[] = [
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

const rule = (condition: unknown, next: string, more: object = {}) => ({ Condition: condition, Next: next, ...more });
const ends = { Yes: pass({ Output: 'yes' }), No: pass({ Output: 'no' }) };
const choices: AslCase[] = [
  {
    name: 'Choice takes the first rule that holds',
    machine: jsonata({
      C: {
        Type: 'Choice',
        Choices: [rule('{% $states.input.n > 5 %}', 'No'), rule('{% $states.input.n > 1 %}', 'Yes')],
      },
      ...ends,
    }),
    input: { n: 3 },
    output: 'yes',
  },
  {
    name: 'Choice takes its default',
    machine: jsonata({ C: { Type: 'Choice', Choices: [rule('{% false %}', 'No')], Default: 'Yes' }, ...ends }),
    output: 'yes',
  },
  {
    name: 'Choice without a rule that holds fails',
    machine: jsonata({
      C: {
        Type: 'Choice',
        Choices: [rule("{% $states.input.o = 'a' %}", 'Yes'), rule("{% $states.input.o = 'b' %}", 'No')],
      },
      ...ends,
    }),
    input: { o: 'c' },
    error: 'States.NoChoiceMatched',
  },
  {
    name: 'a condition that is not a boolean fails',
    machine: jsonata({ C: { Type: 'Choice', Choices: [rule('{% 1 %}', 'Yes')], Default: 'No' }, ...ends }),
    error: 'States.QueryEvaluationError',
    cause: "'Choices[0]/Condition'",
  },
  {
    name: 'a rule assigns and gives an output',
    machine: jsonata({
      C: {
        Type: 'Choice',
        Choices: [rule('{% true %}', 'V', { Assign: { v: 1 }, Output: 'from the rule' })],
        Default: 'V',
      },
      V: pass({ Output: ['{% $v %}', '{% $states.input %}'] }),
    }),
    output: [1, 'from the rule'],
  },
  {
    name: 'Assign beside the rules applies to the default',
    machine: jsonata({
      C: { Type: 'Choice', Choices: [rule('{% false %}', 'V')], Default: 'V', Assign: { v: 1 } },
      V: pass({ Output: '{% $v %}' }),
    }),
    output: 1,
  },
  {
    name: 'Assign beside the rules applies to a rule that matches',
    machine: jsonata({
      C: { Type: 'Choice', Choices: [rule('{% true %}', 'V', { Assign: { w: 2 } })], Default: 'V', Assign: { v: 1 } },
      V: pass({ Output: ['{% $v %}', '{% $w %}'] }),
    }),
    output: [1, 2],
  },
];

const waits: AslCase[] = [
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

const ending: AslCase[] = [
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

const echo = { echo: (payload: object) => payload };
const payload = (value: unknown) => ({ FunctionName: 'echo', Payload: value });
const tasks: AslCase[] = [
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
    machine: query("$join($map($range(1, 300000, 1), function($i){ 'x' }))"),
    error: 'States.DataLimitExceeded',
  },
];

const failing = (...errors: string[]): Record<string, Code> => {
  const left = [...errors];
  return {
    task: () => {
      const error = left.shift();
      if (error) throw named(error, 'no');
      return 'fine';
    },
  };
};
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
const at = (seconds: number) => 1803888000000 + seconds * 1000;
const retries: AslCase[] = [
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

const boom = (name: string) => ({
  boom: () => {
    throw named(name, 'why');
  },
});
const catches: AslCase[] = [
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

const never = { never: () => new Promise(() => {}) };
const timeouts: AslCase[] = [
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

const parallels: AslCase[] = [
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

const each = (processor: object, more: object = {}) =>
  jsonata({ M: { Type: 'Map', ItemProcessor: processor, End: true, ...more } });
const twice = scope({ D: pass({ Output: '{% $states.input * 2 %}' }) });
const maps: AslCase[] = [
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

const services: AslCase[] = [
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

export const ASL_CASES: readonly AslCase[] = [
  ...passes,
  ...functions,
  ...variables,
  ...context,
  ...choices,
  ...waits,
  ...ending,
  ...tasks,
  ...retries,
  ...catches,
  ...timeouts,
  ...parallels,
  ...maps,
  ...services,
];
