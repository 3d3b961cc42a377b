import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../../../infra/local/engine.ts';
import { httpApi, lambda, writeAssembly } from '../assembly-of.ts';

const BUNDLES = {
  echo: `export const handler = async (event) => event`,
  answers: `export const handler = async (event) => JSON.parse(event.isBase64Encoded ? atob(event.body) : event.body)`,
  fails: `export const handler = async () => { throw new Error('secret detail') }`,
  narrow: `export const handler = () => new Promise((done) => setTimeout(done, 100, 'done'))`,
};
const ROUTES = {
  'ANY /echo/{id}': 'echo',
  'POST /answers': 'answers',
  'GET /fails': 'fails',
  'GET /narrow': 'narrow',
  'ANY /api/{rest+}': 'echo',
};

let engine: Engine;
let folder: string;
let port: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'engine-http-'));
  const functions = {
    Echo: lambda('echo'),
    Answers: lambda('answers'),
    Fails: lambda('fails'),
    Narrow: lambda('narrow', { ReservedConcurrentExecutions: 1 }),
  };
  const assembly = writeAssembly(folder, { Resources: { ...functions, ...httpApi(ROUTES) } }, BUNDLES);
  const page = ({ url }: Request) =>
    new URL(url).pathname === '/page'
      ? new Response('a page', {
          headers: [
            ['set-cookie', 'a=1'],
            ['set-cookie', 'b=2'],
          ],
        })
      : undefined;
  engine = await startEngine({ assembly, dataDir: join(folder, 'data'), port: 0, pages: [page] });
  port = Number(new URL(engine.url).port);
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A request with any header at all, which `fetch` would not send. */
function send(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body = '',
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('a request', () => {
  test('comes to its function in payload format 2.0', async () => {
    const answer = await fetch(`${engine.url}/echo/a%20b?x=1&y=a%26b&x=2`, {
      method: 'POST',
      headers: [
        ['X-One', 'a'],
        ['X-One', 'b'],
        ['Cookie', 'c=1; d=2'],
        ['User-Agent', 'tester'],
        ['Content-Type', 'application/json'],
      ],
      body: '{"ä":1}',
    });
    expect(await answer.json()).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /echo/{id}',
      rawPath: '/echo/a%20b',
      rawQueryString: 'x=1&y=a%26b&x=2',
      queryStringParameters: { x: '1,2', y: 'a&b' },
      cookies: ['c=1', 'd=2'],
      headers: { 'x-one': 'a, b', host: `localhost:${port}` },
      pathParameters: { id: 'a b' },
      body: '{"ä":1}',
      isBase64Encoded: false,
      requestContext: {
        accountId: '000000000000',
        http: { method: 'POST', path: '/echo/a%20b', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'tester' },
        routeKey: 'ANY /echo/{id}',
        stage: '$default',
        timeEpoch: expect.closeTo(Date.now(), -4),
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      },
    });
  });

  test.each([
    ['text/plain', 'text', false],
    ['application/json; charset=utf-8', '{}', false],
    ['application/vnd.api+json', '{}', false],
    ['application/x-www-form-urlencoded', 'a=1', true],
    ['multipart/form-data; boundary=x', '--x--', true],
    ['application/octet-stream', 'x', true],
  ])('with a body of %s is in base64: %s, %s', async (type, body, isBase64Encoded) => {
    const answer = await fetch(`${engine.url}/echo/1`, { method: 'POST', headers: { 'content-type': type }, body });
    expect(await answer.json()).toMatchObject({ isBase64Encoded, body: isBase64Encoded ? btoa(body) : body });
  });

  test('with text that is no UTF-8 keeps its bytes', async () => {
    const body = new Uint8Array([0x7b, 0xff, 0x7d]);
    const answer = await fetch(`${engine.url}/echo/1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(await answer.json()).toMatchObject({ isBase64Encoded: true, body: 'e/99' });
  });

  test('without a body or a query has neither', async () => {
    const event: unknown = await (await fetch(`${engine.url}/echo/1`)).json();
    expect(event).not.toHaveProperty('body');
    expect(event).not.toHaveProperty('queryStringParameters');
    expect(event).not.toHaveProperty('cookies');
  });

  test('for a path that nobody has is not found, as API Gateway says it', async () => {
    const answer = await fetch(`${engine.url}/nothing`);
    expect([answer.status, await answer.text()]).toEqual([404, '{"message":"Not Found"}']);
  });
});

describe('an answer', () => {
  const answer = (value: unknown) =>
    fetch(`${engine.url}/answers`, { method: 'POST', body: JSON.stringify(value), redirect: 'manual' });

  test('takes status, headers, cookies and body from the function', async () => {
    const response = await answer({
      statusCode: 303,
      headers: { Location: '/x', 'X-Number': 7 },
      cookies: ['a=1', 'b=2'],
      body: 'gone',
    });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/x');
    expect(response.headers.get('x-number')).toBe('7');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('content-type')).toBe('text/plain;charset=UTF-8');
    expect(await response.text()).toBe('gone');
  });

  test.each([
    ['plain text', 'text', 'text', 'application/json'],
    ['an object without a status', { a: 1 }, '{"a":1}', 'application/json'],
    [
      'bytes',
      { statusCode: 200, headers: { 'content-type': 'image/gif' }, isBase64Encoded: true, body: btoa('GIF') },
      'GIF',
      'image/gif',
    ],
    [
      'several values of a header',
      { statusCode: 200, multiValueHeaders: { 'content-type': ['text/css'] }, body: 'x' },
      'x',
      'text/css',
    ],
  ])('of %s is sent as API Gateway would', async (_, value, text, type) => {
    const response = await answer(value);
    expect([response.status, await response.text(), response.headers.get('content-type')]).toEqual([200, text, type]);
  });

  test.each([
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
    ['a status that is none', { statusCode: 'fine' }],
    ['a header that would split the response', { statusCode: 200, headers: { 'x-a': 'a\r\nb: c' } }],
  ])('with %s is a 500 that says nothing', async (_, value) => {
    const response = await answer(value);
    expect([response.status, await response.json()]).toEqual([500, { message: 'Internal Server Error' }]);
  });

  test('of a function that fails is a 500 that says nothing', async () => {
    const response = await fetch(`${engine.url}/fails`);
    expect([response.status, await response.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
  });

  test('of a function without room is a 503', async () => {
    const statuses = await Promise.all([1, 2].map(async () => (await fetch(`${engine.url}/narrow`)).status));
    expect(statuses.sort()).toEqual([200, 503]);
  });

  test('to HEAD has the headers of GET and no body', async () => {
    const response = await fetch(`${engine.url}/echo/1`, { method: 'HEAD' });
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
    expect(await response.text()).toBe('');
  });
});

describe('bodies', () => {
  test('over 10 MB are refused, and the connection goes on', async () => {
    const response = await fetch(`${engine.url}/echo/1`, {
      method: 'POST',
      body: new Uint8Array(10 * 1024 * 1024 + 1),
    });
    expect(response.status).toBe(413);
    expect((await fetch(`${engine.url}/page`)).status).toBe(200);
  });

  test('over 10 MB in chunks without a length are refused', async () => {
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (sent++ < 11) controller.enqueue(new Uint8Array(1024 * 1024));
        else controller.close();
      },
    });
    const response = await fetch(`${engine.url}/echo/1`, { method: 'POST', body, duplex: 'half' } as RequestInit);
    expect(response.status).toBe(413);
  });

  test('whose sender goes away leave nothing behind', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(`POST /echo/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf`);
    await sleep(30);
    socket.destroy();
    await sleep(30);
    expect((await fetch(`${engine.url}/page`)).status).toBe(200);
  });
});

describe('who may ask', () => {
  test.each([
    ['localhost', 200],
    ['127.0.0.1', 200],
    ['[::1]:80', 200],
    ['ripen.localhost:99', 200],
    ['evil.example', 403],
    ['localhost.evil.example', 403],
    ['192.168.1.5', 403],
    ['[fe80::1]', 403],
  ])('a Host of %j is answered %d', async (host, status) => {
    expect((await send('/page', { host })).status).toBe(status);
  });

  test.each([
    ['/_local', 'http://evil.example', 403],
    ['/_local/clock', 'null', 403],
    ['/api/leads', 'https://evil.example', 403],
    ['/api/leads', 'http://localhost:1', 403],
    ['/_local', () => `http://localhost:${port}`, 200],
    ['/api/leads', () => `http://127.0.0.1:${port}`, 200],
    ['/echo/1', 'https://landing.example', 200],
  ])('%s from %s is answered %d', async (path, origin, status) => {
    const from = typeof origin === 'string' ? origin : origin();
    expect((await send(path, { origin: from })).status).toBe(status);
  });

  test('AWS calls of a foreign page are refused', async () => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0';
    const path = '/2015-03-31/functions/echo/invocations';
    expect((await send(path, { authorization, origin: 'http://evil.example' }, 'POST', '{}')).status).toBe(403);
    expect(await send(path, { authorization }, 'POST', '{"a":1}')).toEqual({ status: 200, text: '{"a":1}' });
  });
});

