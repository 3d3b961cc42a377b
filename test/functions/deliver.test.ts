/** The mail that a form answers with: once a post, whatever marketing may do, and never to a suppressed address. */
import { SendEmailCommand, SendingPausedException, TooManyRequestsException } from '@aws-sdk/client-sesv2';
import { describe, expect, it } from 'vitest';
import { dueBy } from '../../functions/adapters/due.ts';
import { markSent } from '../../functions/adapters/proven-send.ts';
import { sweepDue } from '../../functions/adapters/sweep-due.ts';
import { later } from '../../functions/adapters/table.ts';
import { handler } from '../../functions/deliver.ts';
import { derivedId } from '../../functions/lead/id.ts';
import {
  beforeCall,
  enrolledLead,
  happens,
  MONDAY,
  mails,
  messages,
  onlySend,
  ses,
  setNow,
  unsubscribes,
  useWorld,
} from './nurture-world.ts';

useWorld();

/** A post, and the message that it put on the bus. */
async function posted(over = {}): Promise<{ leadId: string; message: Record<string, unknown> }> {
  const { leadId } = await enrolledLead(over);
  const message = messages('deliver.requested').find((one) => one.leadId === leadId);
  if (!message) throw new Error('Nothing was asked for.');
  return { leadId, message };
}
const deliver = (message: Record<string, unknown>) => handler({ detail: message });

/** What is due for the lead's mail, seen to by the sweeper, and the message that it puts on the bus delivered. */
async function sweep(leadId: string, now: string): Promise<number> {
  setNow(now);
  const known = messages('deliver.requested').length;
  const due = (await dueBy(now, 100)).filter(({ pk, sk }) => pk === `LEAD#${leadId}` && sk.startsWith('SEND#'));
  for (const one of due) await sweepDue(one, now);
  for (const message of messages('deliver.requested').slice(known)) await deliver(message);
  return due.length;
}

describe('the button that confirms', () => {
  const pending = [{ purpose: 'marketing', action: 'granted', method: 'box', doubleOptIn: true } as const];
  const linkIn = () => mails()[0]?.Content?.Simple?.Body?.Text?.Data ?? '';

  it('stands in the mail while the consent waits', async () => {
    const { message } = await posted({ consent: pending });
    await deliver(message);
    expect(linkIn()).toMatch(/https:\/\/go\.example\.com\/confirm\/v1\./);
  });

  it.each<[string, object[]]>([
    ['for a consent that needs none', [{ purpose: 'marketing', action: 'granted', method: 'box' }]],
    ['where nothing was agreed to', []],
  ])('does not stand there %s', async (_, consent) => {
    const { message } = await posted({ consent });
    await deliver(message);
    expect(mails()).toHaveLength(1);
    expect(linkIn()).not.toContain('/confirm/');
  });
});

describe('what was asked for', () => {
  it('is delivered without consent, without a way out, and says which form it answers', async () => {
    const { message } = await posted({ consent: [] });
    await deliver(message);
    const [mail] = mails();
    expect(mail?.Content?.Simple?.Headers).toEqual([]);
    expect(mail?.EmailTags).toContainEqual({ Name: 'purpose', Value: 'transactional' });
    expect(mail?.Content?.Simple?.Body?.Html?.Data).toContain('cash-flow-guide cash-flow-guide');
  });

  it('is delivered once however often the message comes, also at the same time', async () => {
    const { leadId, message } = await posted();
    await Promise.all([deliver(message), deliver(message), deliver(message)]);
    await deliver(message);
    expect(mails()).toHaveLength(1);
    expect(await onlySend(leadId)).toMatchObject({ status: 'sent', purpose: 'transactional' });
  });

  it('is delivered again for another post', async () => {
    const { leadId, message } = await posted();
    await deliver(message);
    await deliver({ ...message, eventId: derivedId('evt', MONDAY, 'another') });
    expect(mails()).toHaveLength(2);
    expect(leadId).toBe(message.leadId);
  });

  it('is delivered to somebody who unsubscribed from marketing', async () => {
    const { leadId, message } = await posted();
    await unsubscribes(leadId);
    await deliver(message);
    expect(mails()).toHaveLength(1);
  });

  it('is not delivered to a suppressed address, nor to a lead that is gone', async () => {
    const { leadId, message } = await posted();
    await happens(leadId, 'email.bounced', { data: { bounce: 'hard', reason: 'General' }, actor: 'machine' });
    await deliver(message);
    await deliver({ ...message, leadId: 'lead_gone' });
    expect(mails()).toHaveLength(0);
  });
});

