import { describe, expect, it } from 'vitest';
import { createWorld, invoke, jsonata, START } from './world.ts';

const WAIT = jsonata({ W: { Type: 'Wait', Seconds: 60, End: true } });
const PASS = jsonata({ P: { Type: 'Pass', End: true } });
const DAY = 86_400;

describe('the start of an execution', () => {
  it('gives its ARN and the moment', () => {
    const world = createWorld();
    const arn = world.machine(PASS, 'm');
    expect(world.call('StartExecution', { stateMachineArn: arn, name: 'e' })).toEqual({
      executionArn: 'arn:aws:states:eu-central-1:123456789012:execution:m:e',
      startDate: START / 1000,
    });
  });

  it('is the same start while it runs, with the same name and input', async () => {
    const world = createWorld();
    const arn = world.machine(WAIT);
    const request = { stateMachineArn: arn, name: 'e', input: '{"a":1}' };
    const first = world.call('StartExecution', request);
    await world.advance(10);
    expect(world.call('StartExecution', request)).toEqual(first);
    const { executionArn } = first;
    const exists = { code: 'ExecutionAlreadyExists', message: `Execution Already Exists: '${executionArn}'` };
    expect(world.refusal('StartExecution', { ...request, input: '{"a":2}' })).toEqual(exists);
    await world.advance(60);
    expect(world.refusal('StartExecution', request)).toEqual(exists);
  });

  it('may use a name again 90 days after the end', async () => {
    const world = createWorld();
    const arn = world.machine(PASS);
    const execution = world.start(arn, { a: 1 }, 'e');
    await world.advance(90 * DAY);
    expect(world.refusal('StartExecution', { stateMachineArn: arn, name: 'e' }).code).toBe('ExecutionAlreadyExists');
    await world.advance(1);
    expect(world.start(arn, { a: 2 }, 'e')).toBe(execution);
    await world.settle();
    expect(world.describe(execution)).toMatchObject({ status: 'SUCCEEDED', output: '{"a":2}' });
    expect(world.history(execution)).toHaveLength(4);
  });

  it.each([
    ['no JSON', { input: 'not json' }, 'InvalidExecutionInput'],
    ['nothing', { input: '' }, 'InvalidExecutionInput'],
    ['more than 256 KiB', { input: JSON.stringify('x'.repeat(262_143)) }, 'InvalidExecutionInput'],
    ['a name that is not allowed', { name: 'a/b' }, 'InvalidName'],
  ])('is refused with %s', (_, more, code) => {
    const world = createWorld();
    expect(world.refusal('StartExecution', { stateMachineArn: world.machine(PASS), ...more }).code).toBe(code);
  });

  it.each(['2', '"text"', 'null', '[]'])('takes %s for input', async (input) => {
    const world = createWorld();
    const { executionArn } = world.call('StartExecution', { stateMachineArn: world.machine(PASS), input });
    await world.settle();
    expect(world.describe(String(executionArn)).output).toBe(input);
  });
});

describe('executions', () => {
  it('are listed from the newest, by status, in pages', async () => {
    const world = createWorld();
    const arn = world.machine(jsonata({ W: { Type: 'Wait', Seconds: '{% $states.input %}', End: true } }));
    for (const [name, seconds] of [
      ['a', 1],
      ['b', 100],
      ['c', 1],
    ] as const)
      world.start(arn, seconds, name);
    await world.advance(1);
    const names = (page: Record<string, unknown>) => (page.executions as { name: string }[]).map(({ name }) => name);
    expect(names(world.call('ListExecutions', { stateMachineArn: arn }))).toEqual(['c', 'b', 'a']);
    expect(names(world.call('ListExecutions', { stateMachineArn: arn, statusFilter: 'SUCCEEDED' }))).toEqual([
      'c',
      'a',
    ]);
    const first = world.call('ListExecutions', { stateMachineArn: arn, maxResults: 2 });
    expect(names(first)).toEqual(['c', 'b']);
    expect(names(world.call('ListExecutions', { stateMachineArn: arn, nextToken: first.nextToken }))).toEqual(['a']);
  });

  it('are stopped with error and cause, once', async () => {
    const world = createWorld();
    const execution = world.start(world.machine(WAIT));
    await world.advance(5);
    const stopped = world.call('StopExecution', { executionArn: execution, error: 'Own', cause: 'why' });
    expect(stopped).toEqual({ stopDate: START / 1000 + 5 });
    await world.advance(5);
    expect(world.call('StopExecution', { executionArn: execution, error: 'Again' })).toEqual(stopped);
    await world.advance(100);
    expect(world.describe(execution)).toMatchObject({
      status: 'ABORTED',
      error: 'Own',
      cause: 'why',
      stopDate: START / 1000 + 5,
    });
    expect(world.story(execution).at(-1)).toBe('ExecutionAborted');
  });

  it('that do not exist are named', () => {
    const world = createWorld();
    for (const operation of [
      'DescribeExecution',
      'GetExecutionHistory',
      'StopExecution',
      'DescribeStateMachineForExecution',
    ]) {
      const refusal = world.refusal(operation, { executionArn: 'arn:none' });
      expect(refusal).toEqual({ code: 'ExecutionDoesNotExist', message: "Execution Does Not Exist: 'arn:none'" });
    }
  });

  it('are forgotten 90 days after their end', async () => {
    const world = createWorld();
    const arn = world.machine(PASS);
    const old = world.start(arn);
    await world.advance(90 * DAY + 1);
    world.start(arn);
    await world.settle();
    expect(world.refusal('DescribeExecution', { executionArn: old }).code).toBe('ExecutionDoesNotExist');
    expect(world.call('ListExecutions', { stateMachineArn: arn }).executions).toHaveLength(1);
  });

  it('end after a year', async () => {
    const world = createWorld();
    const execution = world.start(world.machine(jsonata({ W: { Type: 'Wait', Seconds: 99_999_999, End: true } })));
    await world.advance(365 * DAY);
    expect(world.describe(execution).status).toBe('TIMED_OUT');
  });

  it('start others, once each, and do not wait for them', async () => {
    const world = createWorld();
    const child = world.machine(WAIT, 'child');
    const task = { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution', End: true };
    const parent = world.machine(
      jsonata({ S: { ...task, Arguments: { StateMachineArn: child, Input: { from: '{% $states.input %}' } } } }),
    );
    const execution = world.start(parent, 'x');
    await world.settle();
    const { ExecutionArn } = JSON.parse(String(world.describe(execution).output));
    expect(world.describe(ExecutionArn)).toMatchObject({ status: 'RUNNING', input: '{"from":"x"}' });
  });
});

describe('an operation that the engine does not do', () => {
  it.each(['RedriveExecution', 'CreateActivity', 'constructor', 'StartSyncExecution'])(
    'is an error that names it: %s',
    (operation) => {
      const refusal = createWorld().refusal(operation, {});
      expect(refusal).toEqual({
        code: 'UnknownOperationException',
        message: `The local engine does not do AWSStepFunctions.${operation}`,
      });
    },
  );
});

describe('a machine in use', () => {
  it('calls its function by name with what the definition says', async () => {
    const world = createWorld({ send: () => ({ outcome: 'next' }) });
    const machine = jsonata({
      S: invoke('send', {
        Arguments: { FunctionName: 'send', Payload: { leadId: '{% $states.input.leadId %}', step: 'hello' } },
        End: true,
      }),
    });
    world.start(world.machine(machine), { leadId: 'lead_1' });
    await world.settle();
    expect(world.calls).toEqual([{ name: 'send', payload: { leadId: 'lead_1', step: 'hello' } }]);
  });
});