describe('AWS', () => {
  const call = (service: string, headers: Record<string, string>, body: string, path = '/') =>
    fetch(engine.url + path, {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
        ...headers,
      },
      body,
    });

  test('an invocation of a function that fails says so in a header', async () => {
    const answer = await call('lambda', {}, '{}', '/2015-03-31/functions/fails/invocations');
    expect([answer.status, answer.headers.get('x-amz-function-error')]).toEqual([200, 'Unhandled']);
    expect(await answer.json()).toMatchObject({ errorType: 'Error', errorMessage: 'secret detail' });
  });

  test.each([
    ['a service that is not there', 'iam', {}, '{}', 400, 'UnknownService'],
    [
      'an operation that is not there',
      'secretsmanager',
      { 'x-amz-target': 'secretsmanager.DeleteSecret' },
      '{}',
      400,
      'UnknownOperationException',
    ],
    ['no operation', 'events', {}, '{}', 400, 'UnknownOperationException'],
    [
      'a body that is no object',
      'events',
      { 'x-amz-target': 'AWSEvents.PutEvents' },
      '[',
      400,
      'SerializationException',
    ],
    ['a payload that is no JSON', 'lambda', {}, '{', 400, 'InvalidRequestContentException'],
  ])('%s is an error by name', async (_, service, headers, body, status, code) => {
    const path = service === 'lambda' ? '/2015-03-31/functions/echo/invocations' : '/';
    const answer = await call(service, headers, body, path);
    expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([status, code]);
    expect(await answer.json()).toMatchObject({ __type: code, message: expect.any(String) });
  });

  test('answers carry no date, which an SDK on a moved clock would take for a skewed one', async () => {
    expect((await call('lambda', {}, '{}', '/2015-03-31/functions/echo/invocations')).headers.get('date')).toBeNull();
  });
});

