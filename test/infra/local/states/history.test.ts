import { describe, expect, it } from 'vitest';
import { createWorld, type Event, invoke, invokeWaiting, jsonata, named, START, scope } from './world.ts';

const chain = (events: Event[]) => events.map(({ type, previousEventId }) => [type, previousEventId]);

describe('the history of an execution', () => {
  it('tells a Pass as AWS does', async () => {
    const world = createWorld();
    const execution = world.start(
      world.machine(jsonata({ P: { Type: 'Pass', Output: 'out', Assign: { v: [1] }, End: true } })),
      { a: 1 },
    );
    await world.settle();
    const timestamp = START / 1000;
    const whole = { truncated: false };
    expect(world.history(execution)).toEqual([
      {
        timestamp,
        type: 'ExecutionStarted',
        id: 1,
        previousEventId: 0,
        executionStartedEventDetails: {
          input: '{"a":1}',
          inputDetails: whole,
          roleArn: 'arn:aws:iam::123456789012:role/machines',
        },
      },
      {
        timestamp,
        type: 'PassStateEntered',
        id: 2,
        previousEventId: 0,
        stateEnteredEventDetails: { name: 'P', input: '{"a":1}', inputDetails: whole },
      },
      {
        timestamp,
        type: 'PassStateExited',
        id: 3,
        previousEventId: 2,
        stateExitedEventDetails: {
          name: 'P',
          output: '"out"',
          outputDetails: whole,
          assignedVariables: { v: '[1]' },
          assignedVariablesDetails: whole,
        },
      },
      {
        timestamp,
        type: 'ExecutionSucceeded',
        id: 4,
        previousEventId: 3,
        executionSucceededEventDetails: { output: '"out"', outputDetails: whole },
      },
    ]);
  });

  it('tells a task that fails, is retried and caught', async () => {
    const world = createWorld({
      f: () => {
        throw named('E', 'no');
      },
    });
    const task = invoke('f', {
      TimeoutSeconds: 9,
      Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['E'], Next: 'Z' }],
      End: true,
    });
    const execution = world.start(world.machine(jsonata({ T: task, Z: { Type: 'Succeed' } })));
    await world.advance(1);
    const events = world.history(execution);
    expect(chain(events)).toEqual([
      ['ExecutionStarted', 0],
      ['TaskStateEntered', 0],
      ['TaskScheduled', 2],
      ['TaskStarted', 3],
      ['TaskFailed', 4],
      ['TaskScheduled', 5],
      ['TaskStarted', 6],
      ['TaskFailed', 7],
      ['TaskStateExited', 8],
      ['SucceedStateEntered', 9],
      ['SucceedStateExited', 10],
      ['ExecutionSucceeded', 11],
    ]);
    expect(events[2]).toMatchObject({
      taskScheduledEventDetails: {
        resourceType: 'lambda',
        resource: 'invoke',
        region: 'eu-central-1',
        parameters: '{"FunctionName":"f"}',
        timeoutInSeconds: 9,
      },
    });
    expect(events[4]).toMatchObject({
      taskFailedEventDetails: {
        resourceType: 'lambda',
        resource: 'invoke',
        error: 'E',
        cause: expect.stringContaining('"errorMessage":"no"'),
      },
    });
    expect(events[5]).toMatchObject({ timestamp: START / 1000 + 1 });
  });

  it('tells a token that times out', async () => {
    const world = createWorld({ f: () => 'parked' });
    const execution = world.start(
      world.machine(jsonata({ T: invokeWaiting('f', { TimeoutSeconds: 60, HeartbeatSeconds: 30, End: true }) })),
    );
    await world.advance(30);
    const events = world.history(execution);
    expect(chain(events)).toEqual([
      ['ExecutionStarted', 0],
      ['TaskStateEntered', 0],
      ['TaskScheduled', 2],
      ['TaskStarted', 3],
      ['TaskSubmitted', 4],
      ['TaskTimedOut', 5],
      ['ExecutionFailed', 6],
    ]);
    expect(events[2]).toMatchObject({
      taskScheduledEventDetails: { resource: 'invoke.waitForTaskToken', timeoutInSeconds: 60, heartbeatInSeconds: 30 },
    });
    expect(events[5]).toMatchObject({
      taskTimedOutEventDetails: {
        resourceType: 'lambda',
        resource: 'invoke.waitForTaskToken',
        error: 'States.Timeout',
      },
    });
    expect(events[6]?.executionFailedEventDetails).toEqual({ error: 'States.Timeout' });
  });

  it('tells a token that comes back', async () => {
    const world = createWorld({ f: () => null });
    const execution = world.start(world.machine(jsonata({ T: invokeWaiting('f', { End: true }) })));
    await world.settle();
    world.call('SendTaskSuccess', { taskToken: world.calls[0]?.payload.token, output: '7' });
    await world.settle();
    expect(world.story(execution).slice(4)).toEqual([
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('tells a query that fails', async () => {
    const world = createWorld();
    const execution = world.start(
      world.machine(jsonata({ P: { Type: 'Pass', Output: '{% $states.input.absent %}', End: true } })),
    );
    await world.settle();
    const events = world.history(execution);
    expect(chain(events).slice(2)).toEqual([
      ['EvaluationFailed', 2],
      ['ExecutionFailed', 3],
    ]);
    expect(events[2]).toMatchObject({
      evaluationFailedEventDetails: {
        error: 'States.QueryEvaluationError',
        location: 'Output',
        state: 'P',
        cause: expect.stringContaining('returned nothing'),
      },
    });
  });

  it('tells a Map whose iteration fails', async () => {
    const world = createWorld();
    const processor = scope({
      C: { Type: 'Choice', Choices: [{ Condition: '{% $states.input = 1 %}', Next: 'F' }], Default: 'W' },
      F: { Type: 'Fail', Error: 'E' },
      W: { Type: 'Wait', Seconds: 60, End: true },
    });
    const execution = world.start(
      world.machine(jsonata({ M: { Type: 'Map', ItemProcessor: processor, End: true } })),
      [0, 1],
    );
    await world.settle();
    const story = world.story(execution);
    expect(story.slice(0, 5)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapIterationStarted',
      'MapIterationStarted',
    ]);
    expect(story.slice(-4)).toEqual(['MapIterationFailed', 'MapIterationAborted', 'MapStateFailed', 'ExecutionFailed']);
    expect(world.history(execution)[2]).toMatchObject({ mapStateStartedEventDetails: { length: 2 } });
  });

  it('tells a Parallel, each branch as a chain of its own', async () => {
    const world = createWorld();
    const branch = (name: string) => scope({ [name]: { Type: 'Pass', End: true } });
    const execution = world.start(
      world.machine(jsonata({ P: { Type: 'Parallel', Branches: [branch('A'), branch('B')], End: true } })),
    );
    await world.settle();
    const events = world.history(execution);
    expect(chain(events).slice(1, 3)).toEqual([
      ['ParallelStateEntered', 0],
      ['ParallelStateStarted', 2],
    ]);
    for (const name of ['A', 'B']) {
      const entered = events.find(
        (event) => (event.stateEnteredEventDetails as { name?: string } | undefined)?.name === name,
      );
      expect(entered?.previousEventId).toBe(3);
    }
    expect(world.story(execution).slice(-3)).toEqual([
      'ParallelStateSucceeded',
      'ParallelStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('tells the end by time and by hand', async () => {
    const world = createWorld();
    const wait = { W: { Type: 'Wait', Seconds: 60, End: true } };
    const late = world.start(world.machine(jsonata(wait, { TimeoutSeconds: 5 })));
    const stopped = world.start(world.machine(jsonata(wait)));
    await world.advance(5);
    world.call('StopExecution', { executionArn: stopped });
    expect(world.history(late).at(-1)).toMatchObject({
      type: 'ExecutionTimedOut',
      previousEventId: 0,
      executionTimedOutEventDetails: { error: 'States.Timeout' },
    });
    expect(world.history(stopped).at(-1)).toMatchObject({
      type: 'ExecutionAborted',
      previousEventId: 0,
      executionAbortedEventDetails: {},
    });
    expect(world.describe(late)).not.toHaveProperty('error');
  });

  it('is read backwards, in pages and without data', async () => {
    const world = createWorld();
    const execution = world.start(world.machine(jsonata({ P: { Type: 'Pass', End: true } })));
    await world.settle();
    const page = world.call('GetExecutionHistory', {
      executionArn: execution,
      reverseOrder: true,
      maxResults: 3,
      includeExecutionData: false,
    });
    const events = page.events as Event[];
    expect(events.map(({ id }) => id)).toEqual([4, 3, 2]);
    expect(events[1]?.stateExitedEventDetails).toEqual({ name: 'P' });
    const rest = world.call('GetExecutionHistory', {
      executionArn: execution,
      reverseOrder: true,
      nextToken: page.nextToken,
    });
    expect((rest.events as Event[]).map(({ id }) => id)).toEqual([1]);
    expect(rest).not.toHaveProperty('nextToken');
    expect(world.refusal('GetExecutionHistory', { executionArn: execution, nextToken: 'x' }).code).toBe('InvalidToken');
  });

  it('ends an execution at 25,000 events', async () => {
    const world = createWorld();
    const machine = jsonata({
      A: { Type: 'Choice', Choices: [{ Condition: '{% $states.input = 1 %}', Next: 'B' }], Default: 'Z' },
      B: { Type: 'Pass', Next: 'A' },
      Z: { Type: 'Succeed' },
    });
    const execution = world.start(world.machine(machine), 1);
    await world.settle();
    expect(world.describe(execution)).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (25000).',
    });
    const last = world.call('GetExecutionHistory', { executionArn: execution, reverseOrder: true, maxResults: 1 })
      .events as Event[];
    expect(last[0]).toMatchObject({ type: 'ExecutionFailed' });
    expect(last[0]?.id).toBeLessThanOrEqual(25_000);
    expect(last[0]?.id).toBeGreaterThan(24_990);
  });
});
