/** Bringing a lead to sales: assigned in turns, told once on each channel, reminded, escalated, answered. */
import { SendEmailCommand, TooManyRequestsException } from '@aws-sdk/client-sesv2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { findHandoff } from '../../functions/adapters/handoffs.ts';
import { handoffsOf } from '../../functions/adapters/leads.ts';
import { later } from '../../functions/adapters/table.ts';
import { signature } from '../../functions/adapters/webhook.ts';
import { handler as answer } from '../../functions/answer.ts';
import { handler } from '../../functions/handoff.ts';
import { handler as openHandoff } from '../../functions/open-handoff.ts';
import { HOUR } from '../lead/example-scoring.ts';
import type { LocalDynamo } from '../local-dynamo.ts';
import {
  beforeCall,
  calm,
  crash,
  disarm,
  enrolledLead,
  happens,
  MONDAY,
  mails,
  ses,
  setNow,
  startWorld,
  thrown,
  wakes,
} from './nurture-world.ts';

const MINUTE = HOUR / 60;
let local: LocalDynamo;
const fetched = vi.fn<typeof fetch>();
beforeAll(async () => {
  local = await startWorld();
});
afterAll(() => local.stop());
beforeEach(() => {
  calm();
  fetched.mockReset().mockImplementation(async () => new Response('{}'));
  vi.stubGlobal('fetch', fetched);
  for (const level of ['error', 'warn', 'info'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});
afterEach(() => {
  disarm();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

interface Open {
  leadId: string;
  handoffId: string;
}

/** A lead that asks for a demo. */
async function open(fields = {}): Promise<Open> {
  const { leadId } = await enrolledLead({
    fields: { name: 'Hương <b>', companySize: '10-49', country: 'VN', ...fields },
  });
  await happens(leadId, 'demo.requested');
  const [handoff] = await handoffsOf(leadId);
  return { leadId, handoffId: handoff?.id ?? '' };
}
const run = (task: string, { leadId, handoffId }: Open, more: object = {}) =>
  handler({ task, leadId, handoffId, ...more });
const handoffOf = async ({ leadId }: Open) => {
  const [handoff] = await handoffsOf(leadId);
  if (!handoff) throw new Error('There is no handoff.');
  return handoff;
};
const recipients = () => mails().map((mail) => mail.Destination?.ToAddresses?.[0]);
const subjects = () => mails().map((mail) => mail.Content?.Simple?.Subject?.Data);

describe('assigning', () => {
  it('goes in turns, once for each handoff however often it is asked', async () => {
    const handoffs = [await open(), await open(), await open()];
    for (const one of handoffs) {
      const first = await run('assign', one);
      expect(await run('assign', one)).toEqual(first);
    }
    const [first, second, third] = await Promise.all(handoffs.map(async (one) => (await handoffOf(one)).assignee));
    expect(new Set([first, second])).toEqual(new Set(['an@example.com', 'binh@example.com']));
    expect(third).toBe(first);
  });

  it('shares no turn between two at the same time', async () => {
    const handoffs = [await open(), await open()];
    await Promise.all(handoffs.map((one) => run('assign', one)));
    const assignees = await Promise.all(handoffs.map(async (one) => (await handoffOf(one)).assignee));
    expect(new Set(assignees).size).toBe(2);
  });

  it('follows the rules by country, and says when to look again: half-way', async () => {
    const one = await open({ country: 'TH' });
    expect(await run('assign', one)).toEqual({ channels: [0, 1], seconds: 450 });
    expect(await handoffOf(one)).toMatchObject({ assignee: 'somchai@example.com' });
  });

  it('tries again when the handoff changes meanwhile', async () => {
    const one = await open();
    beforeCall('TransactWriteItems', async () => void (await happens(one.leadId, 'quote.requested')));
    await run('assign', one);
    expect(await handoffOf(one)).toMatchObject({ assignee: expect.stringContaining('@example.com') });
  });
});

describe('telling sales', () => {
  it('mails the reasons and an answer link for each answer, once', async () => {
    const one = await open();
    await run('assign', one);
    await run('notify', one, { channel: 0 });
    await run('notify', one, { channel: 0 });
    expect(mails()).toHaveLength(1);
    const [mail] = mails();
    expect(mail?.EmailTags).toContainEqual({ Name: 'purpose', Value: 'handoff' });
    expect(mail?.Content?.Simple?.Headers).toEqual([{ Name: 'Auto-Submitted', Value: 'auto-generated' }]);
    const { Text, Html } = mail?.Content?.Simple?.Body ?? {};
    for (const word of ['CONVERSION', 'WHO', 'PROBLEM', 'BEHAVIOUR', 'SOURCE', 'guide', 'company size: 10-49']) {
      expect(Text?.Data).toContain(word);
    }
    expect(Text?.Data).toContain('Monday');
    expect(Html?.Data).toContain('Hương &lt;b&gt;');
    expect(Html?.Data).not.toContain('<b>');
    const links = Text?.Data?.match(/https:\/\/go\.example\.com\/handoffs\/answer\/\S+\?answer=[a-z-]+/g) ?? [];
    expect(links.map((link) => new URL(link).searchParams.get('answer'))).toEqual([
      'accepted',
      'not-ready',
      'bad-fit',
      'bad-data',
      'duplicate',
      'customer',
    ]);
    expect(links.join()).not.toContain('example.com@');
  });

  it('tries a throttled mail again, and sends it once', async () => {
    const error = new TooManyRequestsException({ $metadata: {}, message: 'Maximum sending rate exceeded.' });
    ses.on(SendEmailCommand).rejectsOnce(error).resolves({ MessageId: 'm' });
    const one = await open();
    await run('assign', one);
    expect(await thrown(run('notify', one, { channel: 0 }))).toMatchObject({ name: 'Retry' });
    await run('notify', one, { channel: 0 });
    await run('notify', one, { channel: 0 });
    expect(mails()).toHaveLength(2);
  });

  it('does not mail again when nobody knows whether the first went out', async () => {
    ses
      .on(SendEmailCommand)
      .rejectsOnce(Object.assign(new Error('slow'), { name: 'TimeoutError' }))
      .resolves({});
    const one = await open();
    await run('assign', one);
    expect(await thrown(run('notify', one, { channel: 0 }))).toMatchObject({ name: 'Retry' });
    expect(await thrown(run('notify', one, { channel: 0 }))).toMatchObject({ name: 'Retry' });
    setNow(later(MONDAY, 61_000));
    expect(await run('notify', one, { channel: 0 })).toEqual({});
    expect(mails()).toHaveLength(1);
  });

  it('posts the lead to the webhook, signed, under the id of the handoff', async () => {
    const one = await open();
    await run('assign', one);
    await run('notify', one, { channel: 1 });
    await run('notify', one, { channel: 1 });
    expect(fetched).toHaveBeenCalledTimes(1);
    const [url, request] = fetched.mock.calls[0] ?? [];
    expect(url).toBe('https://crm.example.com/hooks/leads');
    const body = String(request?.body);
    const headers = new Headers(request?.headers);
    expect(headers.get('Ripen-Id')).toBe(one.handoffId);
    expect(headers.get('Ripen-Signature')).toBe(signature('shh', one.handoffId, body, MONDAY)['Ripen-Signature']);
    expect(JSON.parse(body)).toMatchObject({
      handoff: { id: one.handoffId, handRaise: true, reason: 'demo requested' },
      lead: { id: one.leadId, email: expect.stringContaining('@company.example') },
    });
  });

  it.each([
    ['asks for another try', 500, 'Retry'],
    ['asks for another try later', 429, 'Retry'],
    ['will never take it', 404, 'none'],
  ])('treats a webhook that %s as such', async (_, status, name) => {
    fetched.mockImplementation(async () => new Response('', { status }));
    const one = await open();
    await run('assign', one);
    expect(await thrown(run('notify', one, { channel: 1 }))).toMatchObject({ name });
  });

  it('does not tell of a lead that was answered before', async () => {
    const one = await open();
    await run('assign', one);
    await happens(one.leadId, 'handoff.accepted', {
      actor: 'sales',
      data: { handoff: one.handoffId, answer: 'accepted' },
      answered: { by: 'an@example.com' },
    });
    await run('notify', one, { channel: 0 });
    expect(mails()).toHaveLength(0);
  });
});

describe('the clock of a handoff', () => {
  it('reminds half-way, escalates at the deadline, and then waits', async () => {
    const one = await open();
    await run('assign', one);
    expect(await run('look', one)).toMatchObject({ outcome: 'await', seconds: 450 });
    setNow(later(MONDAY, 7.5 * MINUTE));
    expect(await run('look', one)).toMatchObject({ outcome: 'remind' });
    await run('remind', one);
    await run('remind', one);
    expect(await run('look', one)).toMatchObject({ outcome: 'await', seconds: 450 });
    setNow(later(MONDAY, 15 * MINUTE));
    expect(await run('look', one)).toMatchObject({ outcome: 'escalate' });
    await run('escalate', one);
    await run('escalate', one);
    const { assignee } = await handoffOf(one);
    expect(recipients()).toEqual([assignee, 'head-of-sales@example.com']);
    expect(subjects()[0]).toMatch(/^Reminder: /);
    expect(await run('look', one)).toMatchObject({ outcome: 'await' });
  });

  it('goes on after a crash between the reminder and noting it, without a second mail', async () => {
    const one = await open();
    await run('assign', one);
    setNow(later(MONDAY, 7.5 * MINUTE));
    beforeCall('TransactWriteItems', crash, (body) => body.includes('reminded'));
    expect(await thrown(run('remind', one))).toMatchObject({ name: 'Retry' });
    await run('remind', one);
    expect(mails()).toHaveLength(1);
    expect(await handoffOf(one)).toMatchObject({ reminded: true });
  });

  it('is over once sales has answered', async () => {
    const one = await open();
    await run('assign', one);
    await run('await', one, { token: 'token', attempt: 1 });
    await happens(one.leadId, 'handoff.accepted', {
      actor: 'sales',
      data: { handoff: one.handoffId, answer: 'accepted' },
      answered: { by: 'an@example.com' },
    });
    await openHandoff({ 'detail-type': 'handoff.changed', detail: one });
    expect(wakes()).toEqual([{ token: 'token', output: { outcome: 'done' } }]);
    expect(await run('look', one)).toMatchObject({ outcome: 'done' });
  });

  it('is over for a lead that is gone', async () => {
    expect(await run('look', { leadId: 'lead_0', handoffId: 'hnd_0' })).toMatchObject({ outcome: 'done', seconds: 1 });
  });
});

describe('waiting for an answer', () => {
  it('keeps the token of the newer attempt', async () => {
    const one = await open();
    await run('assign', one);
    await run('await', one, { token: 'second', attempt: 2 });
    await run('await', one, { token: 'first', attempt: 1 });
    expect((await handoffOf(one)).wait).toEqual({ token: 'second', attempt: 2 });
  });

  it('looks again at once when it was answered before the token was parked', async () => {
    const one = await open();
    await run('assign', one);
    beforeCall('TransactWriteItems', async () => {
      await happens(one.leadId, 'handoff.accepted', {
        actor: 'sales',
        data: { handoff: one.handoffId, answer: 'accepted' },
        answered: { by: 'an@example.com' },
      });
    });
    expect(await thrown(run('await', one, { token: 'token', attempt: 1 }))).toMatchObject({ name: 'Changed' });
  });

  it('looks again at once when a hand-raise brought the deadline nearer, and tells the assignee', async () => {
    const { leadId } = await enrolledLead({
      fields: { name: 'An', jobTitle: 'Director', companySize: '50-249', country: 'VN' },
    });
    // A director of a middle-sized company with the guide, clicks and pages: ready by score.
    for (let i = 0; i < 3; i++) {
      setNow(later(MONDAY, i + 1));
      await happens(leadId, 'email.clicked', { data: { email: `mail-${i}` } });
    }
    const [handoff] = await handoffsOf(leadId);
    expect(handoff).toMatchObject({ handRaise: false });
    const one = { leadId, handoffId: handoff?.id ?? '' };
    await run('assign', one);
    beforeCall('TransactWriteItems', async () => void (await happens(leadId, 'demo.requested')));
    expect(await thrown(run('await', one, { token: 'token', attempt: 1 }))).toMatchObject({ name: 'Changed' });
    expect(await run('look', one)).toMatchObject({ outcome: 'remind' });
    await run('remind', one);
    expect(subjects()).toEqual([expect.stringMatching(/^Now more urgent: .*demo requested$/)]);
    expect(await run('look', one)).toMatchObject({ outcome: 'await', seconds: expect.any(Number) });
    await run('await', one, { token: 'token', attempt: 1 });
    await openHandoff({ 'detail-type': 'handoff.changed', detail: one });
    expect(wakes()).toEqual([{ token: 'token', output: { outcome: 'look' } }]);
  });
});

const http = (method: string, over: object = {}) => ({
  rawPath: '/handoffs/answer/x',
  rawQueryString: '',
  headers: {},
  requestContext: { http: { method, sourceIp: '192.0.2.1', userAgent: 'test' } },
  ...over,
});

/** The tokens of the links that the assignee got, and who that is. */
async function asked(): Promise<Open & { token: string; assignee: string }> {
  const one = await open();
  await run('assign', one);
  await run('notify', one, { channel: 0 });
  return { ...one, token: lastToken(), assignee: (await handoffOf(one)).assignee ?? '' };
}
const lastToken = (): string => {
  const text = mails().at(-1)?.Content?.Simple?.Body?.Text?.Data ?? '';
  return /answer\/([^\s?]+)/.exec(text)?.[1] ?? '';
};
const link = (method: string, token: string, over: object = {}) =>
  answer(http(method, { pathParameters: { token }, ...over }));
const press = (token: string, given: string, note = '') =>
  link('POST', token, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ answer: given, note }).toString(),
  });

describe('an answer link', () => {
  it('shows the lead and the buttons, and changes nothing, by GET and by HEAD', async () => {
    const one = await asked();
    const before = await handoffOf(one);
    const shown = await link('GET', one.token, { rawQueryString: 'answer=not-ready' });
    expect(shown.statusCode).toBe(200);
    expect(shown.body).toContain('Hương &lt;b&gt;');
    const buttons = [...shown.body.matchAll(/name="answer" value="([a-z-]+)"/g)].map(([, value]) => value);
    expect(buttons[0]).toBe('not-ready');
    expect(buttons).not.toContain('won');
    expect(await link('HEAD', one.token)).toMatchObject({ statusCode: 200, body: '' });
    expect(await handoffOf(one)).toEqual(before);
  });

  it('answers by POST; pressed twice it stands once', async () => {
    const one = await asked();
    expect(await press(one.token, 'accepted', 'calls on Tuesday')).toMatchObject({ statusCode: 200 });
    const again = await press(one.token, 'accepted');
    expect(again.body).toContain('Your answer is noted.');
    expect(await handoffOf(one)).toMatchObject({
      status: 'accepted',
      answer: { answer: 'accepted', by: one.assignee, note: 'calls on Tuesday' },
    });
  });

  it('shows the first answer to whoever comes later', async () => {
    const one = await asked();
    setNow(later(MONDAY, 15 * MINUTE));
    await run('escalate', one);
    const escalated = lastToken();
    await press(one.token, 'accepted');
    const late = await press(escalated, 'bad-fit');
    expect(late.body).toContain('This handoff is answered already: accepted.');
    expect(late.body).not.toContain('value="bad-fit"');
    expect(await handoffOf(one)).toMatchObject({ status: 'accepted', answer: { by: one.assignee } });
  });

  it('takes one answer of two that come at the same time', async () => {
    const one = await asked();
    const results = await Promise.all([press(one.token, 'accepted'), press(one.token, 'accepted')]);
    expect(results.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(await handoffOf(one)).toMatchObject({ status: 'accepted' });
  });

  it('lets the one who answered correct it within a day, and not after', async () => {
    const one = await asked();
    await press(one.token, 'not-ready');
    setNow(later(MONDAY, 23 * HOUR));
    expect((await link('GET', one.token)).body).toContain('value="accepted"');
    await press(one.token, 'accepted');
    expect(await handoffOf(one)).toMatchObject({ status: 'accepted' });
    setNow(later(MONDAY, 25 * HOUR));
    expect((await press(one.token, 'bad-fit')).body).toContain('It could be corrected for 24 hours.');
    expect(await handoffOf(one)).toMatchObject({ status: 'accepted' });
  });

  it('takes won after accepted, even much later', async () => {
    const one = await asked();
    await press(one.token, 'accepted');
    setNow(later(MONDAY, 90 * 24 * HOUR));
    await press(one.token, 'won');
    expect(await handoffOf(one)).toMatchObject({ status: 'won' });
  });

  it.each([
    ['one that was cut off', (token: string) => token.slice(0, -5), 400],
    ['one that was forged', (token: string) => `${token.slice(0, -43)}${'A'.repeat(43)}`, 400],
    ['nothing at all', () => '', 400],
  ])('refuses %s', async (_, spoil, status) => {
    const one = await asked();
    expect(await press(spoil(one.token), 'accepted')).toMatchObject({ statusCode: status });
    expect(await handoffOf(one)).toMatchObject({ status: 'pending' });
  });

  it('refuses an answer that there is none of, and says which there are', async () => {
    const one = await asked();
    const refused = await press(one.token, '<script>');
    expect(refused.statusCode).toBe(400);
    expect(refused.body).toContain('&lt;script&gt;');
    expect(refused.body).toContain('accepted, not-ready');
  });

  it('works no more after 400 days', async () => {
    const one = await asked();
    setNow(later(MONDAY, 401 * 24 * HOUR));
    expect(await link('GET', one.token)).toMatchObject({ statusCode: 410 });
  });
});

const api = (id: string, body: unknown, claims?: object) =>
  answer({
    ...http('POST', { pathParameters: { id }, headers: { 'content-type': 'application/json' } }),
    body: typeof body === 'string' ? body : JSON.stringify(body),
    requestContext: {
      http: { method: 'POST', sourceIp: '192.0.2.1', userAgent: 'test' },
      ...(claims ? { authorizer: { jwt: { claims } } } : {}),
    },
  });

describe('answering by the API', () => {
  it('answers with the handoff', async () => {
    const one = await asked();
    const given = await api(one.handoffId, { answer: 'accepted', note: 'ok' }, { email: 'crm@example.com' });
    expect(given.statusCode).toBe(200);
    expect(JSON.parse(given.body)).toMatchObject({
      id: one.handoffId,
      leadId: one.leadId,
      status: 'accepted',
      assignee: one.assignee,
      answer: { answer: 'accepted', by: 'crm@example.com', note: 'ok' },
    });
    expect(await api(one.handoffId, { answer: 'accepted' }, { email: 'crm@example.com' })).toMatchObject({
      statusCode: 200,
    });
  });

  it('is a conflict when somebody else has answered', async () => {
    const one = await asked();
    await press(one.token, 'not-ready');
    const late = await api(one.handoffId, { answer: 'accepted' });
    expect(late.statusCode).toBe(409);
    expect(JSON.parse(late.body).detail).toBe('This handoff is answered already: not-ready.');
  });

  it.each([
    ['an unknown answer', { answer: 'maybe' }, /no answer\. Answers: accepted, not-ready/],
    ['no answer', {}, /Send \{"answer"/],
    ['no JSON', '{', /not valid JSON/],
  ])('refuses %s', async (_, body, detail) => {
    const one = await asked();
    const refused = await api(one.handoffId, body);
    expect(refused.statusCode).toBe(400);
    expect(JSON.parse(refused.body).detail).toMatch(detail);
  });

  it('knows no handoff of another id', async () => {
    expect(await api('hnd_0000000000zzzzzzzzzzzzzzzz', { answer: 'accepted' })).toMatchObject({ statusCode: 404 });
    expect(await api('nonsense', { answer: 'accepted' })).toMatchObject({ statusCode: 404 });
    expect(await findHandoff('hnd_')).toBeUndefined();
  });
});
