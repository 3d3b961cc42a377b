/** What SES and the network answer, and what that means for a mail. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  BadRequestException,
  GetAccountCommand,
  LimitExceededException,
  MessageRejected,
  type SESv2Client,
  SendEmailCommand,
} from '@aws-sdk/client-sesv2';
import { type AwsClientStub, mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountRate, forgetRate, type Mail, outcomeOf, sendMail, ses } from '../../functions/adapters/mail.ts';

const mail: Mail = {
  from: { name: 'Lan at Cash Clarity', address: 'lan@mail.example.com' },
  to: 'huong@example.com',
  subject: 'Ba chỗ rò rỉ',
  html: '<p>x</p>',
  text: 'x',
  tags: { send_id: 'snd_1', email: 'three leaks/ă' },
  configurationSet: 'ripen',
};
const http = (name: string, status: number, message = name) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
const socket = (code: string) => Object.assign(new Error(code), { code });

describe('what an error means', () => {
  it.each([
    ['TooManyRequestsException over the rate', http('TooManyRequestsException', 429), 'throttled'],
    ['ThrottlingException, as the guide names it', http('ThrottlingException', 400), 'throttled'],
    ['429 of another name', http('Anything', 429), 'throttled'],
    ['a connection that was refused: SES never saw it', socket('ECONNREFUSED'), 'throttled'],
    [
      'a connection that was never made',
      http('TimeoutError', 0, 'the request socket did not establish a connection with the server within 2000 ms.'),
      'throttled',
    ],
    ['a name that does not resolve', socket('ENOTFOUND'), 'throttled'],
    ['the daily quota as a throttle', http('TooManyRequestsException', 429, 'Daily message quota exceeded.'), 'quota'],
    ['LimitExceededException', new LimitExceededException({ $metadata: {}, message: 'limit' }), 'quota'],
    ['SendingPausedException', http('SendingPausedException', 400), 'parked'],
    ['AccountSuspendedException', http('AccountSuspendedException', 400), 'parked'],
    ['MailFromDomainNotVerifiedException', http('MailFromDomainNotVerifiedException', 400), 'parked'],
    ['NotFoundException: no configuration set', http('NotFoundException', 404), 'parked'],
    ['a sender that is not verified', http('MessageRejected', 400, 'Email address is not verified.'), 'parked'],
    ['a missing permission', http('AccessDeniedException', 403), 'parked'],
    ['no credentials', Object.assign(new Error('none'), { name: 'CredentialsProviderError' }), 'parked'],
    ['MessageRejected', new MessageRejected({ $metadata: {}, message: 'Bad content' }), 'refused'],
    ['BadRequestException', new BadRequestException({ $metadata: {}, message: 'bad' }), 'refused'],
    ['500', http('InternalFailure', 500), 'unknown'],
    ['503', http('ServiceUnavailable', 503), 'unknown'],
    ['a time-out', http('TimeoutError', 0), 'unknown'],
    ['a connection that broke', socket('ECONNRESET'), 'unknown'],
    ['a pipe that broke', socket('EPIPE'), 'unknown'],
    ['what is no error at all', 'oops', 'unknown'],
  ])('%s: %#', (_, error, kind) => {
    expect(outcomeOf(error).kind).toBe(kind);
  });

  it('quotes no address', () => {
    const outcome = outcomeOf(http('MessageRejected', 400, 'Address <huong@example.com> is blacklisted'));
    expect(outcome).toEqual({ kind: 'refused', why: 'MessageRejected: Address <[address]> is blacklisted' });
  });
});

describe('a mail on the wire', () => {
  let server: Server;
  const requests: { body: string }[] = [];
  let answer: () => { status: number; body: string; hang?: boolean };

  // The product's own client, with its own settings, against a server of ours.
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        requests.push({ body });
        const { status, body: text, hang } = answer();
        if (!hang) response.writeHead(status, { 'content-type': 'application/json' }).end(text);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    requests.length = 0;
    answer = () => ({ status: 200, body: '{"MessageId":"m"}' });
  });

  it('carries an encoded friendly name, one recipient, the configuration set and clean tags', async () => {
    expect(await sendMail({ ...mail, from: { ...mail.from, name: 'Lan Nguyễn' } })).toEqual({
      kind: 'accepted',
      messageId: 'm',
    });
    const sent = JSON.parse(requests[0]?.body ?? '');
    expect(sent.FromEmailAddress).toBe('=?UTF-8?B?TGFuIE5ndXnhu4Vu?= <lan@mail.example.com>');
    expect(sent.Destination).toEqual({ ToAddresses: ['huong@example.com'] });
    expect(sent.ConfigurationSetName).toBe('ripen');
    expect(sent.EmailTags).toContainEqual({ Name: 'email', Value: 'three_leaks__' });
  });

  it('lets nobody add a header by a line break', async () => {
    await sendMail({
      ...mail,
      subject: 'Hello\r\nBcc: everybody@example.com',
      from: { name: 'Lan\r\nBcc: x@example.com', address: 'lan@mail.example.com' },
      headers: { 'List-Unsubscribe': '<https://x>\r\nBcc: x' },
    });
    const { FromEmailAddress, Content } = JSON.parse(requests[0]?.body ?? '');
    expect(Content.Simple.Subject.Data).toBe('Hello Bcc: everybody@example.com');
    expect(FromEmailAddress).toBe('"Lan Bcc: x@example.com" <lan@mail.example.com>');
    expect(Content.Simple.Headers).toEqual([{ Name: 'List-Unsubscribe', Value: '<https://x> Bcc: x' }]);
  });

  it.each([
    ['500', { status: 500, body: '{}' }],
    ['503', { status: 503, body: '{}' }],
    ['429', { status: 429, body: '{"message":"Maximum sending rate exceeded."}' }],
  ])('is handed over once, whatever the SDK would like to retry (%s)', async (_, response) => {
    answer = () => response;
    await sendMail(mail);
    expect(requests).toHaveLength(1);
  });

  it('is given up after five seconds without an answer, and is unknown then', async () => {
    answer = () => ({ status: 200, body: '', hang: true });
    const started = performance.now();
    expect(await sendMail(mail)).toMatchObject({ kind: 'unknown' });
    const took = performance.now() - started;
    expect(took).toBeGreaterThan(4500);
    expect(took).toBeLessThan(8000);
    expect(requests).toHaveLength(1);
  }, 15_000);
});

describe('the rate of the account', () => {
  let account: AwsClientStub<SESv2Client>;
  beforeAll(() => {
    account = mockClient(ses);
  });
  afterAll(() => account.restore());
  beforeEach(() => {
    account.reset();
    forgetRate();
  });
  const asked = () => account.commandCalls(GetAccountCommand).length;

  it('is asked for once in five minutes, also when many ask at once', async () => {
    account.on(GetAccountCommand).resolves({ SendQuota: { MaxSendRate: 14 } });
    const rates = await Promise.all(Array.from({ length: 5 }, () => accountRate('2027-03-01T02:00:00.000Z')));
    expect(rates).toEqual([14, 14, 14, 14, 14]);
    expect(await accountRate('2027-03-01T02:04:59.000Z')).toBe(14);
    expect(asked()).toBe(1);
    await accountRate('2027-03-01T02:05:00.000Z');
    expect(asked()).toBe(2);
  });

  it('is one a second while SES will not say, and the old one once it had said', async () => {
    account.on(GetAccountCommand).rejects(new Error('throttled'));
    expect(await accountRate('2027-03-01T02:00:00.000Z')).toBe(1);
    account.on(GetAccountCommand).resolves({ SendQuota: { MaxSendRate: 14 } });
    expect(await accountRate('2027-03-01T02:01:00.000Z')).toBe(14);
    account.on(GetAccountCommand).rejects(new Error('throttled'));
    expect(await accountRate('2027-03-01T02:10:00.000Z')).toBe(14);
    expect(account.commandCalls(SendEmailCommand)).toHaveLength(0);
  });
});
