import { describe, expect, it } from 'vitest';
import { createWorld, jsonata, ROLE, START } from './world.ts';

const WAIT = jsonata({ W: { Type: 'Wait', Seconds: 60, End: true } });
const PASS = jsonata({ P: { Type: 'Pass', End: true } });
const ARN = 'arn:aws:states:eu-central-1:123456789012:stateMachine';
const text = (definition: object) => JSON.stringify(definition);
const create = (definition: object, more: object = {}) => ({
  name: 'm',
  definition: text(definition),
  roleArn: ROLE,
  ...more,
});

describe('state machines', () => {
  it('are described as they were created', () => {
    const world = createWorld();
    expect(world.call('CreateStateMachine', create(PASS))).toEqual({
      stateMachineArn: `${ARN}:m`,
      creationDate: START / 1000,
    });
    expect(world.call('DescribeStateMachine', { stateMachineArn: `${ARN}:m` })).toEqual({
      stateMachineArn: `${ARN}:m`,
      name: 'm',
      status: 'ACTIVE',
      type: 'STANDARD',
      creationDate: START / 1000,
      definition: text(PASS),
      roleArn: ROLE,
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
      tracingConfiguration: { enabled: false },
    });
    expect(world.states.list()).toEqual([{ name: 'm', arn: `${ARN}:m`, status: 'ACTIVE' }]);
  });

  it('may be created again with equal content, whatever role and tags', async () => {
    const world = createWorld();
    const first = world.call('CreateStateMachine', create(PASS));
    await world.advance(5);
    const again = { roleArn: `${ROLE}-other`, tags: [{ key: 'a', value: 'b' }] };
    expect(world.call('CreateStateMachine', create(PASS, again))).toEqual(first);
    expect(world.refusal('CreateStateMachine', create(WAIT))).toEqual({
      code: 'StateMachineAlreadyExists',
      message: `State Machine Already Exists: '${ARN}:m'`,
    });
  });

  it.each([
    ['a name with a space', { name: 'a b' }, 'InvalidName'],
    ['a name of 81 characters', { name: 'a'.repeat(81) }, 'InvalidName'],
    ['an empty name', { name: '' }, 'InvalidName'],
    ['a role that is no ARN', { roleArn: 'me' }, 'InvalidArn'],
    ['an express machine', { type: 'EXPRESS' }, 'StateMachineTypeNotSupported'],
    ['a description without publish', { versionDescription: 'x' }, 'ValidationException'],
    ['a member that does not exist', { colour: 'red' }, 'ValidationException'],
  ])('are refused with %s', (_, more, code) => {
    expect(createWorld().refusal('CreateStateMachine', create(PASS, more)).code).toBe(code);
  });

  it('get another revision by an update, and running executions keep theirs', async () => {
    const world = createWorld();
    const arn = world.machine(WAIT, 'm');
    const execution = world.start(arn);
    await world.settle();
    const changed = jsonata({ F: { Type: 'Fail', Error: 'New' } });
    const updated = world.call('UpdateStateMachine', { stateMachineArn: arn, definition: text(changed) });
    expect(updated).toEqual({ updateDate: START / 1000, revisionId: expect.any(String) });
    expect(world.call('UpdateStateMachine', { stateMachineArn: arn, definition: text(changed) })).toEqual(updated);
    expect(world.call('DescribeStateMachine', { stateMachineArn: arn })).toMatchObject({
      definition: text(changed),
      revisionId: updated.revisionId,
    });
    expect(world.call('DescribeStateMachineForExecution', { executionArn: execution })).toMatchObject({
      definition: text(WAIT),
      stateMachineArn: arn,
      name: 'm',
    });
    await world.advance(60);
    expect(world.describe(execution).status).toBe('SUCCEEDED');
    const second = world.start(arn);
    await world.settle();
    expect(world.describe(second)).toMatchObject({ status: 'FAILED', error: 'New' });
  });

  it('are not updated by nothing', () => {
    const world = createWorld();
    const refusal = world.refusal('UpdateStateMachine', { stateMachineArn: world.machine(PASS) });
    expect(refusal.code).toBe('MissingRequiredParameter');
  });

  it.each([
    'DescribeStateMachine',
    'UpdateStateMachine',
    'ListExecutions',
    'StartExecution',
    'ListStateMachineVersions',
  ])('that do not exist are named by %s', (operation) => {
    const world = createWorld();
    const more = operation === 'UpdateStateMachine' ? { roleArn: ROLE } : {};
    expect(world.refusal(operation, { stateMachineArn: `${ARN}:none`, ...more })).toEqual({
      code: 'StateMachineDoesNotExist',
      message: `State Machine Does Not Exist: '${ARN}:none'`,
    });
    expect(world.refusal(operation, { stateMachineArn: 'none', ...more }).code).toBe('InvalidArn');
  });

  it('are listed in pages', () => {
    const world = createWorld();
    for (const name of ['c', 'a', 'b']) world.machine(PASS, name);
    const names = (page: { stateMachines?: unknown }) =>
      (page.stateMachines as { name: string }[]).map(({ name }) => name);
    const first = world.call('ListStateMachines', { maxResults: 2 });
    expect(names(first)).toEqual(['a', 'b']);
    const rest = world.call('ListStateMachines', { maxResults: 2, nextToken: first.nextToken });
    expect(names(rest)).toEqual(['c']);
    expect(rest).not.toHaveProperty('nextToken');
  });

  it('of the template are defined, and defined again only when they changed', () => {
    const world = createWorld();
    const machine = {
      name: 't',
      arn: `${ARN}:t`,
      definition: PASS,
      logging: {
        Level: 'ERROR',
        IncludeExecutionData: false,
        Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: 'arn:g' } }],
      },
    };
    world.states.define(machine);
    world.states.define(machine);
    const described = world.call('DescribeStateMachine', { stateMachineArn: `${ARN}:t` });
    expect(described).toMatchObject({
      roleArn: 'arn:aws:iam::123456789012:role/t',
      loggingConfiguration: { level: 'ERROR' },
    });
    expect(described).not.toHaveProperty('revisionId');
    world.states.define({ ...machine, definition: text(WAIT) });
    expect(world.call('DescribeStateMachine', { stateMachineArn: `${ARN}:t` })).toHaveProperty('revisionId');
    expect(() => world.states.define({ ...machine, definition: { StartAt: 'x' } })).toThrow('SCHEMA_VALIDATION_FAILED');
  });
});

