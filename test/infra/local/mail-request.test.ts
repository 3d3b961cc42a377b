import { describe, expect, it } from 'vitest';
import { DAY, fakeParts } from './fake-parts.ts';
import { configurationSet, setUpMail, simple } from './mail-set-up.ts';

const header = (Name: string, Value = 'x') => ({ Name, Value });
const withHeaders = (...Headers: unknown[]) => simple({ Headers });
const tags = (...EmailTags: unknown[]) => ({ EmailTags });

describe("SendEmail refuses with SES's error", () => {
  it.each<[string, Record<string, unknown>, string, RegExp]>([
    ['a forbidden header', withHeaders(header('reply-to')), 'BadRequestException', /'reply-to' is not allowed/],
    ['a forbidden Message-ID', withHeaders(header('Message-ID')), 'BadRequestException', /not allowed/],
    [
      '16 headers',
      withHeaders(...Array.from({ length: 16 }, (_, n) => header(`X-${n}`))),
      'BadRequestException',
      /Too many headers/,
    ],
    ['a header name of 127 characters', withHeaders(header('X'.repeat(127))), 'BadRequestException', /not valid/],
    ['a header name with a colon', withHeaders(header('X:Y')), 'BadRequestException', /not valid/],
    ['a header value of 996 characters', withHeaders(header('X', 'v'.repeat(996))), 'BadRequestException', /not valid/],
    [
      'a header of 997 characters',
      withHeaders(header('XXX', 'v'.repeat(994))),
      'BadRequestException',
      /longer than 996/,
    ],
    ['a header value that is not ASCII', withHeaders(header('X', 'é')), 'BadRequestException', /not valid/],
    [
      'List-Unsubscribe twice',
      withHeaders(header('List-Unsubscribe'), header('list-unsubscribe')),
      'BadRequestException',
      /once only/,
    ],
    [
      '51 recipients',
      simple(
        {},
        Array.from({ length: 51 }, (_, n) => `a${n}@example.com`),
      ),
      'BadRequestException',
      /exceeds 50/,
    ],
    ['no recipient', simple({}, []), 'BadRequestException', /Destination is empty/],
    ['no sender', { FromEmailAddress: undefined }, 'BadRequestException', /'From'/],
    ['a tag with a dot', tags({ Name: 'a', Value: 'b.c' }), 'BadRequestException', /tag <a>/],
    ['a tag name with an @', tags({ Name: 'a@b', Value: 'c' }), 'BadRequestException', /tag name <a@b>/],
    ['a tag of 257 characters', tags({ Name: 'a', Value: 'b'.repeat(257) }), 'BadRequestException', /tag <a>/],
    ['a tag twice', tags({ Name: 'a', Value: 'b' }, { Name: 'a', Value: 'c' }), 'BadRequestException', /Duplicate/],
    ['an unknown configuration set', { ConfigurationSetName: 'none' }, 'NotFoundException', /<none> does not exist/],
    ['a stored template', { Content: { Template: { TemplateName: 't' } } }, 'BadRequestException', /Content\.Template/],
    ['no content', { Content: {} }, 'BadRequestException', /exactly one/],
    ['list management', { ListManagementOptions: {} }, 'BadRequestException', /ListManagementOptions/],
    ['a member that SES does not have', { Sparkle: 1 }, 'BadRequestException', /Sparkle/],
    ['40 MB', simple({ Body: { Text: { Data: 'x'.repeat(41_943_041) } } }), 'MessageRejected', /more than 41943040/],
  ])('%s', async (_, request, code, message) => {
    const { send, inbox } = setUpMail();
    await expect(send(request)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect((await inbox()).items).toEqual([]);
  });

  it.each([
    ['ada', "Missing final '@domain'"],
    ['', 'Illegal address'],
    ['dån@example.com', 'Local address contains control or whitespace'],
    ['a da@example.com', 'Local address contains control or whitespace'],
    ['ada@exämple.com', 'Domain contains illegal character'],
    ['ada@', 'Missing domain'],
    ['ada@example.com.', 'Domain ends with dot'],
    ['a..b@example.com', 'Local address contains dot-dot'],
    ['Karen, Chan <karen@example.com>', 'Illegal address'],
    [`${'a'.repeat(310)}@example.com`, 'Address length is more than 320 characters long'],
  ])('the address %s', async (address, message) => {
    await expect(setUpMail().send(simple({}, [address]))).rejects.toMatchObject({
      code: 'BadRequestException',
      message,
    });
    const asSender = setUpMail().send({ FromEmailAddress: address });
    await expect(asSender).rejects.toMatchObject({ code: 'BadRequestException' });
  });
});

describe('SendEmail takes', () => {
  it.each([
    ['friendly names', simple({}, ['"Lovelace, Ada" <ada@example.com>'])],
    ['a Punycode domain', simple({}, ['ada@xn--exmple-cua.com'])],
    ['headers at their limits', withHeaders(header('X'.repeat(126), 'v'.repeat(870)), header('Y', 'v'.repeat(995)))],
    ['15 headers', withHeaders(...Array.from({ length: 15 }, (_, n) => header(`X-${n}`)))],
    [
      '50 recipients',
      simple(
        {},
        Array.from({ length: 50 }, (_, n) => `a${n}@example.com`),
      ),
    ],
    ['tags at their limit', tags({ Name: 'a-Z_9', Value: 'b'.repeat(256) })],
    ['reply addresses', { ReplyToAddresses: ['sales@example.com'] }],
  ])('%s', async (_, request) => {
    await expect(setUpMail().send(request)).resolves.toMatch(/^0100/);
  });

  it('Raw content, with the configuration set and tags in headers', async () => {
    const { send, inbox, events, advance } = setUpMail();
    const message = [
      'From: =?utf-8?B?Wm/Dqw==?= <zoe@example.com>',
      'To: ada@example.com',
      'Bcc: secret@example.com',
      'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
      'X-SES-CONFIGURATION-SET: nurture-prod',
      'X-SES-MESSAGE-TAGS: send_id=s1, lead_id=l1',
      'List-Unsubscribe: <https://example.com/u>',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<a href="https://example.com/x">Grüße</a>',
    ].join('\r\n');
    await send({
      FromEmailAddress: undefined,
      Destination: undefined,
      ConfigurationSetName: undefined,
      Content: { Raw: { Data: Buffer.from(message).toString('base64') } },
    });
    await advance(0);
    const [item] = (await inbox()).items;
    expect(item).toMatchObject({
      from: 'Zoë <zoe@example.com>',
      to: 'ada@example.com',
      subject: 'Grüße',
      tags: { send_id: 's1', lead_id: 'l1' },
    });
    expect(item.headers).toMatchObject({ 'List-Unsubscribe': '<https://example.com/u>', Subject: 'Grüße' });
    expect(Object.keys(item.headers).join()).not.toMatch(/x-ses|bcc/i);
    expect(item.html).toContain('/_local/ses/click/');
    expect(events[0]?.detail).toMatchObject({
      mail: { destination: ['ada@example.com', 'secret@example.com'], tags: { send_id: ['s1'] } },
    });
  });
});

describe('the limits of sending', () => {
  it('are a rate per second of recipients, simulated ones included', async () => {
    const { send, advance, inbox } = setUpMail({ maxSendRate: 3 });
    await send(simple({}, ['a@example.com', 'success@simulator.amazonses.com']));
    const refused = send(simple({}, ['b@example.com', 'c@example.com']));
    await expect(refused).rejects.toMatchObject({ code: 'TooManyRequestsException', status: 429 });
    await advance(1000);
    await send(simple({}, ['b@example.com', 'c@example.com']));
    expect((await inbox()).items).toHaveLength(2);
  });

  it('are a quota in 24 hours, without simulated recipients, over a restart', async () => {
    const first = setUpMail({ max24h: 2 });
    await first.send(simple({}, ['success@simulator.amazonses.com']));
    await first.send();
    await first.send();
    await expect(first.send()).rejects.toMatchObject({
      code: 'LimitExceededException',
      message: 'Daily message quota exceeded.',
    });
    const second = setUpMail({ max24h: 2 }, fakeParts({ db: first.db }));
    await expect(second.send()).rejects.toMatchObject({ code: 'LimitExceededException' });
    expect(await second.call('GET', '/account')).toMatchObject({ SendQuota: { SentLast24Hours: 2 } });
    await second.advance(DAY);
    await expect(second.send()).resolves.toMatch(/^0100/);
  });
});

describe('sending that is switched off', () => {
  it('for the account stays off over a restart', async () => {
    const first = setUpMail();
    await first.call('PUT', '/account/sending', { SendingEnabled: false });
    const second = setUpMail({}, fakeParts({ db: first.db }));
    await expect(second.send()).rejects.toMatchObject({ code: 'SendingPausedException' });
    await second.call('PUT', '/account/sending', { SendingEnabled: true });
    await expect(second.send()).resolves.toMatch(/^0100/);
  });

  it('for a configuration set concerns its mails only', async () => {
    const { send } = setUpMail({
      configurationSets: [configurationSet({ SendingOptions: { SendingEnabled: false } })],
    });
    await expect(send()).rejects.toMatchObject({ code: 'SendingPausedException' });
    await expect(send({ ConfigurationSetName: undefined })).resolves.toMatch(/^0100/);
  });
});

describe('the suppression list', () => {
  it('is put, read by the exact address, listed and deleted', async () => {
    const { call } = setUpMail();
    await call('PUT', '/suppression/addresses', { EmailAddress: 'Ada@example.com', Reason: 'BOUNCE' });
    const kept = { EmailAddress: 'Ada@example.com', Reason: 'BOUNCE', LastUpdateTime: expect.any(Number) };
    expect(await call('GET', '/suppression/addresses/Ada%40example.com')).toEqual({ SuppressedDestination: kept });
    expect(() => call('GET', '/suppression/addresses/ada%40example.com')).toThrow(/does not exist/);
    expect(await call('GET', '/suppression/addresses', {}, 'Reason=BOUNCE')).toEqual({
      SuppressedDestinationSummaries: [kept],
    });
    expect(await call('GET', '/suppression/addresses', {}, 'Reason=COMPLAINT')).toEqual({
      SuppressedDestinationSummaries: [],
    });
    await call('DELETE', '/suppression/addresses/Ada%40example.com');
    expect(await call('GET', '/suppression/addresses')).toEqual({ SuppressedDestinationSummaries: [] });
  });

  it('is left aside where the configuration set says so', async () => {
    const set = configurationSet({ SuppressionOptions: { SuppressedReasons: ['COMPLAINT'] } });
    const { call, send, advance, events } = setUpMail({ configurationSets: [set] });
    await call('PUT', '/suppression/addresses', { EmailAddress: 'ada.lovelace@example.com', Reason: 'BOUNCE' });
    await send();
    await advance(0);
    expect(events.map((event) => event.detailType)).toEqual(['Email Sent', 'Email Delivered']);
  });
});

describe('another call', () => {
  it('is an error that names it', () => {
    expect(() => setUpMail().call('POST', '/templates')).toThrow('POST /v2/email/templates');
  });
});