describe('local pages', () => {
  const move = (body: string) => fetch(`${engine.url}/_local/clock`, { method: 'POST', body });

  test('tell where what AWS has is found here', async () => {
    const directory: unknown = await (await fetch(`${engine.url}/_local`)).json();
    expect(directory).toMatchObject({
      aws: engine.url,
      dynamodb: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      region: 'us-east-1',
      account: '000000000000',
      tables: [],
      buses: ['default'],
      stateMachines: [],
      functions: ['echo', 'answers', 'fails', 'narrow'],
      now: expect.any(String),
    });
  });

  test('move the clock, whatever the content type', async () => {
    const before = Date.parse(((await (await fetch(`${engine.url}/_local/clock`)).json()) as { now: string }).now);
    const { now } = (await (await move('{"advance":"P3D"}')).json()) as { now: string };
    expect(Date.parse(now) - before).toBeGreaterThanOrEqual(3 * 86_400_000);
    const after: unknown = await (await fetch(`${engine.url}/_local/clock`)).json();
    expect(after).toMatchObject({
      now: expect.any(String),
      real: expect.any(String),
      offsetMs: expect.closeTo(3 * 86_400_000, -4),
    });
    expect((await move('{"advance":"PT0S"}')).status).toBe(200);
  });

  test.each([
    '{"advance":"-P1D"}',
    '{"advance":"1 day"}',
    '{"advance":3}',
    '{}',
    'P1D',
    '',
    '{"advance":"P99999Y"}',
    '{"advance":"P999999999999D"}',
  ])('refuse to move the clock by %s', async (body) => {
    const answer = await move(body);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
  });

  test.each(['P10YT1S', 'P8000Y'])(
    'refuse to move the clock by %s at once: it would run for hours',
    async (advance) => {
      const before = engine.clock.now();
      const answer = await move(JSON.stringify({ advance }));
      expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([
        400,
        `"${advance}" is more than ten years: move the clock by less at once.`,
      ]);
      expect(engine.clock.now() - before).toBeLessThan(60_000);
    },
  );

  test('of the host are served, with each cookie', async () => {
    const answer = await fetch(`${engine.url}/page`);
    expect([answer.status, await answer.text(), answer.headers.getSetCookie()]).toEqual([
      200,
      'a page',
      ['a=1', 'b=2'],
    ]);
  });
});
