import { describe, expect, it } from 'vitest';
import { createWorld, invoke, invokeWaiting, jsonata, scope, type World } from './world.ts';

/** A function that never answers until the engine was restarted once. */
function hangsOnce() {
  let runs = 0;
  const code = () => {
    runs += 1;
    return runs === 1 ? new Promise(() => {}) : 'after the restart';
  };
  return { code, runs: () => runs };
}

async function startHanging(world: World, machine: object, input: unknown = {}) {
  const execution = world.start(world.machine(machine), input);
  await world.settle();
  return execution;
}

describe('a restart in the middle of', () => {
  it('a task calls the function again, with the same input', async () => {
    const { code } = hangsOnce();
    const world = createWorld({ f: code }, { hangs: true });
    const payload = { FunctionName: 'f', Payload: { id: '{% $uuid() %}' } };
    const execution = await startHanging(
      world,
      jsonata({ T: invoke('f', { Arguments: payload, Output: '{% $states.result.Payload %}', End: true }) }),
    );
    await world.restart();
    expect(world.describe(execution)).toMatchObject({ status: 'SUCCEEDED', output: '"after the restart"' });
    expect(world.calls).toHaveLength(2);
    expect(world.calls[0]).toEqual(world.calls[1]);
    expect(world.story(execution).filter((type) => type === 'TaskScheduled')).toHaveLength(1);
  });

  it('the call of a task that waits gives the function the same token again', async () => {
    const { code } = hangsOnce();
    const world = createWorld({ f: code }, { hangs: true });
    const execution = await startHanging(world, jsonata({ T: invokeWaiting('f', { End: true }) }));
    await world.restart();
    const [first, second] = world.calls.map(({ payload }) => payload.token);
    expect(first).toBe(second);
    world.call('SendTaskSuccess', { taskToken: first, output: '1' });
    await world.settle();
    expect(world.describe(execution)).toMatchObject({ status: 'SUCCEEDED', output: '1' });
  });

  it('a task keeps its deadline', async () => {
    const world = createWorld({ f: () => new Promise(() => {}) }, { hangs: true });
    const execution = await startHanging(world, jsonata({ T: invoke('f', { TimeoutSeconds: 60, End: true }) }));
    await world.advance(50);
    await world.restart();
    await world.advance(9.9);
    expect(world.describe(execution).status).toBe('RUNNING');
    await world.advance(0.1);
    expect(world.describe(execution)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('the wait for a token keeps token, deadline and heartbeat', async () => {
    const tokens: string[] = [];
    const world = createWorld({ f: ({ token }) => void tokens.push(String(token)) });
    const waiting = jsonata({ T: invokeWaiting('f', { TimeoutSeconds: 100, HeartbeatSeconds: 30, End: true }) });
    const [answered, silent] = [await startHanging(world, waiting), await startHanging(world, waiting)];
    await world.advance(20);
    await world.restart();
    expect(tokens).toHaveLength(2);
    world.call('SendTaskSuccess', { taskToken: tokens[0], output: '1' });
    await world.advance(10);
    expect(world.describe(answered).status).toBe('SUCCEEDED');
    expect(world.describe(silent)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('a Wait goes on at the same instant', async () => {
    const world = createWorld();
    const machine = jsonata({
      W: { Type: 'Wait', Seconds: 60, Next: 'Z' },
      Z: { Type: 'Pass', Output: '{% $now() %}', End: true },
    });
    const execution = await startHanging(world, machine);
    await world.advance(30);
    await world.restart();
    await world.advance(100);
    expect(world.describe(execution).output).toBe('"2027-03-01T08:01:00.000Z"');
  });

  it('a Wait that fell due meanwhile goes on at once', async () => {
    const world = createWorld();
    const execution = await startHanging(world, jsonata({ W: { Type: 'Wait', Seconds: 60, End: true } }));
    world.states.stop();
    await world.advance(3600);
    await world.restart();
    await world.advance(0);
    expect(world.describe(execution).status).toBe('SUCCEEDED');
  });

  it('the wait before a retry keeps its attempts', async () => {
    const world = createWorld();
    const retried = invoke('absent', {
      Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 10, MaxAttempts: 2 }],
      End: true,
    });
    const execution = await startHanging(world, jsonata({ T: retried }));
    await world.advance(5);
    await world.restart();
    await world.advance(5);
    await world.restart();
    expect(world.calls).toHaveLength(2);
    await world.advance(20);
    expect(world.calls).toHaveLength(3);
    expect(world.describe(execution).status).toBe('FAILED');
  });

  it('a Parallel runs only the branches that were not done', async () => {
    const { code } = hangsOnce();
    const world = createWorld({ slow: code, quick: () => 'quick' }, { hangs: true });
    const branch = (name: string) =>
      scope({ [name]: invoke(name, { Output: '{% $states.result.Payload %}', End: true }) });
    const execution = await startHanging(
      world,
      jsonata({ P: { Type: 'Parallel', Branches: [branch('slow'), branch('quick')], End: true } }),
    );
    await world.restart();
    expect(world.calls.map(({ name }) => name)).toEqual(['slow', 'quick', 'slow']);
    expect(world.describe(execution).output).toBe('["after the restart","quick"]');
  });

  it('a Map goes on with the items that are left', async () => {
    const seen: unknown[] = [];
    let hang = true;
    const world = createWorld(
      { f: ({ n }) => (hang && n === 2 ? new Promise(() => {}) : seen.push(n)) },
      { hangs: true },
    );
    const processor = scope({
      T: invoke('f', {
        Arguments: { FunctionName: 'f', Payload: { n: '{% $states.input %}' } },
        Output: '{% $states.input %}',
        End: true,
      }),
    });
    const execution = await startHanging(
      world,
      jsonata({ M: { Type: 'Map', MaxConcurrency: 1, ItemProcessor: processor, End: true } }),
      [1, 2, 3],
    );
    expect(seen).toEqual([1]);
    hang = false;
    await world.restart();
    expect(seen).toEqual([1, 2, 3]);
    expect(world.describe(execution).output).toBe('[1,2,3]');
  });

  it('Pass and Choice states neither loses nor repeats a step', async () => {
    const world = createWorld();
    const machine = jsonata({
      A: { Type: 'Pass', Assign: { n: 1 }, Next: 'B' },
      B: { Type: 'Choice', Choices: [{ Condition: '{% $n < 200 %}', Next: 'C' }], Default: 'D' },
      C: { Type: 'Pass', Assign: { n: '{% $n + 1 %}' }, Next: 'B' },
      D: { Type: 'Pass', Output: '{% $n %}', End: true },
    });
    const execution = world.start(world.machine(machine));
    for (let kill = 0; kill < 20; kill += 1) {
      for (let turn = 0; turn < kill; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await world.restart();
    }
    await world.settle();
    expect(world.describe(execution).output).toBe('200');
    const ids = world.history(execution).map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, index) => index + 1));
  });

  it('an execution keeps its own deadline', async () => {
    const world = createWorld();
    const execution = await startHanging(
      world,
      jsonata({ W: { Type: 'Wait', Seconds: 1000, End: true } }, { TimeoutSeconds: 60 }),
    );
    await world.advance(30);
    await world.restart();
    await world.advance(30);
    expect(world.describe(execution).status).toBe('TIMED_OUT');
  });

  it('a deletion of the machine', async () => {
    const world = createWorld();
    const arn = world.machine(
      jsonata({ W: { Type: 'Wait', Seconds: 60, Next: 'Z' }, Z: { Type: 'Succeed' } }),
      'deleted',
    );
    const execution = world.start(arn);
    await world.settle();
    world.call('DeleteStateMachine', { stateMachineArn: arn });
    await world.restart();
    await world.advance(60);
    expect(world.describe(execution).status).toBe('ABORTED');
    expect(world.refusal('DescribeStateMachine', { stateMachineArn: arn }).code).toBe('StateMachineDoesNotExist');
  });
});

describe('a resume', () => {
  it('leaves alone what was started before it', async () => {
    const world = createWorld({ f: () => 1 });
    const execution = world.start(world.machine(jsonata({ T: invoke('f', { End: true }) })));
    world.states.resume();
    await world.settle();
    world.states.resume();
    await world.settle();
    expect(world.calls).toHaveLength(1);
    expect(world.describe(execution).status).toBe('SUCCEEDED');
  });
});

describe('an engine that was stopped', () => {
  it('discards what a function answers', async () => {
    let answer: (value: unknown) => void = () => {};
    const world = createWorld({ f: () => new Promise((resolve) => (answer = resolve)) }, { hangs: true });
    const execution = await startHanging(world, jsonata({ T: invoke('f', { End: true }) }));
    world.states.stop();
    answer('too late');
    await world.settle();
    expect(world.describe(execution).status).toBe('RUNNING');
  });

  it('has one callback in the clock for any number of waiting executions', async () => {
    const world = createWorld();
    const arn = world.machine(jsonata({ W: { Type: 'Wait', Seconds: '{% $states.input %}', End: true } }));
    for (let seconds = 100; seconds > 0; seconds -= 1) world.start(arn, seconds);
    await world.settle();
    expect(world.clock.waiting).toBe(1);
    await world.advance(100);
    expect(world.call('ListExecutions', { stateMachineArn: arn, statusFilter: 'RUNNING' }).executions).toEqual([]);
  });
});
