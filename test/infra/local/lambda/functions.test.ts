import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lambda, type Template } from '../assembly-of.ts';
import { answerOf, runEngine } from '../running-engine.ts';

const only = (name: string, properties: Record<string, unknown> = {}): Template => ({
  Resources: { Function: lambda(name, properties) },
});
const HOUR = 3_600_000;

test('answers with JSON, whatever a handler returns', async () => {
  const engine = await runEngine(only('echo'), {
    echo: `export const handler = async ({ kind }) => ({ date: new Date(0), map: new Map(), gone: undefined, text: 'ä' }[kind] ?? null)`,
  });
  expect(await answerOf(engine, 'echo', { kind: 'date' })).toBe('1970-01-01T00:00:00.000Z');
  expect(await answerOf(engine, 'echo', { kind: 'map' })).toEqual({});
  expect(await answerOf(engine, 'echo', { kind: 'gone' })).toBeNull();
  expect(await answerOf(engine, 'echo', { kind: 'text' })).toBe('ä');
});

test('gives a handler the context of Lambda', async () => {
  const engine = await runEngine(only('ctx', { Timeout: 7, MemorySize: 256 }), {
    ctx: `export const handler = (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() })`,
  });
  const context = await answerOf(engine, 'ctx');
  expect(context).toMatchObject({
    functionName: 'ctx',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:ctx',
    memoryLimitInMB: '256',
    awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(context).toHaveProperty('left', expect.closeTo(7000, -3));
});

test('a function is found by name, ARN, partial ARN and logical id, and not otherwise', async () => {
  const engine = await runEngine(only('named'), { named: `export const handler = () => 'here'` });
  for (const name of [
    'named',
    'Function',
    'arn:aws:lambda:us-east-1:000000000000:function:named',
    '000000000000:function:named:$LATEST',
  ]) {
    expect(await answerOf(engine, name)).toBe('here');
  }
  await expect(engine.invoke('nobody', {})).rejects.toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
});

test('an error is answered in the shape of Lambda and told to whoever watches', async () => {
  const engine = await runEngine(only('fails'), {
    fails: `export const handler = async ({ value }) => { throw value ?? Object.assign(new TypeError('no luck'), { name: 'Hold' }) }`,
  });
  const result = await engine.invoke('fails', {});
  expect(result).toMatchObject({ ok: false, error: { errorType: 'Hold', errorMessage: 'no luck' } });
  expect(result.ok ? [] : result.error.trace?.[0]).toContain('no luck');
  expect(engine.log.join()).toMatch(/fails: .*no luck/);
  expect(await engine.invoke('fails', { value: 'text' })).toMatchObject({
    error: { errorType: 'string', errorMessage: 'text' },
  });
});

test('concurrent invocations interleave in one thread', async () => {
  const engine = await runEngine(only('counts'), {
    counts: `let inside = 0, most = 0;
      export const handler = async () => {
        most = Math.max(most, ++inside);
        await new Promise((done) => setTimeout(done, 20));
        inside--;
        return most;
      }`,
  });
  const answers = await Promise.all(Array.from({ length: 20 }, () => answerOf(engine, 'counts')));
  expect(Math.max(...answers.map(Number))).toBe(20);
});

test('a function that takes too long is timed out, and the next invocation gets a new thread', async () => {
  const engine = await runEngine(only('slow', { Timeout: 1 }), {
    slow: `let served = 0;
      export const handler = async ({ hang }) => {
        served++;
        if (hang === 'busy') for (;;);
        if (hang === 'idle') await new Promise(() => {});
        return served;
      }`,
  });
  for (const hang of ['idle', 'busy']) {
    const timed = await engine.invoke('slow', { hang });
    expect(timed).toMatchObject({ ok: false, error: { errorType: 'Sandbox.Timedout' } });
    expect(timed.ok ? '' : timed.error.errorMessage).toMatch(/Task timed out after 1\.00 seconds$/);
    expect(await answerOf(engine, 'slow')).toBe(1);
  }
});

test('others in flight beside one that is timed out end well', async () => {
  const engine = await runEngine(only('slow', { Timeout: 1 }), {
    slow: `export const handler = ({ ms }) => new Promise((done) => setTimeout(done, ms, 'done'))`,
  });
  const hanging = engine.invoke('slow', { ms: 60_000 });
  await new Promise((done) => setTimeout(done, 600));
  const fine = answerOf(engine, 'slow', { ms: 700 });
  expect((await hanging).ok).toBe(false);
  expect(await fine).toBe('done');
});

test.each([
  ['process.exit', 'process.exit(3)', 'exit status 3'],
  [
    'an uncaught exception',
    'setTimeout(() => { throw new Error("out of reach") }); await new Promise(() => {})',
    'exit status 1',
  ],
  ['an unhandled rejection', 'Promise.reject(new Error("out of reach")); await new Promise(() => {})', 'exit status 1'],
])('%s fails what is in flight, and the next invocation gets a new thread', async (_, code, message) => {
  const engine = await runEngine(only('crashes'), {
    crashes: `export const handler = async ({ crash }) => { if (crash) { ${code} } return 'well' }`,
  });
  const beside = Promise.all([engine.invoke('crashes', { crash: true }), engine.invoke('crashes', { crash: true })]);
  for (const result of await beside) {
    expect(result).toMatchObject({
      ok: false,
      error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining(message) },
    });
  }
  expect(await answerOf(engine, 'crashes')).toBe('well');
});

test.each([
  ['a bundle that throws', 'throw new RangeError("not today")', 'index.handler', 'RangeError', 'not today'],
  [
    'a bundle without the handler',
    'export const other = 1',
    'index.handler',
    'Runtime.HandlerNotFound',
    'index.handler',
  ],
  ['a handler in a file that is not there', '', 'main.handler', 'Runtime.ImportModuleError', "'main'"],
])('%s fails each invocation by name', async (_, source, handler, errorType, message) => {
  const engine = await runEngine(only('broken', { Handler: handler }), { broken: source });
  for (let i = 0; i < 2; i++) {
    expect(await engine.invoke('broken', {})).toMatchObject({
      ok: false,
      error: { errorType, errorMessage: expect.stringContaining(message) },
    });
  }
});

test('sees its own variables and those of Lambda, not those of the host', async () => {
  process.env.SECRET_OF_THE_HOST = 'x';
  const engine = await runEngine(only('env', { Environment: { Variables: { OWN: { Ref: 'AWS::Region' } } } }), {
    env: `export const handler = () => process.env`,
  });
  const env = await answerOf(engine, 'env');
  expect(env).toMatchObject({
    OWN: 'us-east-1',
    AWS_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_NAME: 'env',
    AWS_ENDPOINT_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    AWS_ENDPOINT_URL_DYNAMODB: engine.resources().dynamodb,
  });
  expect(env).not.toHaveProperty('SECRET_OF_THE_HOST');
  expect(env).not.toHaveProperty('PATH');
  delete process.env.SECRET_OF_THE_HOST;
});

test('lives in the time of the engine, its timers in real time', async () => {
  const engine = await runEngine(only('time'), {
    time: `export const handler = async () => {
      class Special extends Date { twice() { return this.getTime() * 2 } }
      const begin = performance.now();
      await new Promise((done) => setTimeout(done, 20));
      const now = new Date();
      return {
        now: Date.now(), constructed: now.getTime(), called: Date.parse(Date()), subclass: new Special().getTime(),
        waited: performance.now() - begin,
        given: new Date(5).getTime(), copied: new Date(now).getTime() === now.getTime(), parts: new Date(2026, 0, 1).getFullYear(),
        parsed: Date.parse('1970-01-01T00:00:01Z'), utc: Date.UTC(1970, 0, 2),
        same: [now instanceof Date, now.constructor === Date, Date.name, Date.length, new Special(7).twice(), new Special() instanceof Special,
          Object.prototype.toString.call(now), structuredClone(now) instanceof Date, JSON.stringify(new Date(0))],
      };
    }`,
  });
  await engine.advance(1000 * HOUR);
  const real = Date.now();
  const seen = await answerOf(engine, 'time');
  for (const name of ['now', 'constructed', 'called', 'subclass']) {
    expect(seen).toHaveProperty(name, expect.closeTo(real + 1000 * HOUR, -5));
  }
  expect(seen).toMatchObject({ given: 5, copied: true, parts: 2026, parsed: 1000, utc: 86_400_000 });
  expect(seen).toHaveProperty('waited', expect.closeTo(20, -2));
  expect(seen).toHaveProperty('same', [
    true,
    true,
    'Date',
    7,
    14,
    true,
    '[object Date]',
    true,
    '"1970-01-01T00:00:00.000Z"',
  ]);
});

test('what it prints goes to its log file as JSON lines, with the request that printed it', async () => {
  const engine = await runEngine(only('talks'), {
    talks: `export const handler = async (event, { awsRequestId }) => {
      console.log('one %d', 1);
      await null;
      console.warn({ two: 2 });
      console.error(new Error('three'));
      process.stdout.write('{"level":"INFO","four":4}\\nfive\\n');
      return awsRequestId;
    }`,
  });
  const requestId = await answerOf(engine, 'talks');
  const lines = readFileSync(join(engine.folder, 'data/logs/talks.log'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { level: 'INFO', requestId, message: 'one 1', timestamp: expect.any(String) },
    { level: 'WARN', requestId, message: { two: 2 } },
    { level: 'ERROR', requestId, message: { errorType: 'Error', errorMessage: 'three' } },
    { level: 'INFO', four: 4 },
    { level: 'INFO', requestId, message: 'five' },
  ]);
  expect(engine.log).toHaveLength(1);
});

test('more invocations at once than are reserved are refused', async () => {
  const engine = await runEngine(only('narrow', { ReservedConcurrentExecutions: 2 }), {
    narrow: `export const handler = () => new Promise((done) => setTimeout(done, 50, 'done'))`,
  });
  const all = await Promise.allSettled([1, 2, 3].map(() => answerOf(engine, 'narrow')));
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(all[2]).toMatchObject({ reason: { name: 'TooManyRequestsException', status: 429 } });
  expect(await answerOf(engine, 'narrow')).toBe('done');
});

test('a property of a function that the engine does not know is an error that names both', async () => {
  await expect(runEngine(only('vpc', { VpcConfig: {} }), { vpc: '' })).rejects.toThrow(
    /AWS::Lambda::Function Function: .*"VpcConfig"/s,
  );
});
