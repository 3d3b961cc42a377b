/** The send task, against the real local table: one mail a step, whatever SES, the network and other people do. */
import {
  MessageRejected,
  SendEmailCommand,
  SendingPausedException,
  TooManyRequestsException,
} from '@aws-sdk/client-sesv2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadSend, sendsOf } from '../../functions/adapters/leads.ts';
import { markSent } from '../../functions/adapters/proven-send.ts';
import { claimed, claimSend } from '../../functions/adapters/sends.ts';
import { later } from '../../functions/adapters/table.ts';
import { verify } from '../../functions/adapters/tokens.ts';
import { derivedId } from '../../functions/lead/id.ts';
import { handler } from '../../functions/send.ts';
import { DAY } from '../lead/example-scoring.ts';
import { everyItem, type LocalDynamo } from '../local-dynamo.ts';
import {
  afterCall,
  beforeCall,
  calm,
  crash,
  disarm,
  enrolledLead,
  enrolmentOf,
  happens,
  loseAnswer,
  MONDAY,
  mails,
  messages,
  onlySend,
  ses,
  setNow,
  startWorld,
  taskOf,
  thrown,
  unsubscribes,
} from './nurture-world.ts';

let local: LocalDynamo;
beforeAll(async () => {
  local = await startWorld();
});
afterAll(() => local.stop());
beforeEach(() => {
  calm();
  for (const level of ['error', 'warn', 'info'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});
afterEach(() => {
  disarm();
  vi.restoreAllMocks();
});

const DUE = later(MONDAY, 2 * DAY);
type Enrolled = { leadId: string; enrolmentId: string };

/** An enrolment that stands at its mail, as the wait before it leaves it. */
async function atMail(over = {}): Promise<Enrolled> {
  const enrolled = await enrolledLead(over);
  const enrolment = await enrolmentOf(enrolled);
  const { putItem } = await import('../../functions/adapters/dynamo.ts');
  const { enrolmentItem } = await import('../../functions/adapters/table.ts');
  await putItem(enrolmentItem({ ...enrolment, step: 'three-leaks', dueAt: DUE }));
  setNow(DUE);
  return enrolled;
}
const send = async (enrolled: Enrolled, over: object = {}) =>
  handler({ ...(await taskOf(enrolled, 'three-leaks')), ...over });
const errorOf = (name: string, message = name) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 500 } });
const fails = (error: Error) => ses.on(SendEmailCommand).rejectsOnce(error).resolves({ MessageId: 'second' });

describe('a mail of a step', () => {
  it('goes out once, tagged and with a way out, and the enrolment stands at the next step', async () => {
    const enrolled = await atMail();
    expect(await send(enrolled)).toEqual({ outcome: 'next', due: DUE });
    const [mail] = mails();
    const tags = Object.fromEntries((mail?.EmailTags ?? []).map(({ Name, Value }) => [Name, Value]));
    expect(tags).toMatchObject({
      lead_id: enrolled.leadId,
      enrolment_id: enrolled.enrolmentId,
      email: 'three-leaks',
      workflow: 'guide-to-demo',
      step: 'three-leaks',
      purpose: 'marketing',
      definition: 'd'.repeat(12),
    });
    expect(tags.send_id).toMatch(/^snd_/);
    expect(mail?.Content?.Simple?.Body?.Text?.Data).toContain('Hello Hương,');
    const headers = Object.fromEntries((mail?.Content?.Simple?.Headers ?? []).map(({ Name, Value }) => [Name, Value]));
    expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    const link = /^<https:\/\/go\.example\.com\/unsubscribe\/(.+)>$/.exec(headers['List-Unsubscribe'] ?? '');
    expect(await verify(link?.[1] ?? '', 'unsubscribe', DUE)).toEqual({ ok: true, subject: enrolled.leadId });
    expect(await onlySend(enrolled.leadId)).toMatchObject({ status: 'sent', messageId: 'message-0' });
    expect(await enrolmentOf(enrolled)).toMatchObject({ step: 'clicked', status: 'active' });
  });

  it('answers a repeated task the same, without another mail', async () => {
    const enrolled = await atMail();
    const first = await send(enrolled);
    expect(await send(enrolled)).toEqual(first);
    expect(mails()).toHaveLength(1);
  });

  it('goes out once when five attempts come at the same time', async () => {
    const enrolled = await atMail();
    const results = await Promise.all(Array.from({ length: 5 }, () => thrown(send(enrolled))));
    expect(mails()).toHaveLength(1);
    for (const { name } of results) expect(['none', 'Hold', 'Retry']).toContain(name);
    expect(await onlySend(enrolled.leadId)).toMatchObject({ status: 'sent' });
  });

  it('is written in the language of the lead', async () => {
    const enrolled = await atMail({ language: 'vi' });
    await send(enrolled);
    expect(mails()[0]?.Content?.Simple?.Subject?.Data).toBe('three-leaks in vi');
    expect(mails()[0]?.Content?.Simple?.Body?.Text?.Data).toContain('Xin chào Hương,');
  });

  it('is not sent by an execution that another run has taken over', async () => {
    const enrolled = await atMail();
    expect(await thrown(send(enrolled, { run: 0 }))).toMatchObject({ name: 'Ended' });
    expect(mails()).toHaveLength(0);
  });

  it('writes no address and no name into logs', async () => {
    const enrolled = await atMail();
    fails(new MessageRejected({ $metadata: {}, message: 'Address blacklisted: <reader@company.example>.' }));
    await send(enrolled);
    const lines = [console.error, console.warn, console.info].flatMap((one) => vi.mocked(one).mock.calls.flat());
    expect(lines.length).toBeGreaterThan(0);
    expect(JSON.stringify(lines)).not.toMatch(/@company|Hương/);
  });
});

