import { describe, expect, it } from 'vitest';
import { createWorld, jsonata, START } from './world.ts';

describe('the default bus', () => {
  const statuses = (world: ReturnType<typeof createWorld>) =>
    world.events.map(({ detail }) => (detail as { status: string }).status);

  it('hears how an execution starts and fails', async () => {
    const world = createWorld();
    const machine = world.machine(jsonata({ F: { Type: 'Fail', Error: 'E', Cause: 'c' } }), 'm');
    const execution = world.start(machine, { a: 1 }, 'e');
    await world.settle();
    expect(statuses(world)).toEqual(['RUNNING', 'FAILED']);
    expect(world.events[1]).toEqual({
      source: 'aws.states',
      detailType: 'Step Functions Execution Status Change',
      resources: [execution],
      time: new Date(START).toISOString(),
      detail: {
        executionArn: execution,
        stateMachineArn: machine,
        name: 'e',
        status: 'FAILED',
        startDate: START,
        stopDate: START,
        input: '{"a":1}',
        inputDetails: { included: true },
        output: null,
        outputDetails: null,
        stateMachineVersionArn: null,
        stateMachineAliasArn: null,
        redriveCount: 0,
        redriveDate: null,
        redriveStatus: 'NOT_REDRIVABLE',
        redriveStatusReason: 'The local engine does not redrive executions',
        error: 'E',
        cause: 'c',
      },
    });
  });

  it('hears of each other end too', async () => {
    const world = createWorld();
    const wait = { W: { Type: 'Wait', Seconds: 60, End: true } };
    world.start(world.machine(jsonata({ S: { Type: 'Succeed' } })));
    world.start(world.machine(jsonata(wait, { TimeoutSeconds: 5 })));
    const stopped = world.start(world.machine(jsonata(wait)));
    await world.advance(5);
    world.call('StopExecution', { executionArn: stopped });
    expect(statuses(world)).toEqual(['RUNNING', 'RUNNING', 'RUNNING', 'SUCCEEDED', 'TIMED_OUT', 'ABORTED']);
  });

  it('gets the events that a machine puts, with the execution among their resources', async () => {
    const world = createWorld();
    const entries = [
      {
        Source: 'own',
        DetailType: 'lead.ready',
        Detail: { id: '{% $states.input %}' },
        EventBusName: 'bus',
        Resources: ['r'],
      },
    ];
    const task = {
      Type: 'Task',
      Resource: 'arn:aws:states:::events:putEvents',
      Arguments: { Entries: entries },
      End: true,
    };
    const machine = world.machine(jsonata({ E: task }));
    const execution = world.start(machine, 7);
    await world.settle();
    expect(world.events[1]).toEqual({
      source: 'own',
      detailType: 'lead.ready',
      detail: { id: 7 },
      bus: 'bus',
      resources: ['r', execution, machine],
    });
  });

  it('gets large data left out', async () => {
    const world = createWorld();
    const execution = world.start(world.machine(jsonata({ P: { Type: 'Pass', End: true } })), 'x'.repeat(200_000));
    await world.settle();
    expect(world.describe(execution).status).toBe('SUCCEEDED');
    expect(world.events[1]?.detail).toMatchObject({
      input: null,
      inputDetails: { included: false },
      outputDetails: { included: true },
    });
  });
});