describe('when SES does not take it', () => {
  it.each([
    [
      'is throttling',
      new TooManyRequestsException({ $metadata: {}, message: 'Maximum sending rate exceeded.' }),
      10_000,
    ],
    ['is paused', new SendingPausedException({ $metadata: {}, message: 'paused' }), 15 * 60_000],
  ])('because it %s, it is held, and the sweeper asks again', async (_, error, ms) => {
    ses.on(SendEmailCommand).rejectsOnce(error).resolves({ MessageId: 'm' });
    const { leadId, message } = await posted();
    await deliver(message);
    expect(await onlySend(leadId)).toMatchObject({ status: 'held' });
    expect(await sweep(leadId, later(MONDAY, ms - 1))).toBe(0);
    expect(await sweep(leadId, later(MONDAY, ms))).toBe(1);
    expect(await onlySend(leadId)).toMatchObject({ status: 'sent', messageId: 'm' });
    expect(await sweep(leadId, later(MONDAY, 3_600_000))).toBe(0);
  });

  it('or nobody knows whether it did, it is not sent again, and shown as unknown when the lease has run out', async () => {
    ses
      .on(SendEmailCommand)
      .rejectsOnce(Object.assign(new Error('slow'), { name: 'TimeoutError' }))
      .resolves({});
    const { leadId, message } = await posted();
    await deliver(message);
    await deliver(message);
    expect(await onlySend(leadId)).toMatchObject({ status: 'claimed' });
    expect(await sweep(leadId, later(MONDAY, 60_000))).toBe(1);
    expect(await onlySend(leadId)).toMatchObject({ status: 'unknown' });
    expect(mails()).toHaveLength(1);
    expect(await sweep(leadId, later(MONDAY, 3_600_000))).toBe(0);
  });

  it('but its event tells that it did, the send is settled and nothing stays due', async () => {
    ses
      .on(SendEmailCommand)
      .rejectsOnce(Object.assign(new Error('slow'), { name: 'TimeoutError' }))
      .resolves({});
    const { leadId, message } = await posted();
    await deliver(message);
    const claim = await onlySend(leadId);
    expect(await markSent({ leadId, sendId: claim?.id ?? '', messageId: 'told' })).toBe('marked');
    expect(await sweep(leadId, later(MONDAY, 3_600_000))).toBe(0);
    expect(await onlySend(leadId)).toMatchObject({ status: 'sent', messageId: 'told' });
  });

  it('an event about a send that nobody knows makes none', async () => {
    const { leadId } = await posted();
    expect(await markSent({ leadId, sendId: 'snd_unknown', messageId: 'told' })).toBe('missing');
  });
});

describe('a mail that is held and need not go any more', () => {
  const PAUSED = new SendingPausedException({ $metadata: {}, message: 'paused' });
  const bounces = (leadId: string) =>
    happens(leadId, 'email.bounced', { data: { bounce: 'hard', reason: 'General' }, actor: 'machine' });

  async function held() {
    ses.on(SendEmailCommand).rejectsOnce(PAUSED).resolves({ MessageId: 'm' });
    const { leadId, message } = await posted();
    await deliver(message);
    expect(await onlySend(leadId)).toMatchObject({ status: 'held' });
    return { leadId, message };
  }
  const skipped = { status: 'skipped', why: 'the address takes no mail' };

  it('is skipped once its address is suppressed, says why, and is not due any more', async () => {
    const { leadId } = await held();
    await bounces(leadId);
    const at = later(MONDAY, 15 * 60_000);
    expect(await sweep(leadId, at)).toBe(1);
    expect(await onlySend(leadId)).toMatchObject({ ...skipped, at });
    expect(await sweep(leadId, later(at, 3_600_000))).toBe(0);
    expect(mails()).toHaveLength(1);
  });

  it('is skipped also when the address is suppressed at the moment of sending', async () => {
    const { leadId } = await held();
    beforeCall(
      'TransactWriteItems',
      async () => void (await bounces(leadId)),
      (body) => body.includes('SEND#'),
    );
    expect(await sweep(leadId, later(MONDAY, 15 * 60_000))).toBe(1);
    expect(await onlySend(leadId)).toMatchObject(skipped);
    expect(await sweep(leadId, later(MONDAY, 3_600_000))).toBe(0);
    expect(mails()).toHaveLength(1);
  });

  it('is shown as unknown, and not due any more, where nobody knows whether SES took it before', async () => {
    ses.on(SendEmailCommand).rejectsOnce(Object.assign(new Error('slow'), { name: 'TimeoutError' }));
    const { leadId, message } = await posted();
    await deliver(message);
    await bounces(leadId);
    await deliver(message);
    expect(await onlySend(leadId)).toMatchObject({ status: 'claimed' });
    expect(await sweep(leadId, later(MONDAY, 60_000))).toBe(1);
    expect(await onlySend(leadId)).toMatchObject({ status: 'unknown' });
    expect(await sweep(leadId, later(MONDAY, 3_600_000))).toBe(0);
  });

  it('stays sent where it went out before the address was suppressed', async () => {
    const { leadId, message } = await posted();
    await deliver(message);
    await bounces(leadId);
    await deliver(message);
    expect(await onlySend(leadId)).toMatchObject({ status: 'sent' });
  });
});
