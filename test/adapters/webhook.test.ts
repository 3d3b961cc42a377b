/** Signed posts to webhooks, against a server that checks the signature as a receiver would. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postWebhook, signature } from '../../functions/adapters/webhook.ts';

const NOW = '2027-03-01T02:00:00.500Z';
let server: Server;
let url: string;
let status = 200;
let location: string | undefined;
const received: { headers: IncomingHttpHeaders; body: string; path: string }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body, path: request.url ?? '' });
      response.writeHead(status, location ? { location } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
afterAll(() => void server.close());
beforeEach(() => {
  received.length = 0;
  status = 200;
  location = undefined;
});

const post = (over: object = {}) =>
  postWebhook({ url, secret: 'shh', id: 'hnd_1', payload: { name: 'Hương' }, now: NOW, ...over });

/** As a receiver checks it. */
function isOurs(secret: string): boolean {
  const [request] = received;
  const { headers = {}, body = '' }: { headers?: IncomingHttpHeaders; body?: string } = request ?? {};
  const signed = `${headers['ripen-id']}.${headers['ripen-timestamp']}.${body}`;
  const expected = Buffer.from(`v1=${createHmac('sha256', secret).update(signed).digest('hex')}`);
  const given = Buffer.from(String(headers['ripen-signature']));
  return expected.length === given.length && timingSafeEqual(expected, given);
}

describe('a webhook', () => {
  it('gets a body that its secret proves, with an id and the time in seconds', async () => {
    expect(await post()).toEqual({ kind: 'delivered', status: 200 });
    expect(isOurs('shh')).toBe(true);
    expect(isOurs('another')).toBe(false);
    expect(received[0]?.headers).toMatchObject({
      'ripen-id': 'hnd_1',
      'ripen-timestamp': '1803866400',
      'content-type': 'application/json',
    });
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({ name: 'Hương' });
  });

  it('can tell a body, an id and a time apart from any other', () => {
    const all = [
      signature('shh', 'a', 'body', NOW),
      signature('shh', 'b', 'body', NOW),
      signature('shh', 'a', 'bodz', NOW),
      signature('shh', 'a', 'body', '2027-03-01T02:00:01.500Z'),
      signature('shi', 'a', 'body', NOW),
    ].map((headers) => headers['Ripen-Signature']);
    expect(new Set(all).size).toBe(all.length);
  });

  it.each([
    [204, 'delivered'],
    [301, 'final'],
    [400, 'final'],
    [401, 'final'],
    [404, 'final'],
    [408, 'retryable'],
    [410, 'final'],
    [425, 'retryable'],
    [429, 'retryable'],
    [500, 'retryable'],
    [503, 'retryable'],
  ])('that answers %i: %s', async (code, kind) => {
    status = code;
    expect((await post()).kind).toBe(kind);
  });

  it('that points elsewhere is not followed: a lead’s data would go with it', async () => {
    status = 307;
    location = `${url}/elsewhere`;
    expect((await post()).kind).toBe('final');
    expect(received.map(({ path }) => path)).toEqual(['/hook']);
  });

  it('that is not there is tried again', async () => {
    expect(await post({ url: 'http://127.0.0.1:1/' })).toMatchObject({ kind: 'retryable' });
  });
});