describe('what SES answers', () => {
  it('holds a throttled mail for some seconds, and sends it then', async () => {
    const enrolled = await atMail();
    fails(new TooManyRequestsException({ $metadata: {}, message: 'Maximum sending rate exceeded.' }));
    const { name, message } = await thrown(send(enrolled));
    expect(name).toBe('Hold');
    expect(Date.parse(message) - Date.parse(DUE)).toBeLessThanOrEqual(10_000);
    expect(await onlySend(enrolled.leadId)).toMatchObject({ status: 'held' });
    setNow(message);
    expect(await send(enrolled)).toMatchObject({ outcome: 'next' });
    expect(await onlySend(enrolled.leadId)).toMatchObject({ status: 'sent', messageId: 'second' });
  });

  it.each([
    ['sending is paused', new SendingPausedException({ $metadata: {}, message: 'paused' })],
    [
      'the daily quota is used up',
      new TooManyRequestsException({ $metadata: {}, message: 'Daily message quota exceeded' }),
    ],
    ['the sender is not verified', new MessageRejected({ $metadata: {}, message: 'Email address is not verified.' })],
    [
      'the permission is missing',
      Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }),
    ],
  ])('holds for a quarter of an hour and says it as an error when %s', async (_, error) => {
    const enrolled = await atMail();
    fails(error);
    expect(await thrown(send(enrolled))).toEqual({ name: 'Hold', message: later(DUE, 15 * 60_000) });
    expect(vi.mocked(console.error).mock.calls.flat().join()).toContain('a mail did not go out');
    // The sweeper must not take the enrolment for lost meanwhile.
    expect(await enrolmentOf(enrolled)).toMatchObject({ dueAt: later(DUE, 15 * 60_000), step: 'three-leaks' });
  });

  it('goes on without a mail that SES refuses, and keeps why', async () => {
    const enrolled = await atMail();
    fails(new MessageRejected({ $metadata: {}, message: 'Bad content' }));
    expect(await send(enrolled)).toMatchObject({ outcome: 'next' });
    expect(await onlySend(enrolled.leadId)).toMatchObject({ status: 'refused', why: 'MessageRejected: Bad content' });
  });

  it.each([
    ['a time-out', errorOf('TimeoutError', 'Request timed out')],
    ['a broken connection', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
    ['an internal failure', errorOf('InternalFailure')],
  ])('never sends again by itself after %s, and shows it as unknown', async (_, error) => {
    const enrolled = await atMail();
    fails(error);
    const { name, message } = await thrown(send(enrolled));
    expect({ name, message }).toEqual({ name: 'Hold', message: later(DUE, 60_000) });
    setNow(message);
    expect(await send(enrolled)).toMatchObject({ outcome: 'next' });
    expect(mails()).toHaveLength(1);
    expect(await onlySend(enrolled.leadId)).toMatchObject({ status: 'unknown' });
    expect(await enrolmentOf(enrolled)).toMatchObject({ step: 'clicked' });
  });

  it('learns from the SES event that a mail went out although its answer was lost', async () => {
    const enrolled = await atMail();
    fails(errorOf('TimeoutError'));
    const { message } = await thrown(send(enrolled));
    const held = await onlySend(enrolled.leadId);
    await markSent({ leadId: enrolled.leadId, sendId: held?.id ?? '', messageId: 'from-the-event' });
    setNow(message);
    expect(await send(enrolled)).toMatchObject({ outcome: 'next' });
    expect(mails()).toHaveLength(1);
    expect(await onlySend(enrolled.leadId)).toMatchObject({ status: 'sent', messageId: 'from-the-event' });
  });

  it('learns it even after the send was shown as unknown', async () => {
    const enrolled = await atMail();
    fails(errorOf('TimeoutError'));
    setNow((await thrown(send(enrolled))).message);
    await send(enrolled);
    const unknown = await onlySend(enrolled.leadId);
    await markSent({ leadId: enrolled.leadId, sendId: unknown?.id ?? '', messageId: 'late' });
    expect(await onlySend(enrolled.leadId)).toMatchObject({ status: 'sent', messageId: 'late' });
  });

  it('keeps the message id of the answer when the event came first', async () => {
    const enrolled = await atMail();
    ses.on(SendEmailCommand).callsFake(async ({ EmailTags }) => {
      const id = EmailTags.find(({ Name }: { Name: string }) => Name === 'send_id').Value;
      await markSent({ leadId: enrolled.leadId, sendId: id, messageId: 'm' });
      return { MessageId: 'm' };
    });
    expect(await send(enrolled)).toMatchObject({ outcome: 'next' });
    expect(await onlySend(enrolled.leadId)).toMatchObject({ status: 'sent', messageId: 'm' });
    expect(await enrolmentOf(enrolled)).toMatchObject({ step: 'clicked' });
  });
});

