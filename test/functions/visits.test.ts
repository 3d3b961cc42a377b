import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, vi } from 'vitest';
import { visitorHash } from '../../functions/lead/visitor.ts';
import { handler } from '../../functions/visits.ts';
import { AT } from '../adapters/example-definition.ts';
import { everyItem } from '../local-dynamo.ts';
import { answerOf, requestEvent } from './requests.ts';
import { setTime, useWorld } from './world.ts';

const world = useWorld();

const PAGE = 'https://www.example.com';
let nth = 0;
const newHex = () => (++nth).toString(16).padStart(32, '0');
const beacon = (over: object = {}) => ({ visitor: newHex(), view: newHex(), page: `${PAGE}/pricing`, ...over });
const send = async (body: unknown, headers: Record<string, string> = {}, method = 'POST') =>
  answerOf(
    await handler(
      requestEvent({
        method,
        path: '/visits',
        headers: { 'content-type': 'text/plain;charset=UTF-8', origin: PAGE, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    ),
  );
const itemsOf = async (visitor: string) => {
  const items = (await everyItem()).filter(({ pk }) => pk === `VISITOR#${visitorHash(visitor)}`);
  return items.sort((a, b) => (String(a.sk) < String(b.sk) ? -1 : 1));
};

describe('a visit', () => {
  it('is stored for 90 days under the hash of its visitor and answered in the same few words', async () => {
    const told = beacon({ category: 'pricing', seconds: 3, utm_source: 'news' });
    const answer = await send(told);
    expect(answer).toMatchObject({ statusCode: 202, json: {}, headers: { 'access-control-allow-origin': PAGE } });
    const ttl = Date.parse(AT) / 1000 + 90 * 86_400;
    expect(await itemsOf(told.visitor)).toMatchObject([
      { sk: 'PROFILE', ttl },
      { sk: `VIEW#${told.view}`, ttl, body: { page: '/pricing', category: 'pricing', seconds: 3, at: AT } },
    ]);
    expect(JSON.stringify(await everyItem())).not.toContain(told.visitor);
    expect(world.published()).toEqual([]);
  });

  it('told again is the same one; its seconds only rise, and its time stays', async () => {
    const told = beacon({ seconds: 3, open: true });
    await send(told);
    setTime('2027-03-01T02:01:00.000Z');
    for (const seconds of [50, 20, 50]) await send({ ...told, open: false, seconds, page: `${PAGE}/other` });
    const [, view] = await itemsOf(told.visitor);
    expect(view?.body).toEqual({ id: told.view, at: AT, page: '/pricing', seconds: 50, source: expect.anything() });
  });

  it('that was left stays left when its first word comes late', async () => {
    const told = beacon({ seconds: 0, open: false });
    await send(told);
    await send({ ...told, open: true });
    const left = (await itemsOf(told.visitor))[1];
    expect(left?.body).not.toHaveProperty('until');
    await send({ ...told, open: true, seconds: 15 });
    const back = (await itemsOf(told.visitor))[1];
    expect(back?.body).toMatchObject({ seconds: 15, until: expect.any(String) });
  });

  it('is taken as JSON too, without an origin, and of pages of the own host', async () => {
    const taken = [
      await send(beacon(), { 'content-type': 'application/json' }),
      await send(beacon(), { origin: 'http://localhost:8787' }),
      await send(beacon(), { origin: 'https://api.example.org', host: 'api.example.org' }),
    ];
    expect(taken.map(({ statusCode }) => statusCode)).toEqual([202, 202, 202]);
    const { origin: _, ...bare } = { origin: PAGE, 'content-type': 'text/plain' };
    const event = requestEvent({ method: 'POST', headers: bare, body: JSON.stringify(beacon()) });
    expect(answerOf(await handler(event)).statusCode).toBe(202);
  });

  it.each([
    [403, 'a foreign origin', beacon(), { origin: 'https://evil.example' }],
    [403, 'a page without an origin', beacon(), { origin: 'null' }],
    [403, 'a host that lies about itself', beacon(), { origin: 'https://evil.example', host: '*' }],
    [
      413,
      '10,000 properties',
      { ...beacon(), ...Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`p${i}`, i])) },
      {},
    ],
    [415, 'a form', 'visitor=1', { 'content-type': 'application/x-www-form-urlencoded' }],
    [400, 'no JSON', '{"visitor":', {}],
    [400, 'no UTF-8', Buffer.from([0xff, 0xfe]).toString('latin1').replace('ÿ', '\ufffd'), {}],
    [422, 'a list', [beacon()], {}],
    [422, 'a wrong type', beacon({ seconds: 'many' }), {}],
    [422, 'the future', beacon({ at: '2030-01-01T00:00:00Z' }), {}],
    [422, 'the past', beacon({ at: '1999-01-01T00:00:00Z' }), {}],
    [422, 'an id that is none', beacon({ visitor: '../../LEAD' }), {}],
  ])('is answered %i for %s, and nothing is stored', async (status, _, body, headers) => {
    const before = (await everyItem()).length;
    const answer = await send(body, headers);
    expect(answer).toMatchObject({ statusCode: status, json: { status, detail: expect.stringMatching(/\.$/) } });
    expect((await everyItem()).length).toBe(before);
  });

  it('says in a preflight what a page may send, and nothing to a foreign page', async () => {
    expect(await send('', {}, 'OPTIONS')).toMatchObject({
      statusCode: 204,
      headers: { 'access-control-allow-origin': PAGE, 'access-control-allow-methods': 'POST' },
    });
    const { headers } = await send('', { origin: 'https://evil.example' }, 'OPTIONS');
    expect(headers).toEqual({ vary: 'Origin' });
  });

  it('that cannot be stored is asked for again', async () => {
    vi.spyOn(DynamoDBClient.prototype, 'send').mockImplementation(async (command: unknown) => {
      if (command instanceof GetItemCommand) return {};
      throw new Error('no table');
    });
    expect(await send(beacon())).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
  });
});

describe('the script', () => {
  const get = async (headers: Record<string, string> = {}) => {
    vi.stubGlobal('RIPEN_SCRIPT', 'run();');
    return answerOf(await handler(requestEvent({ method: 'GET', path: '/ripen.js', headers })));
  };

  it('comes with what it must know of the forms, to be kept for minutes', async () => {
    const { statusCode, headers, body } = await get();
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': expect.stringContaining('max-age=300'),
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    });
    expect(body).toContain('"cash-flow-guide":"https://www.example.com/thanks"');
    expect(body).toMatch(/run\(\);$/);
    expect(await get({ 'if-none-match': `W/${headers.etag}, "x"` })).toMatchObject({ statusCode: 304, body: '' });
  });

  it('is compressed for those who can read that', async () => {
    const answer = await get({ 'accept-encoding': 'br, gzip' });
    expect(answer).toMatchObject({
      isBase64Encoded: true,
      headers: { 'content-encoding': 'gzip', vary: 'accept-encoding' },
    });
  });
});
