import { describe, expect, it } from 'vitest';
import { newToken, threadOfToken } from '../../../../infra/local/states/run/token.ts';
import { createWorld, invokeWaiting, jsonata, named, type World } from './world.ts';

/** A machine that waits for its token; the function keeps each token it is given. */
function waitingWorld(more: object = {}) {
  const tokens: string[] = [];
  const world = createWorld({ park: ({ token }) => void tokens.push(String(token)) });
  const machine = world.machine(jsonata({ T: invokeWaiting('park', { End: true, ...more }) }));
  return { world, tokens, machine };
}

const GONE = { code: 'TaskTimedOut', message: "Task Timed Out: 'Provided task does not exist anymore'" };
const success = (world: World, taskToken = '', output = '{"ok":true}') =>
  world.call('SendTaskSuccess', { taskToken, output });
const late = (world: World, taskToken = '') => world.refusal('SendTaskSuccess', { taskToken, output: '{}' });

describe('a task that waits for its token', () => {
  it('goes on with the output that comes with the token', async () => {
    const { world, tokens, machine } = waitingWorld({ Output: '{% $states.result.ok %}' });
    const execution = world.start(machine);
    await world.advance(86_400);
    expect(world.describe(execution).status).toBe('RUNNING');
    expect(success(world, tokens[0])).toEqual({});
    await world.settle();
    expect(world.describe(execution)).toMatchObject({ status: 'SUCCEEDED', output: 'true' });
  });

  it('fails with the error that comes with the token', async () => {
    const { world, tokens, machine } = waitingWorld();
    const execution = world.start(machine);
    await world.settle();
    world.call('SendTaskFailure', { taskToken: tokens[0], error: 'Own', cause: 'why' });
    await world.settle();
    expect(world.describe(execution)).toMatchObject({ status: 'FAILED', error: 'Own', cause: 'why' });
  });

  it('takes one answer only', async () => {
    const { world, tokens, machine } = waitingWorld();
    world.start(machine);
    await world.settle();
    success(world, tokens[0]);
    expect(late(world, tokens[0])).toEqual(GONE);
    await world.settle();
    expect(late(world, tokens[0])).toEqual(GONE);
    expect(world.refusal('SendTaskFailure', { taskToken: tokens[0] })).toEqual(GONE);
    expect(world.refusal('SendTaskHeartbeat', { taskToken: tokens[0] })).toEqual(GONE);
  });

  it('takes no answer after its deadline', async () => {
    const { world, tokens, machine } = waitingWorld({ TimeoutSeconds: 60 });
    const execution = world.start(machine);
    await world.advance(60);
    expect(late(world, tokens[0])).toEqual(GONE);
    expect(world.describe(execution)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(world.describe(execution)).not.toHaveProperty('cause');
  });

  it('takes an answer until its deadline', async () => {
    const { world, tokens, machine } = waitingWorld({ TimeoutSeconds: 60 });
    const execution = world.start(machine);
    await world.advance(59.999);
    success(world, tokens[0]);
    await world.advance(60);
    expect(world.describe(execution).status).toBe('SUCCEEDED');
  });

  it('takes the answer while the function is still running', async () => {
    const world: World = createWorld({
      park: ({ token }) => {
        success(world, String(token), '"early"');
        expect(late(world, String(token))).toEqual(GONE);
        return 'too late to matter';
      },
    });
    const execution = world.start(world.machine(jsonata({ T: invokeWaiting('park', { End: true }) })));
    await world.settle();
    expect(world.describe(execution)).toMatchObject({ status: 'SUCCEEDED', output: '"early"' });
  });

  it('keeps the answer when the function fails after it', async () => {
    const world: World = createWorld({
      park: ({ token }) => {
        success(world, String(token), '"early"');
        throw named('Late');
      },
    });
    const execution = world.start(world.machine(jsonata({ T: invokeWaiting('park', { End: true }) })));
    await world.settle();
    expect(world.describe(execution)).toMatchObject({ status: 'SUCCEEDED', output: '"early"' });
  });

  it('gives each attempt a token of its own', async () => {
    const { world, tokens, machine } = waitingWorld({
      TimeoutSeconds: 10,
      Retry: [{ ErrorEquals: ['States.Timeout'] }],
    });
    const execution = world.start(machine);
    await world.advance(11);
    expect(tokens).toHaveLength(2);
    expect(tokens[0]).not.toBe(tokens[1]);
    expect(late(world, tokens[0])).toEqual(GONE);
    success(world, tokens[1]);
    await world.settle();
    expect(world.describe(execution).status).toBe('SUCCEEDED');
  });

  it('lives on heartbeats until its timeout', async () => {
    const { world, tokens, machine } = waitingWorld({ TimeoutSeconds: 35, HeartbeatSeconds: 10 });
    const execution = world.start(machine);
    for (const _ of [1, 2, 3, 4]) {
      await world.advance(8);
      expect(world.call('SendTaskHeartbeat', { taskToken: tokens[0] })).toEqual({});
    }
    await world.advance(2.999);
    expect(world.describe(execution).status).toBe('RUNNING');
    await world.advance(0.001);
    expect(world.describe(execution)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('is gone when its execution was stopped', async () => {
    const { world, tokens, machine } = waitingWorld();
    const execution = world.start(machine);
    await world.settle();
    world.call('StopExecution', { executionArn: execution });
    expect(late(world, tokens[0])).toEqual(GONE);
  });

  it('is gone when a branch beside it failed', async () => {
    const tokens: string[] = [];
    const world = createWorld({ park: ({ token }) => void tokens.push(String(token)) });
    const waiting = { StartAt: 'T', States: { T: invokeWaiting('park', { End: true }) } };
    const failing = {
      StartAt: 'W',
      States: { W: { Type: 'Wait', Seconds: 5, Next: 'F' }, F: { Type: 'Fail', Error: 'E' } },
    };
    world.start(world.machine(jsonata({ P: { Type: 'Parallel', Branches: [waiting, failing], End: true } })));
    await world.advance(5);
    expect(late(world, tokens[0])).toEqual(GONE);
  });

  it.each(['x', 'AQC.broken', `${newToken(1).slice(0, -1)}!`, `A${newToken(1)}`])(
    'refuses %s as no token',
    (taskToken) => {
      expect(createWorld().refusal('SendTaskSuccess', { taskToken, output: '{}' }).code).toBe('InvalidToken');
    },
  );

  it('takes a token of another data directory for one whose task is over', () => {
    expect(late(createWorld(), newToken(12))).toEqual(GONE);
  });

  it('refuses an output that is no JSON, and waits on', async () => {
    const { world, tokens, machine } = waitingWorld();
    world.start(machine);
    await world.settle();
    const refusal = world.refusal('SendTaskSuccess', { taskToken: tokens[0], output: 'plain' });
    expect(refusal.code).toBe('InvalidOutput');
    expect(success(world, tokens[0])).toEqual({});
  });
});

describe('a token', () => {
  it.each([1, 9, 123, 456_789_012])('names its thread %i and no other', (thread) => {
    const token = newToken(thread);
    expect(threadOfToken(token)).toBe(thread);
    expect(token.length).toBeLessThanOrEqual(1024);
    expect(newToken(thread)).not.toBe(token);
  });
});