describe('a crash', () => {
  it('goes on with its own claim when the answer to the claim was lost', async () => {
    const enrolled = await atMail();
    afterCall('TransactWriteItems', loseAnswer, (body) => body.includes('SEND#'));
    expect(await send(enrolled)).toMatchObject({ outcome: 'next' });
    expect(mails()).toHaveLength(1);
    expect(await onlySend(enrolled.leadId)).toMatchObject({ status: 'sent' });
  });

  it('after the claim and before SES: held while the lease lives, then unknown, never sent', async () => {
    const enrolled = await atMail();
    const { startedAt } = await enrolmentOf(enrolled);
    const dead = claimed(
      {
        id: derivedId('snd', startedAt, enrolled.enrolmentId, 'three-leaks'),
        leadId: enrolled.leadId,
        email: 'three-leaks',
        language: 'en',
        definition: 'd',
        attempt: 'dead',
      },
      DUE,
    );
    await claimSend(dead, {}, DUE);
    setNow(later(DUE, 10_000));
    expect(await thrown(send(enrolled))).toEqual({ name: 'Hold', message: later(DUE, 60_000) });
    setNow(later(DUE, 60_000));
    expect(await send(enrolled)).toMatchObject({ outcome: 'next' });
    expect(mails()).toHaveLength(0);
    expect(await onlySend(enrolled.leadId)).toMatchObject({ status: 'unknown' });
  });

  it('after SES and before settling: the next attempt waits, and goes on with what the event told', async () => {
    const enrolled = await atMail();
    beforeCall('TransactWriteItems', crash, (body) => body.includes('messageId'));
    expect(await thrown(send(enrolled))).toMatchObject({ name: 'Retry' });
    const claim = await onlySend(enrolled.leadId);
    expect(claim).toMatchObject({ status: 'claimed' });
    expect(await thrown(send(enrolled))).toMatchObject({ name: 'Hold' });
    await markSent({ leadId: enrolled.leadId, sendId: claim?.id ?? '', messageId: 'message-0' });
    expect(await send(enrolled)).toMatchObject({ outcome: 'next' });
    expect(mails()).toHaveLength(1);
  });

  it('with the answer to settling lost: settled once, and the machine gets its answer', async () => {
    const enrolled = await atMail();
    afterCall('TransactWriteItems', loseAnswer, (body) => body.includes('messageId'));
    expect(await send(enrolled)).toMatchObject({ outcome: 'next' });
    expect(mails()).toHaveLength(1);
    expect(await onlySend(enrolled.leadId)).toMatchObject({ status: 'sent' });
  });

  it('with the table unreachable: the machine is asked to try again', async () => {
    const enrolled = await atMail();
    beforeCall('BatchGetItem', crash);
    expect(await thrown(send(enrolled))).toEqual({ name: 'Retry', message: 'Killed' });
  });
});

