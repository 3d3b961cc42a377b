import { EventBridgeClient, PutEventsCommand, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { createBuses } from '../../../infra/local/bus/bus.ts';
import { AwsError } from '../../../infra/local/part.ts';
import type { Resource } from '../../../infra/local/resource.ts';
import { clientConfig, serveJson } from './aws-server.ts';
import { account, arnOf, fakeParts, HOUR, MINUTE, region } from './fake-parts.ts';

const queueArn = `arn:aws:sqs:${region}:${account}:dead`;
const machineArn = `arn:aws:states:${region}:${account}:stateMachine:m`;
const main: Resource = { logicalId: 'Bus', name: 'main', properties: { Name: 'main' } };

function rule(properties: Record<string, unknown>, name = 'r'): Resource {
  return {
    logicalId: name,
    name,
    properties: { EventBusName: 'main', EventPattern: { source: ['app'] }, ...properties },
  };
}
const target = (more: Record<string, unknown> = {}) => ({ Id: 't', Arn: arnOf('f'), ...more });

function setUp(rules: Resource[], fake = fakeParts()) {
  const sent: { queue: string; body: string; attributes: Record<string, string> | undefined }[] = [];
  const started: { machine: string; input: string }[] = [];
  const warnings: string[] = [];
  const failing = { start: undefined as Error | undefined };
  const bus = createBuses(
    fake.parts,
    { buses: [main], rules },
    {
      startExecution(machine, input) {
        if (failing.start) throw failing.start;
        started.push({ machine, input });
      },
      sendMessage: (queue, body, attributes) => sent.push({ queue, body, attributes }),
      warn: (line) => warnings.push(line),
    },
  );
  return { ...fake, bus, sent, started, warnings, failing };
}
const event = (detail: unknown = { a: 1 }) => ({ source: 'app', detailType: 'thing.happened', detail, bus: 'main' });

describe('an event', () => {
  it('goes to the targets of the rules that match it, in the envelope of AWS', async () => {
    const { bus, advance, invoked } = setUp([rule({ Targets: [target()] })]);
    const [id] = bus.put([{ ...event(), resources: ['x'] }]);
    bus.put([{ ...event(), source: 'other' }]);
    await advance(0);
    const payload = {
      version: '0',
      id,
      'detail-type': 'thing.happened',
      source: 'app',
      account,
      time: '2026-11-16T14:10:05Z',
      region,
      resources: ['x'],
      detail: { a: 1 },
    };
    expect(invoked).toEqual([{ function: arnOf('f'), payload, at: expect.any(Number) }]);
  });

  it('leaves nothing on disk when no rule matches', () => {
    const { bus, db } = setUp([rule({ Targets: [target()] })]);
    bus.put([{ ...event(), source: 'other' }]);
    expect(db.prepare('SELECT count(*) AS n FROM bus_deliveries').get()?.n).toBe(0);
  });

  it('is only seen by its own bus', async () => {
    const { bus, advance, invoked } = setUp([
      rule({ Targets: [target()] }),
      rule({ EventBusName: 'default', Targets: [target({ Arn: arnOf('g') })] }, 's'),
    ]);
    bus.put([{ source: 'app', detailType: 'x', detail: {} }]);
    await advance(0);
    expect(invoked.map((each) => each.function)).toEqual([arnOf('g')]);
  });

  it('is not seen by a disabled rule', async () => {
    const { bus, advance, invoked } = setUp([rule({ State: 'DISABLED', Targets: [target()] })]);
    bus.put([event()]);
    await advance(0);
    expect(invoked).toEqual([]);
  });

  it('starts an execution, fills a queue and passes on to another bus', async () => {
    const defaultBus = `arn:aws:events:${region}:${account}:event-bus/default`;
    const { bus, advance, invoked, sent, started } = setUp([
      rule({
        Targets: [
          { Id: 'a', Arn: machineArn, InputPath: '$.detail' },
          { Id: 'b', Arn: queueArn, Input: '{"fixed":true}' },
          { Id: 'c', Arn: defaultBus },
        ],
      }),
      rule({ EventBusName: defaultBus, Targets: [target()] }, 'second'),
    ]);
    bus.put([event()]);
    await advance(0);
    expect(started).toEqual([{ machine: machineArn, input: '{"a":1}' }]);
    expect(sent).toEqual([{ queue: queueArn, body: '{"fixed":true}', attributes: undefined }]);
    expect(invoked.map((each) => each.function)).toEqual([arnOf('f')]);
  });

  it('for a bus that does not exist is dropped with a warning', () => {
    const { bus, warnings } = setUp([]);
    expect(bus.put([{ ...event(), bus: 'nowhere' }])).toHaveLength(1);
    expect(warnings).toEqual([expect.stringContaining('nowhere')]);
  });
});

describe('a delivery', () => {
  it('that an earlier run left behind is made by the next one', async () => {
    const first = setUp([rule({ Targets: [target()] })]);
    first.lambda.invokeAsync = () => {
      throw new Error('the process dies before the event is delivered');
    };
    first.bus.put([event()]);
    expect(first.db.prepare('SELECT count(*) AS n FROM bus_deliveries').get()?.n).toBe(1);
    await first.advance(0);
    const second = setUp([rule({ Targets: [target()] })], fakeParts({ db: first.db }));
    second.bus.resume();
    await second.advance(1000);
    expect(second.invoked).toHaveLength(1);
    const third = setUp([rule({ Targets: [target()] })], fakeParts({ db: first.db }));
    third.bus.resume();
    await third.advance(0);
    expect(third.invoked).toEqual([]);
  });

  it('is tried again with growing pauses in engine time', async () => {
    const { bus, advance, started, failing } = setUp([rule({ Targets: [{ Id: 'a', Arn: machineArn }] })]);
    failing.start = new AwsError('ThrottlingException', 'Rate exceeded', 429);
    bus.put([event()]);
    await advance(2999);
    failing.start = undefined;
    expect(started).toHaveLength(0);
    await advance(4001);
    expect(started).toHaveLength(1);
  });

  it('goes to the dead-letter queue with the attributes of AWS when its retries are used up', async () => {
    const policy = {
      DeadLetterConfig: { Arn: queueArn },
      RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 },
    };
    const { bus, advance, sent, failing } = setUp([rule({ Targets: [{ Id: 'a', Arn: machineArn, ...policy }] })]);
    failing.start = new Error('out of order');
    const [id] = bus.put([event()]);
    await advance(MINUTE);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.attributes).toEqual({
      RULE_ARN: `arn:aws:events:${region}:${account}:rule/main/r`,
      TARGET_ARN: machineArn,
      ERROR_CODE: 'ERROR_FROM_TARGET',
      ERROR_MESSAGE: 'out of order',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      RETRY_ATTEMPTS: '2',
    });
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({ id, detail: { a: 1 } });
  });

  it('goes there when the event is too old', async () => {
    const policy = { DeadLetterConfig: { Arn: queueArn }, RetryPolicy: { MaximumEventAgeInSeconds: 60 } };
    const { bus, advance, sent, failing } = setUp([rule({ Targets: [{ Id: 'a', Arn: machineArn, ...policy }] })]);
    failing.start = new Error('out of order');
    bus.put([event()]);
    await advance(HOUR);
    expect(sent[0]?.attributes).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
      RETRY_ATTEMPTS: '5',
    });
  });

  it('goes there at once when the target does not exist', async () => {
    const { bus, advance, sent, lambdaState } = setUp([
      rule({ Targets: [target({ DeadLetterConfig: { Arn: queueArn } })] }),
    ]);
    lambdaState.missing.add(arnOf('f'));
    bus.put([event()]);
    await advance(0);
    expect(sent[0]?.attributes).toMatchObject({ ERROR_CODE: 'NO_RESOURCE', RETRY_ATTEMPTS: '0' });
  });

  it('goes there at once when its input is not JSON', async () => {
    const InputTransformer = { InputTemplate: 'state <aws.events.rule-name>' };
    const { bus, advance, sent } = setUp([
      rule({ Targets: [target({ InputTransformer, DeadLetterConfig: { Arn: queueArn } })] }),
    ]);
    bus.put([event()]);
    await advance(0);
    expect(sent[0]?.attributes).toMatchObject({ ERROR_CODE: 'INVALID_JSON' });
  });

  it('is dropped with a warning when there is no dead-letter queue', async () => {
    const { bus, advance, warnings, lambdaState, db } = setUp([rule({ Targets: [target()] })]);
    lambdaState.missing.add(arnOf('f'));
    bus.put([event()]);
    await advance(0);
    expect(warnings).toEqual([expect.stringContaining(arnOf('f'))]);
    expect(db.prepare('SELECT count(*) AS n FROM bus_deliveries').get()?.n).toBe(0);
  });
});

