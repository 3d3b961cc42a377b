import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, vi } from 'vitest';
import { leadIdOf, readLog } from '../../functions/adapters/leads.ts';
import { handler } from '../../functions/submit.ts';
import { address } from '../adapters/happenings.ts';
import { everyItem } from '../local-dynamo.ts';
import { answerOf, postJson, requestEvent } from './requests.ts';
import { leadOf, setTime, useWorld } from './world.ts';

const world = useWorld();

const GUIDE = 'cash-flow-guide';
const path = (form: string) => `/forms/${form}`;
const post = async (values: object, headers = {}, form = GUIDE) =>
  answerOf(await handler(postJson(path(form), { form }, values, headers)));
const browse = async (body: string, headers = {}, form = GUIDE) =>
  answerOf(
    await handler(
      requestEvent({
        method: 'POST',
        path: path(form),
        params: { form },
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html,*/*;q=0.8', ...headers },
        body,
      }),
    ),
  );
const id = { submissionId: expect.stringMatching(/^sub_[0-9a-z]{26}$/) };
const count = async () => (await everyItem()).length;

describe('a post of a form', () => {
  it('by a script is answered 202 and becomes a lead, its delivery and its enrolment', async () => {
    const answer = await post({ email: 'Ada@One.example', name: 'Ada', agree: true });
    expect(answer).toMatchObject({ statusCode: 202, json: id });
    const lead = await leadOf('ada@one.example');
    expect(lead).toMatchObject({ stage: 'iql', conversions: 1, fields: { name: 'Ada' } });
    expect(lead.consents.marketing?.state).toBe('granted');
    expect(world.published().toSorted()).toEqual([
      'address.given',
      'deliver.requested',
      'enrolment.started',
      'lead.stage-changed',
    ]);
  });

  it('by a browser leads to where the form says, or to a page of thanks in its language', async () => {
    expect(await browse('email=b%40one.example')).toMatchObject({
      statusCode: 303,
      headers: { location: 'https://www.example.com/thanks' },
    });
    const thanks = await browse('email=b%40one.example&language=vi', {}, 'demo-request');
    expect(thanks.statusCode).toBe(200);
    expect(thanks.body).toContain('<html lang="vi">');
    expect(thanks.body).toContain('Cảm ơn bạn');
  });

  it('is one item of the log, which tells the conversion too, once however often it is sent', async () => {
    for (let sent = 0; sent < 2; sent++) await post({ email: 'log@one.example' }, { 'idempotency-key': 'log-1' });
    const { id: leadId } = await leadOf('log@one.example');
    const log = await readLog(leadId);
    expect(log.map(({ type }) => type).toSorted()).toEqual(['asset.downloaded', 'form.submitted']);
    expect(log.every((event) => event.leadId === leadId)).toBe(true);
    const items = (await everyItem()).filter(({ pk, sk }) => pk === `LEAD#${leadId}` && String(sk).startsWith('EVT#'));
    expect(items).toHaveLength(1);
  });

  it('of a new lead takes at most two reads, one transaction, one settling delete', async () => {
    await post({ email: 'warm@count.example' });
    setTime('2027-03-01T02:00:02.000Z');
    const send = vi.spyOn(DynamoDBClient.prototype, 'send');
    await post({ email: 'cold@count.example' });
    const calls = send.mock.calls.map(([command]) => command);
    expect(calls.filter((command) => command instanceof GetItemCommand).length).toBeLessThanOrEqual(2);
    expect(calls.filter((command) => command instanceof TransactWriteItemsCommand)).toHaveLength(1);
    expect(calls).toHaveLength(4);
  });

  it('names in its answer what was set aside, and takes the source from what pages send along', async () => {
    const answer = await post({ email: 'c@one.example', utm_source: 'news', gclid: 'x1', shoeSize: '42' });
    expect(answer.json).toEqual({ ...id, setAside: ['shoeSize'] });
    expect((await leadOf('c@one.example')).source.first).toMatchObject({ utm: { source: 'news' } });
  });
});

describe('a link that somebody has played with', () => {
  it.each([
    ['?utm_constructor=x'],
    ['?utm___proto__=x&utm_source=a'],
    [`?utm_campaign=${'x'.repeat(199)}%F0%9F%98%80`],
  ])('loses no post: %s', async (query) => {
    const page = `https://www.example.com/guide${query}`;
    const email = `play-${query.length}@one.example`;
    expect(await post({ email, page })).toMatchObject({ statusCode: 202 });
    expect((await leadOf(email)).conversions).toBe(1);
  });
});

describe('a post that is not taken', () => {
  it.each([
    ['a bad address', { email: 'ada.example' }, ['email']],
    ['no address', { name: 'Ada' }, ['email']],
    ['two wrong fields', { email: 'a b@one.example', companySize: 'many' }, ['email', 'companySize']],
    ['a value of 10,000 characters', { email: 'l@one.example', name: 'x'.repeat(10_000) }, ['name']],
    ['an object for a field', { email: 'o@one.example', name: { first: 'Ada' } }, ['name']],
  ])('names each wrong field: %s', async (_, values, fields) => {
    const before = await count();
    const answer = await post(values);
    expect(answer).toMatchObject({ statusCode: 422, headers: { 'content-type': 'application/problem+json' } });
    expect(answer.json).toMatchObject({
      status: 422,
      errors: fields.map((field) => ({ field, pointer: `#/${field}`, message: expect.any(String) })),
    });
    expect(await count()).toBe(before);
  });

  it('shows a browser its fields, reasons and what was typed, and takes the mended post', async () => {
    const answer = await browse('email=ada&name=Ada+%26+Co&utm_source=x', { 'accept-language': 'th' });
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain('<html lang="th">');
    expect(answer.body).toContain('name="email" value="ada"');
    expect(answer.body).toContain('type="hidden" name="name" value="Ada &amp; Co"');
    expect(answer.body).toContain('ที่อยู่อีเมลต้องมี @');
  });

  it('sends the page that held the form along, as the source that it is', async () => {
    const referer = 'https://www.example.com/land?utm_source=zalo';
    const { body } = await browse('email=ada', { referer });
    expect(body).toContain(`type="hidden" name="page" value="${referer}"`);
    const given = await browse('email=ada&page=https%3A%2F%2Fwww.example.com%2Fown', { referer });
    expect(given.body).not.toContain('zalo');
  });

  it('names what it sets aside, objects and nothings as well', async () => {
    const { json } = await post({ email: 'aside@one.example', x: null, y: [], z: { q: 1 }, w: [{ a: 1 }, 'b'] });
    expect(json).toMatchObject({ setAside: ['x', 'y', 'z', 'w'] });
  });

  it('names an object for a box of consent', async () => {
    expect(await post({ email: 'box@one.example', agree: { checked: true } })).toMatchObject({
      statusCode: 422,
      json: { errors: [{ field: 'agree' }] },
    });
  });

  it('tells a script in the language of its page', async () => {
    const { json, headers } = await post({ email: 'ada', language: 'vi' });
    expect(headers).toMatchObject({ 'content-language': 'vi' });
    expect(json).toMatchObject({
      detail: 'Một vài thông tin chưa hợp lệ.',
      errors: [{ field: 'email', message: 'Địa chỉ email phải có đúng một ký tự @.', pointer: '#/email' }],
    });
  });

  it.each([
    [404, 'an unknown form', () => postJson('/forms/none', { form: 'none' }, { email: 'a@b.example' })],
    [
      404,
      'a form named like a property',
      () => postJson('/forms/x', { form: 'constructor' }, { email: 'a@b.example' }),
    ],
    [400, 'malformed JSON', () => raw('application/json', '{')],
    [413, 'too much', () => raw('application/json', `{"email":"${'x'.repeat(33_000)}"}`)],
    [415, 'another content type', () => raw('text/csv', 'email')],
    [400, 'invalid UTF-8', () => raw('application/x-www-form-urlencoded', 'email=%FF')],
  ])('is answered %i for %s, and stores nothing', async (status, _, event) => {
    const before = await count();
    const answer = answerOf(await handler(event()));
    expect(answer).toMatchObject({ statusCode: status, json: { status, detail: expect.any(String) } });
    expect(await count()).toBe(before);
  });

  const raw = (type: string, body: string) =>
    requestEvent({
      method: 'POST',
      path: path(GUIDE),
      params: { form: GUIDE },
      headers: { 'content-type': type, accept: 'application/json' },
      body,
    });

  it('is answered 503 when the table is out of reach, with nothing lost that was answered otherwise', async () => {
    vi.spyOn(DynamoDBClient.prototype, 'send').mockImplementation(() => Promise.reject(new Error('out of reach')));
    expect(await post({ email: 'down@one.example' })).toMatchObject({
      statusCode: 503,
      headers: { 'retry-after': '5' },
    });
  });
});

describe('a post of a machine or of the staff', () => {
  it.each([
    ['with the trap filled in', { email: 'bot@one.example', website: 'http://spam.example' }],
    ['with an object in the trap', { email: 'bot@one.example', website: { url: 'http://spam.example' } }],
    ['of a staff address', { email: 'lan@staff.example' }],
    ['of a staff address on a sub-domain', { email: 'lan@mail.staff.example' }],
  ])('%s is answered as any other, and stores nothing', async (_, values) => {
    const before = await count();
    expect(await post(values)).toMatchObject({ statusCode: 202, json: id });
    expect(await count()).toBe(before);
    expect(world.published()).toEqual([]);
  });

  it('is answered the same whether the address is known or not', async () => {
    const [first, second] = [
      await post({ email: 'k@known.example' }),
      await post({ email: 'k@known.example', name: 'K' }),
    ];
    expect({ ...first, body: '', json: '' }).toEqual({ ...second, body: '', json: '' });
  });
});

describe('another origin', () => {
  const asked = (origin: string, method: string) =>
    handler(requestEvent({ method, path: path(GUIDE), params: { form: GUIDE }, headers: { origin } }));

  it('that the form allows is told so before and with the answer', async () => {
    const origin = 'http://localhost:5173';
    expect(await asked(origin, 'OPTIONS')).toMatchObject({
      statusCode: 204,
      headers: { 'access-control-allow-origin': origin },
    });
    for (const values of [{ email: 'cors@one.example' }, { email: 'bad' }]) {
      expect((await post(values, { origin })).headers).toMatchObject({ 'access-control-allow-origin': origin });
    }
  });

  it('that it does not allow gets no leave, but a plain form from there is not lost', async () => {
    const origin = 'https://partner.example';
    expect((await asked(origin, 'OPTIONS')).headers).toEqual({ vary: 'Origin' });
    const answer = await browse('email=p%40partner.example', { origin });
    expect(answer.statusCode).toBe(303);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect(await leadIdOf(address('p@partner.example'))).toBeDefined();
  });
});

describe('text from outside', () => {
  it.each(['Ada\r\nBcc: all@evil.example', '<script>alert(1)</script>'])(
    '%j is no name: 422, and nothing is stored',
    async (name) => {
      const answer = await post({ email: 'crlf@one.example', name });
      expect(answer).toMatchObject({ statusCode: 422, json: { errors: [{ field: 'name' }] } });
      expect(await leadIdOf(address('crlf@one.example'))).toBeUndefined();
    },
  );
});