describe('the deletion of a machine', () => {
  it('is done at once when nothing runs, and may be repeated', () => {
    const world = createWorld();
    const arn = world.machine(PASS);
    expect(world.call('DeleteStateMachine', { stateMachineArn: arn })).toEqual({});
    expect(world.call('DeleteStateMachine', { stateMachineArn: arn })).toEqual({});
    expect(world.refusal('DescribeStateMachine', { stateMachineArn: arn }).code).toBe('StateMachineDoesNotExist');
  });

  it('ends running executions at their next transition', async () => {
    const world = createWorld();
    const arn = world.machine(jsonata({ W: { Type: 'Wait', Seconds: 60, Next: 'P' }, P: { Type: 'Pass', End: true } }));
    const execution = world.start(arn);
    await world.settle();
    world.call('DeleteStateMachine', { stateMachineArn: arn });
    expect(world.call('DescribeStateMachine', { stateMachineArn: arn }).status).toBe('DELETING');
    expect(world.refusal('StartExecution', { stateMachineArn: arn }).code).toBe('StateMachineDeleting');
    await world.advance(60);
    expect(world.describe(execution).status).toBe('ABORTED');
    expect(world.refusal('DescribeStateMachine', { stateMachineArn: arn }).code).toBe('StateMachineDoesNotExist');
  });
});

