import { DynamoDBClient, TransactionCanceledException, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { act } from '../../functions/adapters/act.ts';
import { enrolmentsOf, readLog } from '../../functions/adapters/leads.ts';
import { loadPerson } from '../../functions/adapters/person.ts';
import { sign } from '../../functions/adapters/tokens.ts';
import { handler } from '../../functions/unsubscribe.ts';
import { AT } from '../adapters/example-definition.ts';
import { address, guidePost } from '../adapters/happenings.ts';
import { answerOf, requestEvent } from './requests.ts';
import { leadOf, setTime, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
const NOW = '2027-03-01T09:00:00.000Z';
beforeEach(() => {
  setTime(NOW);
  world.quiet();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const makeReader = async (email: string) => {
  await act({ email: address(email) }, guidePost('form:1'), { at: AT });
  const { id } = await leadOf(email);
  world.quiet();
  return { id, token: await sign({ purpose: 'unsubscribe', subject: id }, AT) };
};
const ask = async (token: string, method = 'GET', over = {}) =>
  answerOf(await handler(requestEvent({ method, path: `/unsubscribe/${token}`, params: { token }, ...over })));

describe('looking at the page', () => {
  it.each(['GET', 'HEAD'])('by %s changes nothing', async (method) => {
    const { id, token } = await makeReader(`${method.toLowerCase()}@un.example`);
    const before = await leadOf(`${method.toLowerCase()}@un.example`);
    const answer = await ask(token, method);
    expect(answer.statusCode).toBe(200);
    if (method === 'HEAD') expect(answer.body).toBe('');
    else expect(answer.body).toContain('<form method="post">');
    expect(answer.body).not.toContain(id);
    expect(await leadOf(`${method.toLowerCase()}@un.example`)).toEqual(before);
  });

  it('speaks the language of the reader', async () => {
    const { token } = await makeReader('language@un.example');
    expect((await ask(token, 'GET', { headers: { 'accept-language': 'vi-VN,vi;q=0.9' } })).body).toContain(
      'Hủy đăng ký',
    );
  });
});

describe('a POST', () => {
  it.each([
    ['of a mail program', 'application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click', 'one-click'],
    [
      'of a mail program in parts',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
      'one-click',
    ],
    ['of the button', 'application/x-www-form-urlencoded', '', 'unsubscribe-link'],
    [
      'of a mail program in bytes',
      'application/x-www-form-urlencoded',
      Buffer.from('List-Unsubscribe=One-Click'),
      'one-click',
    ],
    ['with a charset', 'application/x-www-form-urlencoded; charset=UTF-8', 'List-Unsubscribe=One-Click', 'one-click'],
    ['of anybody', 'text/plain', 'x', 'unsubscribe-link'],
    ['of nonsense', 'multipart/form-data; boundary=none', Buffer.from([0, 255, 254]), 'unsubscribe-link'],
  ])('%s acts at once', async (name, type, body, method) => {
    const email = `${name.replaceAll(' ', '-')}@un.example`;
    const { id, token } = await makeReader(email);
    const answer = await ask(token, 'POST', { headers: { 'content-type': type }, body });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).not.toHaveProperty('location');
    const lead = await leadOf(email);
    expect(lead).toMatchObject({
      stopped: { reason: 'unsubscribed' },
      consents: { marketing: { state: 'withdrawn' } },
    });
    expect(lead.enrolments['guide-to-demo']?.endedAt).toBeDefined();
    const log = await readLog(id);
    expect(log.flatMap(({ consent }) => consent ?? []).at(-1)).toMatchObject({ action: 'withdrawn', method });
    expect(await enrolmentsOf(id)).toMatchObject([{ status: 'ended', reason: 'unsubscribed' }]);
  });

  it('of no body at all is answered 200 the second time too, and recorded once', async () => {
    const { id, token } = await makeReader('twice@un.example');
    expect((await ask(token, 'POST')).statusCode).toBe(200);
    setTime('2027-03-02T02:00:00.000Z');
    expect((await ask(token, 'POST')).statusCode).toBe(200);
    expect((await ask(token)).body).not.toContain('<form');
    expect((await readLog(id)).filter(({ type }) => type === 'email.unsubscribed')).toHaveLength(1);
  });

  it('is confirmed with the time, where the reader is', async () => {
    const { token } = await makeReader('time@un.example');
    const headers = { 'accept-language': 'vi' };
    expect((await ask(token, 'POST', { headers })).body).toContain('Ghi nhận lúc 16:00 GMT+7 1 tháng 3, 2027.');
    setTime('2027-03-02T02:00:00.000Z');
    expect((await ask(token, 'GET', { headers })).body).toContain('Ghi nhận lúc 16:00 GMT+7 1 tháng 3, 2027.');
  });

  it('keeps where it came from beside the record, not in it', async () => {
    const { id, token } = await makeReader('evidence@un.example');
    await ask(token, 'POST');
    expect(JSON.stringify(await readLog(id))).not.toContain('203.0.113.7');
    expect([...((await loadPerson(id))?.origins.values() ?? [])]).toEqual([{ ip: '203.0.113.7', userAgent: 'test' }]);
  });

  it('stops the mail although judging it has to wait', async () => {
    const { id, token } = await makeReader('contended@un.example');
    const real = DynamoDBClient.prototype.send;
    vi.spyOn(DynamoDBClient.prototype, 'send').mockImplementation(function (this: DynamoDBClient, ...args: unknown[]) {
      const [command] = args;
      const onProfile = command instanceof TransactWriteItemsCommand && JSON.stringify(command.input).includes(':read');
      return onProfile ? Promise.reject(conflict()) : Reflect.apply(real, this, args);
    });
    expect((await ask(token, 'POST')).statusCode).toBe(200);
    vi.restoreAllMocks();
    expect(await leadOf('contended@un.example')).toMatchObject({ id, stopped: { reason: 'unsubscribed' } });
  });

  it('is answered 503 when nothing could be stored, so that the mail program tries again', async () => {
    const { token } = await makeReader('down@un.example');
    vi.spyOn(DynamoDBClient.prototype, 'send').mockImplementation(() => Promise.reject(new Error('out of reach')));
    expect((await ask(token, 'POST')).statusCode).toBe(503);
  });
});

describe('a token', () => {
  it.each([
    ['forged', (token: string) => `${token.slice(0, -5)}AAAAA`],
    ['cut', (token: string) => token.slice(0, -5)],
    ['empty', () => ''],
  ])('that is %s gets a plain page, and nothing changes', async (name, spoil) => {
    const { token } = await makeReader(`${name}@un.example`);
    const before = await leadOf(`${name}@un.example`);
    for (const method of ['GET', 'POST']) {
      const answer = await ask(spoil(token), method);
      expect(answer.statusCode).toBe(400);
      expect(answer.body).not.toContain('<form');
    }
    expect(await leadOf(`${name}@un.example`)).toEqual(before);
  });

  it('made for an answer of sales does not unsubscribe', async () => {
    const { id } = await makeReader('purpose@un.example');
    expect((await ask(await sign({ purpose: 'answer', subject: id }, AT), 'POST')).statusCode).toBe(400);
  });

  it('of a lead that is no more is answered well', async () => {
    const token = await sign({ purpose: 'unsubscribe', subject: `lead_${'0'.repeat(26)}` }, AT);
    expect((await ask(token, 'POST')).statusCode).toBe(200);
  });
});

const conflict = () =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: [{ Code: 'TransactionConflict' }],
  });