describe('a template is refused, naming', () => {
  it.each([
    [
      'the unknown target',
      rule({ Targets: [{ Id: 'x', Arn: 'arn:aws:sns:us-east-1:1:topic' }] }),
      /r: target x: .*arn:aws:sns/,
    ],
    ['the unknown matcher', rule({ EventPattern: { source: [{ like: 'x' }] } }), /r: .*source: unknown matcher "like"/],
    ['the unknown property', rule({ Sparkle: 1 }), /AWS::Events::Rule r: .*Sparkle/],
    ['the missing bus', rule({ EventBusName: 'nowhere' }), /nowhere/],
    [
      'the sixth target',
      rule({ Targets: Array.from({ length: 6 }, (_, n) => ({ Id: `${n}`, Arn: arnOf('f') })) }),
      /Targets/,
    ],
    ['a pattern over 2,048 characters', rule({ EventPattern: { source: ['x'.repeat(2048)] } }), /2048/],
    ['a rule without pattern and schedule', rule({ EventPattern: undefined }), /neither/],
  ])('%s', (_, resource, message) => {
    expect(() => setUp([resource])).toThrow(message);
  });
});

describe('PutEvents', () => {
  const entry = (more: Record<string, unknown> = {}) => ({
    Source: 'app',
    DetailType: 'x',
    Detail: '{"a":1}',
    EventBusName: 'main',
    ...more,
  });
  const put = (entries: unknown[]) => setUp([]).bus.service.handle('PutEvents', { Entries: entries });

  it('answers an id for each entry, and an error in the place of one that fails', async () => {
    const { bus, advance, invoked } = setUp([rule({ Targets: [target()] })]);
    const { endpoint, close } = await serveJson(bus.service);
    const client = new EventBridgeClient(clientConfig(endpoint));
    const bad = entry({ Detail: '[1]' });
    const answer = await client.send(
      new PutEventsCommand({ Entries: [entry(), bad, entry({ Time: new Date('2026-01-02T03:04:05Z') })] }),
    );
    const tested = await client.send(
      new TestEventPatternCommand({ EventPattern: '{"source":["a"]}', Event: '{"source":"a"}' }),
    );
    client.destroy();
    close();
    await advance(0);
    expect(answer.FailedEntryCount).toBe(1);
    expect(answer.Entries?.map((each) => each.ErrorCode ?? typeof each.EventId)).toEqual([
      'string',
      'MalformedDetail',
      'string',
    ]);
    expect(invoked.map((each) => each.payload)).toEqual([
      expect.objectContaining({ id: answer.Entries?.[0]?.EventId }),
      expect.objectContaining({ id: answer.Entries?.[2]?.EventId, time: '2026-01-02T03:04:05Z' }),
    ]);
    expect(tested.Result).toBe(true);
  });

  it.each([
    ['without a source', { Source: '' }, 'InvalidArgument'],
    ['without a detail type', { DetailType: undefined }, 'InvalidArgument'],
    ['without a detail', { Detail: undefined }, 'InvalidArgument'],
    ['with a detail that is not JSON', { Detail: '{' }, 'MalformedDetail'],
    ["in AWS's own name on a custom bus", { Source: 'aws.ses' }, 'NotAuthorizedForSourceException'],
  ])('fails an entry %s', (_, more, code) => {
    expect(put([entry(more)])).toMatchObject({ FailedEntryCount: 1, Entries: [{ ErrorCode: code }] });
  });

  it("takes an entry in AWS's own name on the default bus, as an event that somebody plays by hand", async () => {
    const name = { EventBusName: undefined, EventPattern: { source: ['aws.ses'] } };
    const { bus, advance, invoked } = setUp([rule({ ...name, Targets: [target()] })]);
    const byHand = entry({ Source: 'aws.ses', EventBusName: undefined });
    const named = entry({ Source: 'aws.ses', EventBusName: 'default' });
    expect(bus.service.handle('PutEvents', { Entries: [byHand, named] })).toMatchObject({ FailedEntryCount: 0 });
    await advance(0);
    expect(invoked.map((each) => each.payload)).toEqual(
      [1, 2].map(() => expect.objectContaining({ source: 'aws.ses', detail: { a: 1 } })),
    );
  });

  it('refuses more than ten entries, and a megabyte', () => {
    expect(() => put(Array.from({ length: 11 }, () => entry()))).toThrow(/less than or equal to 10/);
    expect(() => put([entry({ Detail: JSON.stringify({ a: 'x'.repeat(1_048_576) }) })])).toThrow(/over the limit/);
  });

  it('has no operation that it does not know', () => {
    expect(() => setUp([]).bus.service.handle('PutRule', {})).toThrow(/no PutRule/);
  });
});
