import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Engine } from '../../../../infra/local/engine.ts';
import { lambda, type Template, temporaryFolder, writeAssembly } from '../assembly-of.ts';
import { answerOf, runEngine } from '../running-engine.ts';

const MINUTE = 60_000;
const FLAKY = `const seen = [];
  export const handler = async (event) => {
    if (event.list) return seen;
    seen.push({ n: event.n, at: Date.now() });
    if (event.fail) throw new Error('fails for ever');
  }`;

const configured = (config: Record<string, unknown> = {}, properties: Record<string, unknown> = {}): Template => ({
  Resources: {
    Function: lambda('flaky', properties),
    Failures: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'failures' } },
    Config: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: { Ref: 'Function' }, Qualifier: '$LATEST', ...config },
    },
  },
});
const onFailure = { DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Failures', 'Arn'] } } } };

/** A call as an SDK makes it. */
async function call(
  engine: Engine,
  service: string,
  path: string,
  headers: Record<string, string>,
  body: unknown,
): Promise<Response> {
  const scope = `Credential=local/20260101/us-east-1/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0`;
  return fetch(engine.url + path, {
    method: 'POST',
    headers: { authorization, ...headers },
    body: JSON.stringify(body),
  });
}

const post = (engine: Engine, event: unknown, function_ = 'flaky'): Promise<Response> =>
  call(engine, 'lambda', `/2015-03-31/functions/${function_}/invocations`, { 'x-amz-invocation-type': 'Event' }, event);

async function messagesOf(engine: Engine, queue: string): Promise<{ Body: string; MessageAttributes?: unknown }[]> {
  const headers = { 'x-amz-target': 'AmazonSQS.ReceiveMessage', 'content-type': 'application/x-amz-json-1.0' };
  const QueueUrl = `${engine.url}/000000000000/${queue}`;
  const input = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
  const answer: unknown = await (await call(engine, 'sqs', '/', headers, input)).json();
  return (answer as { Messages?: { Body: string }[] }).Messages ?? [];
}

async function minutesSeen(engine: Engine, n: number): Promise<number[]> {
  const seen = (await answerOf(engine, 'flaky', { list: true })) as { n: number; at: number }[];
  const mine = seen.filter((each) => each.n === n).map(({ at }) => at);
  return mine.map((at) => Math.round((at - (mine[0] ?? 0)) / MINUTE));
}

test('an event that fails is tried again after one and two minutes, then recorded at its destination', async () => {
  const engine = await runEngine(configured(onFailure), { flaky: FLAKY });
  expect((await post(engine, { n: 1, fail: true })).status).toBe(202);
  await engine.settle();
  expect(await minutesSeen(engine, 1)).toEqual([0]);
  await engine.advance(10 * MINUTE);
  expect(await minutesSeen(engine, 1)).toEqual([0, 1, 3]);
  const [message, ...others] = await messagesOf(engine, 'failures');
  expect(others).toEqual([]);
  expect(JSON.parse(message?.Body ?? '')).toMatchObject({
    version: '1.0',
    requestContext: {
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:flaky:$LATEST',
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: { n: 1, fail: true },
    responseContext: { statusCode: 200, functionError: 'Unhandled' },
    responsePayload: { errorType: 'Error', errorMessage: 'fails for ever' },
  });
});

test.each([
  ['MaximumRetryAttempts 0', { MaximumRetryAttempts: 0 }, [0], 'RetriesExhausted'],
  ['MaximumRetryAttempts 1', { MaximumRetryAttempts: 1 }, [0, 1], 'RetriesExhausted'],
  ['MaximumEventAgeInSeconds 90', { MaximumEventAgeInSeconds: 90 }, [0, 1], 'EventAgeExceeded'],
])('%s is honoured', async (_, config, minutes, condition) => {
  const engine = await runEngine(configured({ ...onFailure, ...config }), { flaky: FLAKY });
  await post(engine, { n: 1, fail: true });
  await engine.advance(30 * MINUTE);
  expect(await minutesSeen(engine, 1)).toEqual(minutes);
  const [message] = await messagesOf(engine, 'failures');
  expect(JSON.parse(message?.Body ?? '')).toMatchObject({ requestContext: { condition } });
});

test('a dead-letter queue gets the event itself', async () => {
  const dead = { DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['Failures', 'Arn'] } } };
  const engine = await runEngine(configured({}, dead), { flaky: FLAKY });
  await post(engine, { n: 2, fail: true });
  await engine.advance(10 * MINUTE);
  expect(await messagesOf(engine, 'failures')).toMatchObject([
    { Body: '{"n":2,"fail":true}', MessageAttributes: { ErrorMessage: { StringValue: 'fails for ever' } } },
  ]);
});

