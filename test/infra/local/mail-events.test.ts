import { readFileSync } from 'node:fs';
import { GetAccountCommand, SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { describe, expect, it } from 'vitest';
import { clientConfig, serveRest } from './aws-server.ts';
import { fakeParts } from './fake-parts.ts';
import { configurationSet, destination, setUpMail, simple } from './mail-set-up.ts';

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/ses-events/${name}.json`, import.meta.url), 'utf8'));

/** The request behind the fixtures. */
const nurture = (to: string) => ({
  ...simple(
    {
      Headers: [
        {
          Name: 'List-Unsubscribe',
          Value: '<https://links.example.com/u/1.bGVhZA.c2ln>, <mailto:unsubscribe@example.com?subject=1.bGVhZA.c2ln>',
        },
        { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
      ],
      Body: {
        Text: { Data: 'Hello' },
        Html: {
          Data: '<a href="https://www.example.com/pricing?utm_source=nurture&amp;utm_campaign=welcome-nurture" ses:tags="cta:pricing;weight:high;">x</a>',
        },
      },
    },
    [to],
  ),
  EmailTags: Object.entries({
    lead_id: '01JCW3M8Q2V7XH5N0T9RZ4K6AB',
    workflow_id: 'welcome-nurture',
    workflow_version: '7',
    step_id: 'step-2-case-study',
    send_id: '01JD2A7N5Q8R3S6T9V1W4X7YZ0',
  }).map(([Name, Value]) => ({ Name, Value })),
});

/** Every key with the type of its value, in order; arrays by their elements. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.entries(value).map(([key, inner]) => [key, shape(inner)]);
}

const agent = { 'user-agent': 'Mozilla/5.0 (iPhone)', 'x-forwarded-for': '203.0.113.24' };

describe('an event has the shape of SES, key by key', () => {
  const cases: [string, string, string, number, string?][] = [
    ['send', 'Email Sent', 'ada@example.com', 0],
    ['delivery', 'Email Delivered', 'ada@example.com', 1],
    ['bounce', 'Email Bounced', 'bounce+lead1@simulator.amazonses.com', 1],
    ['complaint', 'Email Complaint Received', 'complaint@simulator.amazonses.com', 2],
    [
      'reject',
      'Email Rejected',
      'ada@example.com',
      1,
      'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*',
    ],
  ];
  it.each(cases)('%s', async (name, detailType, to, index, virus) => {
    const { send, advance, events } = setUpMail();
    const request = nurture(to);
    if (virus !== undefined) request.Content.Simple.Body.Text.Data = virus;
    await send(request);
    await advance(0);
    const event = events[index];
    expect(event).toMatchObject({ source: 'aws.ses', detailType });
    expect(event?.resources).toEqual(fixture(name).resources);
    expect(shape(event?.detail)).toEqual(shape(fixture(name).detail));
    expect(event?.bus).toBeUndefined();
  });

  it('click and open, which come without the ARN of the identity', async () => {
    const { send, advance, events, inbox, get } = setUpMail();
    await send(nurture('ada.lovelace@example.com'));
    await advance(0);
    const html: string = (await inbox()).items[0].html;
    const [, link = '', pixel = ''] = /href="([^"]+)".*src="([^"]+)"/s.exec(html) ?? [];
    const before = events.length;
    const clicked = await get(link, { headers: agent, redirect: 'manual' });
    await get(pixel, { headers: agent });
    expect(clicked.status).toBe(302);
    const target = 'https://www.example.com/pricing?utm_source=nurture&utm_campaign=welcome-nurture';
    expect(clicked.headers.get('location')).toBe(target);
    for (const [name, event] of [
      ['click', events[before]],
      ['open', events[before + 1]],
    ] as const) {
      const { detail } = fixture(name);
      expect(shape(event?.detail)).toEqual(shape(detail));
      const own = detail[name];
      expect(event?.detail).toMatchObject({
        eventType: detail.eventType,
        mail: {
          commonHeaders: { from: detail.mail.commonHeaders.from, to: detail.mail.commonHeaders.to },
          destination: detail.mail.destination,
        },
        [name]: { ...own, timestamp: expect.any(String), userAgent: agent['user-agent'] },
      });
    }
  });

  it('with times in engine time, and an id that holds it', async () => {
    const { send, advance, events } = setUpMail();
    const messageId = await send(nurture('ada@example.com'));
    await advance(0);
    expect(messageId).toMatch(/^0100[0-9a-f]{12}-[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}-000000$/);
    expect(new Date(Number.parseInt(messageId.slice(4, 16), 16)).toISOString()).toBe('2026-11-16T14:10:05.221Z');
    expect(events[0]).toMatchObject({
      time: '2026-11-16T14:10:05.221Z',
      detail: { mail: { timestamp: '2026-11-16T14:10:05.221Z', messageId, commonHeaders: { messageId } } },
    });
    const delivered = events[1]?.detail;
    expect(delivered).toMatchObject({ delivery: { timestamp: '2026-11-16T14:10:05.222Z', processingTimeMillis: 1 } });
  });
});

describe('what follows from a mail', () => {
  type Told = [string, string[] | undefined, string | null | undefined];
  const told = (detail: unknown): Told => {
    const { eventType, bounce, complaint, delivery } = JSON.parse(JSON.stringify(detail));
    const people = bounce?.bouncedRecipients ?? complaint?.complainedRecipients;
    return [
      eventType,
      people?.map((each: { emailAddress: string }) => each.emailAddress) ?? delivery?.recipients,
      bounce?.bounceSubType ?? complaint?.complaintSubType,
    ];
  };
  async function outcome(to: string[], suppressed: Record<string, string> = {}): Promise<Told[]> {
    const { send, call, advance, events } = setUpMail();
    for (const [EmailAddress, Reason] of Object.entries(suppressed))
      await call('PUT', '/suppression/addresses', { EmailAddress, Reason });
    await send(simple({}, to));
    await advance(0);
    return events.map((event) => told(event.detail));
  }
  const at = (name: string) => `${name}@simulator.amazonses.com`;
  const sent: Told = ['Send', undefined, undefined];

  it.each<[string, string[], Told[]]>([
    ['an ordinary address is delivered to', ['a@example.com'], [sent, ['Delivery', ['a@example.com'], undefined]]],
    ['success@', [at('success')], [sent, ['Delivery', [at('success')], undefined]]],
    ['ooto@ replies by mail, not by an event', [at('ooto')], [sent, ['Delivery', [at('ooto')], undefined]]],
    ['bounce@ with a label, in any case', [at('Bounce+Label')], [sent, ['Bounce', [at('Bounce+Label')], 'General']]],
    [
      'complaint@',
      [at('complaint+x')],
      [sent, ['Delivery', [at('complaint+x')], undefined], ['Complaint', [at('complaint+x')], null]],
    ],
    ['suppressionlist@', [at('suppressionlist')], [sent, ['Bounce', [at('suppressionlist')], 'General']]],
    [
      'bounces of one mail come together',
      [at('bounce+1'), at('bounce+2')],
      [sent, ['Bounce', [at('bounce+1'), at('bounce+2')], 'General']],
    ],
    [
      'an address at complains.ses.test',
      ['a@complains.ses.test'],
      [sent, ['Delivery', ['a@complains.ses.test'], undefined], ['Complaint', ['a@complains.ses.test'], null]],
    ],
    [
      'an address under ses.test that is none of them',
      ['a@other.ses.test'],
      [sent, ['Delivery', ['a@other.ses.test'], undefined]],
    ],
  ])('%s', async (_, to, expected) => {
    expect(await outcome(to)).toEqual(expected);
  });

  it.each([
    ['no-user', 'Permanent', 'General', '5.1.1'],
    ['mailbox-full', 'Transient', 'MailboxFull', '5.2.2'],
    ['no-answer', 'Transient', 'General', '4.4.1'],
    ['expired', 'Transient', 'General', '4.4.7'],
    ['too-large', 'Transient', 'MessageTooLarge', '5.3.4'],
    ['content-rejected', 'Transient', 'ContentRejected', '5.7.1'],
    ['attachment-rejected', 'Transient', 'AttachmentRejected', '5.7.1'],
    ['undetermined', 'Undetermined', 'Undetermined', '5.0.0'],
  ])(
    'an address at %s.ses.test bounces as %s, %s, with %s, in the shape of SES',
    async (domain, type, subType, status) => {
      const { send, advance, events } = setUpMail();
      await send(nurture(`reader@${domain}.ses.test`));
      await advance(0);
      const [, event] = events;
      expect(event?.detail).toMatchObject({
        eventType: 'Bounce',
        bounce: { bounceType: type, bounceSubType: subType, bouncedRecipients: [{ status }] },
      });
      expect(shape(event?.detail)).toEqual(shape(fixture('bounce').detail));
    },
  );

  it('an address at away.ses.test takes the mail, and replies as SES tells it: a bounce without a delivery status', async () => {
    const { send, advance, events } = setUpMail();
    await send(nurture('reader@away.ses.test'));
    await advance(0);
    expect(events.map(({ detailType }) => detailType)).toEqual(['Email Sent', 'Email Delivered', 'Email Bounced']);
    expect(events[2]?.detail).toMatchObject({
      bounce: {
        bounceType: 'Transient',
        bounceSubType: 'General',
        bouncedRecipients: [{ emailAddress: 'reader@away.ses.test' }],
      },
    });
  });

  it('puts an address that bounced hard or complained on the suppression list, but none of the simulator', async () => {
    const { send, advance, events } = setUpMail();
    for (const to of ['a@no-user.ses.test', 'a@complains.ses.test', at('bounce'), at('complaint')]) {
      await send(nurture(to));
      await advance(0);
      await send(nurture(to));
      await advance(0);
    }
    const subTypes = events.flatMap(({ detail }) => told(detail)[2] ?? []);
    expect(subTypes).toEqual(['General', 'OnAccountSuppressionList', 'OnAccountSuppressionList', 'General', 'General']);
  });

  it('a suppressed address bounces or complains, whatever its case, even one of the simulator', async () => {
    expect(await outcome(['A@example.com'], { 'a@example.com': 'BOUNCE' })).toEqual([
      sent,
      ['Bounce', ['A@example.com'], 'OnAccountSuppressionList'],
    ]);
    expect(await outcome(['a@example.com'], { 'a@example.com': 'COMPLAINT' })).toEqual([
      sent,
      ['Complaint', ['a@example.com'], 'OnAccountSuppressionList'],
    ]);
    expect(await outcome([at('success')], { [at('success')]: 'BOUNCE' })).toEqual([
      sent,
      ['Bounce', [at('success')], 'OnAccountSuppressionList'],
    ]);
  });

  it('is only told of the types that the event destination has', async () => {
    const { send, advance, events } = setUpMail({ eventDestinations: [destination(['BOUNCE', 'DELIVERY'])] });
    await send();
    await advance(0);
    expect(events.map((event) => event.detailType)).toEqual(['Email Delivered']);
  });

  it.each([
    ['without a configuration set', {}, { ConfigurationSetName: undefined }],
    ['without an event destination', { eventDestinations: [] }, {}],
    ['with a destination that is off', { eventDestinations: [destination(undefined, { Enabled: false })] }, {}],
  ])('is not told %s, and links stay as they are', async (_, options, request) => {
    const { send, advance, events, inbox } = setUpMail(options);
    await send(request);
    await advance(0);
    expect(events).toEqual([]);
    expect((await inbox()).items[0].html).toBe(simple().Content.Simple.Body.Html.Data);
  });

  it('is told after a restart, once', async () => {
    const first = setUpMail();
    first.buses.put = () => {
      throw new Error('the process dies before the events are told');
    };
    await first.send();
    await first.advance(0);
    const second = setUpMail({}, fakeParts({ db: first.db }));
    second.mail.resume();
    await second.advance(0);
    expect(second.events.map((event) => event.detailType)).toEqual(['Email Sent', 'Email Delivered']);
    const third = setUpMail({}, fakeParts({ db: first.db }));
    third.mail.resume();
    await third.advance(0);
    expect(third.events).toEqual([]);
  });

  it('leaves headers beyond 10 KB out of the events', async () => {
    const { send, advance, events } = setUpMail();
    const Headers = Array.from({ length: 15 }, (_, n) => ({ Name: `X-${n}`, Value: 'v'.repeat(900) }));
    await send(simple({ Headers }));
    await advance(0);
    expect(events[0]?.detail).toMatchObject({ mail: { headersTruncated: true } });
  });

  it('"report as spam" makes a complaint and fills the suppression list, but not with simulator addresses', async () => {
    const { send, advance, events, inbox, get, call } = setUpMail();
    await send(simple({}, ['a@example.com']));
    await send(simple({}, [at('success')]));
    await advance(0);
    for (const { id } of (await inbox()).items) await get(`/_local/inbox/${id}/complaint`, { method: 'POST' });
    await advance(0);
    expect(events.filter((event) => event.detailType === 'Email Complaint Received')).toHaveLength(2);
    expect(await call('GET', '/suppression/addresses')).toMatchObject({
      SuppressedDestinationSummaries: [{ EmailAddress: 'a@example.com', Reason: 'COMPLAINT' }],
    });
  });
});

describe('a verdict on who followed a link', () => {
  const human = 'Mozilla/5.0 (Windows NT 10.0) Chrome/131.0';
  it.each([
    ['a browser', 'GET', human, '', 'Unlikely'],
    ['no user agent', 'GET', '', '', 'Unlikely'],
    ['a HEAD request', 'HEAD', human, '', 'Likely'],
    ['a scanner', 'GET', 'Mozilla/5.0 (compatible; BarracudaCentral/1.0)', '', 'Likely'],
    ['a crawler', 'GET', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', '', 'Likely'],
    ['a forced verdict', 'GET', human, '?bot=Likely', 'Likely'],
  ])('%s', async (_, method, userAgent, query, verdict) => {
    const { send, events, advance, inbox, get } = setUpMail();
    await send();
    await advance(0);
    const { id } = (await inbox()).items[0];
    const answer = await get(`/_local/ses/click/${id}/0${query}`, { method, headers: { 'user-agent': userAgent } });
    expect(answer.status).toBe(302);
    expect(events.at(-1)?.detail).toMatchObject({
      eventType: 'Click',
      click: { isBotEvent: verdict, linkTags: null, ipAddress: '127.0.0.1' },
    });
  });
});

describe('the addresses of tracking', () => {
  it('answer 404 for an unknown link, and a pixel for anything', async () => {
    const { get, events } = setUpMail();
    expect((await get('/_local/ses/click/nothing/0')).status).toBe(404);
    const pixel = await get('/_local/ses/open/nothing.gif');
    expect(pixel.headers.get('content-type')).toBe('image/gif');
    expect(
      Buffer.from(await pixel.arrayBuffer())
        .subarray(0, 6)
        .toString(),
    ).toBe('GIF89a');
    expect(events).toEqual([]);
  });

  it('redirect, but tell nothing, when clicks are not published', async () => {
    const { send, inbox, get, events, advance } = setUpMail({ eventDestinations: [destination(['send'])] });
    await send({ ConfigurationOverrides: { Tracking: { ClickTrackingEnabled: 'ENABLED' } } });
    await advance(0);
    const { id } = (await inbox()).items[0];
    expect((await get(`/_local/ses/click/${id}/0`)).status).toBe(302);
    expect(events.map((event) => event.detailType)).toEqual(['Email Sent']);
  });
});

describe('the SDK', () => {
  it('sends, reads the account, and gets errors by their names', async () => {
    const { mail, call } = setUpMail({ maxSendRate: 2 });
    const { endpoint, close } = await serveRest(mail.service);
    const client = new SESv2Client(clientConfig(endpoint));
    const request = new SendEmailCommand(simple());
    expect((await client.send(request)).MessageId).toMatch(/^0100/);
    const account = await client.send(new GetAccountCommand({}));
    expect(account).toMatchObject({
      SendingEnabled: true,
      ProductionAccessEnabled: true,
      SendQuota: { MaxSendRate: 2, Max24HourSend: 50_000, SentLast24Hours: 1 },
    });
    await client.send(request);
    await expect(client.send(request)).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      message: 'Maximum sending rate exceeded.',
      $metadata: { httpStatusCode: 429 },
    });
    await call('PUT', '/account/sending', { SendingEnabled: false });
    await expect(client.send(request)).rejects.toMatchObject({ name: 'SendingPausedException' });
    client.destroy();
    close();
  });
});

describe('a template is refused, naming', () => {
  it.each([
    [
      'another bus',
      {
        eventDestinations: [
          destination(['send'], {
            EventBridgeDestination: { EventBusArn: 'arn:aws:events:us-east-1:1:event-bus/own' },
          }),
        ],
      },
      /only the default bus/,
    ],
    [
      'another kind of destination',
      { eventDestinations: [destination(['send'], { SnsDestination: {} })] },
      /SnsDestination/,
    ],
    ['an unknown event type', { eventDestinations: [destination(['sent'])] }, /MatchingEventTypes/],
    ['a set that is not there', { configurationSets: [] }, /no configuration set nurture-prod/],
    ['an unknown property', { configurationSets: [configurationSet({ Sparkle: 1 })] }, /Sparkle/],
  ])('%s', (_, options, message) => {
    expect(() => setUpMail(options)).toThrow(message);
  });
});
