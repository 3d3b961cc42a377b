import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { lambda, type Template } from './assembly-of.ts';
import { answerOf, runEngine } from './running-engine.ts';

const template: Template = { Resources: { Function: lambda('calls') } };

test.each([
  [
    'fetch',
    `const r = await fetch('https://crm.example/hook?a=1', { method: 'POST', headers: { 'X-Sign': 'abc' }, body: '{"lead":1}' });
      return { status: r.status, text: await r.text() };`,
  ],
  [
    'fetch of a Request',
    `const r = await fetch(new Request('https://crm.example/hook?a=1', { method: 'POST', headers: { 'x-sign': 'abc' }, body: '{"lead":1}' }));
      return { status: r.status, text: await r.text() };`,
  ],
  [
    'node:https',
    `return await new Promise((resolve, reject) => {
      const sent = https.request('https://crm.example/hook?a=1', { method: 'POST', headers: { 'X-Sign': 'abc' } }, (r) => {
        let text = '';
        r.on('data', (chunk) => (text += chunk)).on('end', () => resolve({ status: r.statusCode, text }));
      });
      sent.on('error', reject);
      sent.end('{"lead":1}');
    });`,
  ],
  [
    'node:http with options alone',
    `return await new Promise((resolve, reject) => {
      const options = { protocol: 'https:', hostname: 'crm.example', path: '/hook?a=1', method: 'POST' };
      const sent = request(options, (r) => {
        let text = '';
        r.on('data', (chunk) => (text += chunk)).on('end', () => resolve({ status: r.statusCode, text }));
      });
      sent.setHeader('X-Sign', 'abc');
      sent.on('error', reject);
      sent.end('{"lead":1}');
    });`,
  ],
])('what a function sends to another host by %s is kept, answered and not sent', async (_, code) => {
  const engine = await runEngine(template, {
    calls: `import https, { request } from 'node:https'; export const handler = async () => { ${code} }`,
  });
  expect(await answerOf(engine, 'calls')).toEqual({ status: 200, text: '{}' });
  const [kept, ...others] = engine.outbound();
  expect(others).toEqual([]);
  expect(kept).toMatchObject({
    method: 'POST',
    url: 'https://crm.example/hook?a=1',
    body: '{"lead":1}',
    headers: { 'x-sign': 'abc' },
  });
  expect(Object.keys(kept?.headers ?? {}).join()).not.toMatch(/host|x-local/);
  expect(Date.parse(kept?.at ?? '')).toBeCloseTo(Date.now(), -4);
});

test('bytes that are no text are kept in base64', async () => {
  const engine = await runEngine(template, {
    calls: `export const handler = async () => (await fetch('http://x.example/', { method: 'PUT', body: new Uint8Array([255, 0]) })).status`,
  });
  await answerOf(engine, 'calls');
  expect(engine.outbound()).toMatchObject([{ method: 'PUT', body: '/wA=' }]);
});

test('requests to loopback go through', async () => {
  const server = createServer((_, response) => response.end('here'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const engine = await runEngine(template, {
    calls: `import http from 'node:http';
      export const handler = async ({ port }) => {
        const viaHttp = await new Promise((done) => http.get({ port, path: '/' }, (r) => r.on('data', (text) => done(String(text)))));
        return [await (await fetch('http://localhost:' + port)).text(), viaHttp];
      }`,
  });
  expect(await answerOf(engine, 'calls', { port })).toEqual(['here', 'here']);
  expect(engine.outbound()).toEqual([]);
});

test('a connection by any other means to another host fails', async () => {
  const engine = await runEngine(template, {
    calls: `import { connect } from 'node:net'; import tls from 'node:tls';
      const failure = (socket) => new Promise((done) => socket.on('error', ({ code, message }) => done(code + ' ' + message)).on('connect', () => done('connected')));
      export const handler = async () => [await failure(connect(25, 'mail.example')), await failure(tls.connect({ host: 'mail.example', port: 465 }))]`,
  });
  const refusal = 'ENETUNREACH The local engine lets no connection out; mail.example was asked for.';
  expect(await answerOf(engine, 'calls')).toEqual([refusal, refusal]);
});

test('nobody else can put requests there', async () => {
  const engine = await runEngine(template, { calls: '' });
  const headers = { 'x-local-outbound-token': 'guess', 'x-local-outbound-url': 'https://a.example/' };
  expect((await fetch(`${engine.url}/_local/outbound`, { method: 'POST', headers })).status).toBe(404);
  expect(engine.outbound()).toEqual([]);
});