test('an event that fails for good with nowhere to go is told to whoever watches', async () => {
  const engine = await runEngine(configured({ MaximumRetryAttempts: 0 }), { flaky: FLAKY });
  await post(engine, { n: 3, fail: true });
  await engine.settle();
  expect(engine.log.join('\n')).toContain('An event for flaky failed for good and has nowhere to go.');
});

test('events keep their order of acceptance and wait for reserved concurrency instead of failing', async () => {
  const engine = await runEngine(configured(onFailure, { ReservedConcurrentExecutions: 1 }), {
    flaky: `const seen = []; let inside = 0, most = 0;
      export const handler = async ({ n, list }) => {
        if (list) return { seen, most };
        most = Math.max(most, ++inside);
        seen.push(n);
        await new Promise((done) => setTimeout(done, 2));
        inside--;
      }`,
  });
  for (let n = 0; n < 100; n++) await post(engine, { n });
  await engine.settle();
  expect(await answerOf(engine, 'flaky', { list: true })).toEqual({
    seen: Array.from({ length: 100 }, (_, n) => n),
    most: 1,
  });
});

test('a retry that was waiting goes on after a restart', async () => {
  const first = await runEngine(configured(onFailure), { flaky: FLAKY });
  await post(first, { n: 5, fail: true });
  await first.settle();
  await first.close();
  const second = await runEngine(configured(onFailure), { flaky: FLAKY }, { folder: first.folder });
  await second.advance(10 * MINUTE);
  expect(await minutesSeen(second, 5)).toEqual([0, 2]);
  expect(await messagesOf(second, 'failures')).toHaveLength(1);
});

test('an unknown function and an oversized event are refused', async () => {
  const engine = await runEngine(configured(), { flaky: FLAKY });
  const unknown = await post(engine, {}, 'nobody');
  expect([unknown.status, unknown.headers.get('x-amzn-errortype')]).toEqual([404, 'ResourceNotFoundException']);
  const oversized = await post(engine, { text: 'x'.repeat(1024 * 1024) });
  expect([oversized.status, oversized.headers.get('x-amzn-errortype')]).toEqual([413, 'RequestTooLargeException']);
});

test('accepted events survive a hard kill of the engine and are delivered at the next start', async () => {
  const folder = temporaryFolder();
  const done = join(folder, 'done');
  const template = configured(onFailure);
  // The first engine hangs in the first delivery; what was accepted behind it waits on disk.
  const bundle = `import { appendFileSync, existsSync } from 'node:fs';
    export const handler = async ({ n }) => {
      if (!existsSync(${JSON.stringify(`${done}.go`)})) await new Promise(() => {});
      appendFileSync(${JSON.stringify(done)}, n + '\\n');
    }`;
  const assembly = writeAssembly(folder, template, { flaky: bundle });
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../engine-process.ts'), assembly, join(folder, 'data')],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const url = await new Promise<string>((resolve) => child.stdout.once('data', (text) => resolve(String(text).trim())));
  for (let n = 0; n < 40; n++) expect((await post({ url } as Engine, { n })).status).toBe(202);
  await sleep(50);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  expect(existsSync(done)).toBe(false);

  writeFileSync(`${done}.go`, '');
  const engine = await runEngine(template, { flaky: bundle }, { folder });
  await engine.settle();
  const delivered = readFileSync(done, 'utf8').trimEnd().split('\n').map(Number);
  expect(delivered.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
});