describe('versions', () => {
  it('are published with creation, with an update, and by themselves', () => {
    const world = createWorld();
    const created = world.call('CreateStateMachine', create(PASS, { publish: true, versionDescription: 'first' }));
    expect(created.stateMachineVersionArn).toBe(`${ARN}:m:1`);
    const updated = world.call('UpdateStateMachine', {
      stateMachineArn: `${ARN}:m`,
      definition: text(WAIT),
      publish: true,
    });
    expect(updated.stateMachineVersionArn).toBe(`${ARN}:m:2`);
    const again = world.call('PublishStateMachineVersion', {
      stateMachineArn: `${ARN}:m`,
      revisionId: updated.revisionId,
    });
    expect(again.stateMachineVersionArn).toBe(`${ARN}:m:2`);
    expect(world.call('ListStateMachineVersions', { stateMachineArn: `${ARN}:m` }).stateMachineVersions).toEqual([
      { stateMachineVersionArn: `${ARN}:m:2`, creationDate: START / 1000 },
      { stateMachineVersionArn: `${ARN}:m:1`, creationDate: START / 1000 },
    ]);
  });

  it('never change', () => {
    const world = createWorld();
    world.call('CreateStateMachine', create(PASS, { publish: true, versionDescription: 'first' }));
    world.call('UpdateStateMachine', { stateMachineArn: `${ARN}:m`, definition: text(WAIT) });
    const described = world.call('DescribeStateMachine', { stateMachineArn: `${ARN}:m:1` });
    expect(described).toMatchObject({
      stateMachineArn: `${ARN}:m:1`,
      name: 'm',
      definition: text(PASS),
      description: 'first',
    });
  });

  it('are what an execution runs that was started by one', async () => {
    const world = createWorld();
    world.call('CreateStateMachine', create(WAIT, { publish: true }));
    world.call('UpdateStateMachine', { stateMachineArn: `${ARN}:m`, definition: text(PASS), publish: true });
    const execution = world.start(`${ARN}:m:1`, {}, 'e');
    await world.settle();
    expect(world.describe(execution)).toMatchObject({
      status: 'RUNNING',
      stateMachineArn: `${ARN}:m`,
      stateMachineVersionArn: `${ARN}:m:1`,
    });
    expect(world.call('ListExecutions', { stateMachineArn: `${ARN}:m:2` }).executions).toEqual([]);
    expect(world.call('ListExecutions', { stateMachineArn: `${ARN}:m:1` }).executions).toHaveLength(1);
    expect(world.history(execution)[0]).toMatchObject({
      executionStartedEventDetails: { stateMachineVersionArn: `${ARN}:m:1` },
    });
  });

  it('may be deleted under a running execution, and their numbers are not used again', async () => {
    const world = createWorld();
    world.call('CreateStateMachine', create(WAIT, { publish: true }));
    const execution = world.start(`${ARN}:m:1`);
    world.call('UpdateStateMachine', { stateMachineArn: `${ARN}:m`, definition: text(PASS) });
    expect(world.call('DeleteStateMachineVersion', { stateMachineVersionArn: `${ARN}:m:1` })).toEqual({});
    expect(world.call('DeleteStateMachineVersion', { stateMachineVersionArn: `${ARN}:m:1` })).toEqual({});
    await world.restart();
    await world.advance(60);
    expect(world.describe(execution).status).toBe('SUCCEEDED');
    expect(world.refusal('StartExecution', { stateMachineArn: `${ARN}:m:1` }).code).toBe('StateMachineDoesNotExist');
    const published = world.call('PublishStateMachineVersion', { stateMachineArn: `${ARN}:m` });
    expect(published.stateMachineVersionArn).toBe(`${ARN}:m:2`);
  });

  it('are refused for a revision that is not the current one', () => {
    const world = createWorld();
    const arn = world.machine(PASS);
    expect(world.refusal('PublishStateMachineVersion', { stateMachineArn: arn, revisionId: 'old' }).code).toBe(
      'ConflictException',
    );
  });

  it('are not what an update or a deletion of the machine takes', () => {
    const world = createWorld();
    world.call('CreateStateMachine', create(PASS, { publish: true }));
    expect(world.refusal('DeleteStateMachine', { stateMachineArn: `${ARN}:m:1` }).code).toBe('ValidationException');
    expect(world.refusal('UpdateStateMachine', { stateMachineArn: `${ARN}:m:1`, roleArn: ROLE }).code).toBe(
      'ValidationException',
    );
    expect(world.refusal('StartExecution', { stateMachineArn: `${ARN}:m:alias` }).code).toBe(
      'StateMachineDoesNotExist',
    );
  });
});

describe('tags', () => {
  it('are kept and told back', () => {
    const world = createWorld();
    const resourceArn = String(
      world.call('CreateStateMachine', create(PASS, { tags: [{ key: 'b', value: '1' }] })).stateMachineArn,
    );
    world.call('TagResource', {
      resourceArn,
      tags: [
        { key: 'a', value: '2' },
        { key: 'b', value: '3' },
      ],
    });
    expect(world.call('ListTagsForResource', { resourceArn })).toEqual({
      tags: [
        { key: 'a', value: '2' },
        { key: 'b', value: '3' },
      ],
    });
    world.call('UntagResource', { resourceArn, tagKeys: ['a'] });
    expect(world.call('ListTagsForResource', { resourceArn })).toEqual({ tags: [{ key: 'b', value: '3' }] });
  });
});