describe('an unsubscribe', () => {
  it('that commits between reading and claiming keeps the mail in', async () => {
    const enrolled = await atMail();
    beforeCall(
      'TransactWriteItems',
      async () => void (await unsubscribes(enrolled.leadId)),
      (body) => body.includes('SEND#'),
    );
    expect(await thrown(send(enrolled))).toMatchObject({ name: 'Ended' });
    expect(mails()).toHaveLength(0);
    expect(await sendsOf(enrolled.leadId)).toEqual([]);
  });

  it('that commits between a throttled try and the next keeps the mail in', async () => {
    const enrolled = await atMail();
    fails(new TooManyRequestsException({ $metadata: {}, message: 'Maximum sending rate exceeded.' }));
    const { message } = await thrown(send(enrolled));
    await unsubscribes(enrolled.leadId);
    setNow(message);
    expect(await thrown(send(enrolled))).toMatchObject({ name: 'Ended', message: 'unsubscribed' });
    expect(mails()).toHaveLength(1);
  });

  it('that commits while SES has the mail ends the enrolment, and the send is settled all the same', async () => {
    const enrolled = await atMail();
    ses.on(SendEmailCommand).callsFake(async () => {
      await unsubscribes(enrolled.leadId);
      return { MessageId: 'in flight' };
    });
    expect(await thrown(send(enrolled))).toMatchObject({ name: 'Ended' });
    expect(await onlySend(enrolled.leadId)).toMatchObject({ status: 'sent', messageId: 'in flight' });
    expect(await enrolmentOf(enrolled)).toMatchObject({ status: 'ended', reason: 'unsubscribed' });
  });

  it.each([
    ['a hard bounce', 'email.bounced', { bounce: 'hard', reason: 'General' }],
    ['a complaint', 'email.complained', { reason: 'abuse' }],
  ])('and %s bar all mail', async (_, type, data) => {
    const enrolled = await atMail();
    await happens(enrolled.leadId, type, { data, actor: 'machine' });
    expect(await thrown(send(enrolled))).toMatchObject({ name: 'Ended' });
    expect(mails()).toHaveLength(0);
  });
});

describe('what keeps a mail back', () => {
  it('holds the enrolment without consent, and the consent starts the next run at the same step', async () => {
    const enrolled = await atMail({ consent: [] });
    expect(await thrown(send(enrolled))).toEqual({ name: 'Paused', message: 'for consent' });
    expect(await enrolmentOf(enrolled)).toMatchObject({ status: 'held', dueAt: later(MONDAY, 30 * DAY) });
    await happens(enrolled.leadId, 'consent.granted', {
      consent: [{ purpose: 'marketing', action: 'granted', method: 'confirm-link' }],
    });
    expect(messages('enrolment.started').at(-1)).toMatchObject({ enrolmentId: enrolled.enrolmentId, run: 2 });
    expect(await send(enrolled)).toMatchObject({ outcome: 'next' });
    expect(mails()).toHaveLength(1);
  });

  it('waits where a run begins at a mail that is not due yet, but for what clocks differ', async () => {
    const enrolled = await atMail();
    setNow(later(DUE, -3000));
    expect(await thrown(send(enrolled))).toEqual({ name: 'Hold', message: DUE });
    setNow(later(DUE, -900));
    expect(await send(enrolled)).toMatchObject({ outcome: 'next' });
  });

  it('ends at its goal', async () => {
    const enrolled = await atMail();
    await happens(enrolled.leadId, 'demo.requested');
    expect(await thrown(send(enrolled))).toMatchObject({ name: 'Ended' });
    expect(mails()).toHaveLength(0);
  });

  it('skips a class that is not for the stage, and tells why', async () => {
    const enrolled = await atMail();
    const { putItem } = await import('../../functions/adapters/dynamo.ts');
    const { enrolmentItem } = await import('../../functions/adapters/table.ts');
    await putItem(enrolmentItem({ ...(await enrolmentOf(enrolled)), step: 'three-leaks-short' }));
    expect(await handler(await taskOf(enrolled, 'three-leaks-short'))).toMatchObject({ outcome: 'next' });
    expect(mails()).toHaveLength(0);
    expect(await onlySend(enrolled.leadId)).toMatchObject({
      status: 'skipped',
      why: 'pricing mail is not for the stage iql',
    });
    expect(await enrolmentOf(enrolled)).toMatchObject({ step: 'choose-1' });
  });

  it('waits for a slot when the account may send one mail a second', async () => {
    const { forgetRate } = await import('../../functions/adapters/mail.ts');
    const { GetAccountCommand } = await import('@aws-sdk/client-sesv2');
    forgetRate();
    ses.on(GetAccountCommand).resolves({ SendQuota: { MaxSendRate: 1 } });
    const both = [await atMail(), await atMail()];
    setNow(later(DUE, 3_600_000));
    const results = await Promise.all(both.map((one) => thrown(send(one))));
    expect(results.map(({ name }) => name).sort()).toEqual(['Hold', 'none']);
    expect(mails()).toHaveLength(1);
    const held = results.find(({ name }) => name === 'Hold');
    expect(Date.parse(held?.message ?? '')).toBeGreaterThan(Date.parse(DUE) + 3_600_000);
    expect(await everyItem()).not.toEqual([]);
  });

  it('leaves the ledger empty when nothing was claimed', async () => {
    const enrolled = await atMail({ consent: [] });
    await thrown(send(enrolled));
    expect(await loadSend(enrolled.leadId, 'snd_0')).toBeUndefined();
    expect(await sendsOf(enrolled.leadId)).toEqual([]);
  });
});
