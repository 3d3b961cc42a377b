/** Asking to confirm: one mail, one reminder, and an end after 30 days. */
import { SendEmailCommand, SendingPausedException } from '@aws-sdk/client-sesv2';
import { describe, expect, it } from 'vitest';
import { dueBy } from '../../functions/adapters/due.ts';
import { erasedAt, readLog, sendsOf } from '../../functions/adapters/leads.ts';
import { sweepDue } from '../../functions/adapters/sweep-due.ts';
import { later } from '../../functions/adapters/table.ts';
import { handler } from '../../functions/ask.ts';
import { handler as confirm } from '../../functions/confirm.ts';
import { happens, leadOf, MONDAY, mails, messages, ses, setNow, unsubscribes, useWorld } from './nurture-world.ts';
import { asks, newAddress, postGuide, tick } from './recipients-world.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const PAUSED = new SendingPausedException({ message: 'paused', $metadata: {} });
useWorld();

const newsletter = { data: { form: 'newsletter' } };
const press = asks(confirm, 'confirm');

/** A post whose form has no mail of its own, and the message that asks. */
async function asked(over = {}) {
  const lead = await postGuide(newAddress(), { ...newsletter, ...over });
  const message = messages('consent.asked').find(({ leadId }) => leadId === lead.id);
  return { id: lead.id, ask: () => handler({ 'detail-type': 'consent.asked', detail: message }) };
}

/** Moves the clock there and sees to what is due for the lead's consents, as the sweeper does each minute. */
async function sweepAt(leadId: string, at: string): Promise<void> {
  setNow(at);
  const known = messages('consent.due').length;
  const due = (await dueBy(at, 100)).filter(({ pk, sk }) => pk === `LEAD#${leadId}` && sk.startsWith('ASK#'));
  for (const one of due) await sweepDue(one, at);
  for (const detail of messages('consent.due').slice(known)) await handler({ 'detail-type': 'consent.due', detail });
}
const confirms = (id: string) =>
  happens(id, 'consent.confirmed', {
    consent: [{ purpose: 'marketing', action: 'confirmed', method: 'confirm-link', asked: MONDAY }],
  });
const bounces = (id: string) =>
  happens(id, 'email.bounced', { actor: 'machine', data: { bounce: 'hard', email: 'x' } });
const linkOf = (nth: number): string =>
  /\/confirm\/(\S+)/.exec(mails()[nth]?.Content?.Simple?.Body?.Text?.Data ?? '')?.[1] ?? '';

describe('the mail that asks', () => {
  it('goes out once, transactional, with what was agreed to and a link that confirms', async () => {
    const { id, ask } = await asked({ language: 'vi' });
    await ask();
    await ask();
    expect(mails()).toHaveLength(1);
    const [mail] = mails();
    expect(mail?.Content?.Simple?.Headers).toEqual([]);
    expect(mail?.Content?.Simple?.Subject?.Data).toMatch(/^Vui lòng xác nhận/);
    expect(mail?.Content?.Simple?.Body?.Html?.Data).toContain('I agree to receive advice.');
    expect(mail?.EmailTags).toContainEqual({ Name: 'purpose', Value: 'transactional' });
    expect((await press(linkOf(0), 'POST')).statusCode).toBe(200);
    expect((await leadOf(id)).consents.marketing?.state).toBe('granted');
  });

  it('does not go out for what was confirmed or withdrawn meanwhile', async () => {
    const { id, ask } = await asked();
    setNow(later(MONDAY, HOUR));
    await unsubscribes(id);
    await ask();
    expect(mails()).toEqual([]);
  });

  it('does not go out to an address that bounces', async () => {
    const { id, ask } = await asked();
    await bounces(id);
    await ask();
    expect(mails()).toEqual([]);
  });

  /** What SES does not take now. */
  async function held(): Promise<string> {
    const { id, ask } = await asked();
    ses.on(SendEmailCommand).rejectsOnce(PAUSED).resolves({ MessageId: 'm' });
    await ask();
    expect(await sendsOf(id)).toMatchObject([{ status: 'held' }]);
    return id;
  }

  /** @returns how many of the lead's mails were due and seen to. */
  async function sweepSends(id: string, at: string): Promise<number> {
    setNow(at);
    const known = messages('consent.asked').length;
    const due = (await dueBy(at, 100)).filter(({ pk, sk }) => pk === `LEAD#${id}` && sk.startsWith('SEND#'));
    for (const one of due) await sweepDue(one, at);
    for (const detail of messages('consent.asked').slice(known))
      await handler({ 'detail-type': 'consent.asked', detail });
    return due.length;
  }

  it('is held while SES takes none, and asked for again', async () => {
    const id = await held();
    expect(await sweepSends(id, later(MONDAY, HOUR))).toBe(1);
    expect(await sendsOf(id)).toMatchObject([{ status: 'sent' }]);
  });

  it.each<[string, string, (id: string) => Promise<unknown>]>([
    ['what it asks was confirmed', 'nothing waits to be confirmed any more', confirms],
    ['what it asks was withdrawn', 'nothing waits to be confirmed any more', (id) => unsubscribes(id)],
    ['its address bounces', 'the address takes no mail', bounces],
  ])('is skipped, and not due any more, where %s while it was held', async (_, why, happened) => {
    const id = await held();
    setNow(later(MONDAY, 60_000));
    await happened(id);
    expect(await sweepSends(id, later(MONDAY, HOUR))).toBe(1);
    expect(await sendsOf(id)).toMatchObject([{ status: 'skipped', why }]);
    expect(await sweepSends(id, later(MONDAY, 2 * HOUR))).toBe(0);
    expect(mails()).toHaveLength(1);
  });
});

describe('the reminder', () => {
  it('comes once, after three days, and its link works', async () => {
    const { id } = await postGuide(newAddress());
    await sweepAt(id, later(MONDAY, 3 * DAY - 1));
    expect(mails()).toEqual([]);
    for (const days of [3, 4, 10, 20]) await sweepAt(id, later(MONDAY, days * DAY));
    expect(mails().map(({ Content }) => Content?.Simple?.Subject?.Data)).toEqual([
      'Still waiting for your answer: emails from Cash Clarity',
    ]);
    setNow(later(MONDAY, 9 * DAY));
    expect((await press(linkOf(0), 'POST')).statusCode).toBe(200);
    expect((await leadOf(id)).consents.marketing?.state).toBe('granted');
  });

  it.each<[string, (email: string, id: string) => Promise<unknown>]>([
    ['who confirmed', (_, id) => confirms(id)],
    ['who unsubscribed', (_, id) => unsubscribes(id)],
    ['whose mail bounced', (_, id) => bounces(id)],
    [
      'who had said no before the tick',
      async (email, id) => {
        await unsubscribes(id);
        await postGuide(email, {}, later(MONDAY, 2 * HOUR));
      },
    ],
  ])('does not come to %s', async (_, happened) => {
    const email = newAddress();
    const { id } = await postGuide(email);
    setNow(later(MONDAY, HOUR));
    await happened(email, id);
    await sweepAt(id, later(MONDAY, 4 * DAY));
    expect(mails()).toEqual([]);
  });

  it('does not come for what an import brought', async () => {
    const { id } = await postGuide(newAddress(), { consent: [tick({ method: 'import' })] });
    await sweepAt(id, later(MONDAY, 4 * DAY));
    expect(mails()).toEqual([]);
  });

  it('waits where SES takes no mail, and is sent then', async () => {
    const { id } = await postGuide(newAddress());
    ses.on(SendEmailCommand).rejectsOnce(PAUSED).resolves({ MessageId: 'm' });
    await sweepAt(id, later(MONDAY, 3 * DAY));
    await sweepAt(id, later(MONDAY, 3 * DAY + HOUR));
    expect(await sendsOf(id)).toMatchObject([{ status: 'sent', email: 'confirm-consent' }]);
  });

  it('comes again after a new tick', async () => {
    const email = newAddress();
    const { id } = await postGuide(email);
    await sweepAt(id, later(MONDAY, 3 * DAY));
    await postGuide(email, {}, later(MONDAY, 10 * DAY));
    await sweepAt(id, later(MONDAY, 12 * DAY));
    expect(mails()).toHaveLength(1);
    await sweepAt(id, later(MONDAY, 13 * DAY));
    expect(mails()).toHaveLength(2);
  });
});

const END = later(MONDAY, 30 * DAY + HOUR);

describe('after 30 days', () => {
  it('a lead that is nothing but an unconfirmed tick is erased, and leaves no no behind', async () => {
    const email = newAddress();
    const { id } = await postGuide(email);
    await sweepAt(id, later(MONDAY, 30 * DAY));
    expect(await erasedAt(id)).toBeUndefined();
    await sweepAt(id, END);
    expect(await erasedAt(id)).toBe(END);
    const again = await postGuide(email, {}, later(END, DAY));
    expect(again.stopped).toBeUndefined();
  });

  it.each<[string, (email: string, id: string) => Promise<unknown>]>([
    ['who sent another form without a tick', (email) => postGuide(email, { consent: [] }, later(MONDAY, DAY))],
    [
      'who clicked in a mail',
      (_, id) => happens(id, 'email.clicked', { data: { email: 'guide-delivery', link: 'x' } }),
    ],
    ['who came to a webinar', (_, id) => happens(id, 'webinar.attended', { data: { minutes: 20 } })],
    ['who asked for sales', (_, id) => happens(id, 'demo.requested', {})],
  ])('a lead %s is kept, and only the consent is dropped', async (_, happened) => {
    const email = newAddress();
    const { id } = await postGuide(email);
    setNow(later(MONDAY, DAY));
    await happened(email, id);
    await sweepAt(id, later(MONDAY, 4 * DAY));
    await sweepAt(id, later(MONDAY, 40 * DAY));
    const lead = await leadOf(id);
    expect(lead.consents).toEqual({});
    expect((await readLog(id)).find(({ type }) => type === 'consent.lapsed')?.changes).toContainEqual({
      what: 'consent',
      name: 'marketing',
      from: 'pending',
      to: 'lapsed',
    });
  });

  it('a tick after an unsubscribe lapses, and the unsubscribe stands', async () => {
    const email = newAddress();
    const { id } = await postGuide(email);
    setNow(later(MONDAY, HOUR));
    await unsubscribes(id);
    await postGuide(email, {}, later(MONDAY, DAY));
    await sweepAt(id, later(MONDAY, 5 * DAY));
    await sweepAt(id, later(MONDAY, 40 * DAY));
    const lead = await leadOf(id);
    expect(lead).toMatchObject({
      stopped: { reason: 'unsubscribed' },
      consents: { marketing: { state: 'withdrawn' } },
    });
    const tickAgain = [{ purpose: 'marketing', action: 'granted', method: 'box' } as const];
    const later_ = await postGuide(email, { consent: tickAgain }, later(MONDAY, 41 * DAY));
    expect(later_.consents.marketing?.state).toBe('pending');
  });

  it('counts from the last tick', async () => {
    const email = newAddress();
    const { id } = await postGuide(email);
    await postGuide(email, {}, later(MONDAY, 29 * DAY));
    await sweepAt(id, END);
    expect((await leadOf(id)).consents.marketing?.state).toBe('pending');
  });

  it('nothing happens to a lead that was erased before', async () => {
    const { id } = await postGuide(newAddress());
    const { eraseLead } = await import('../../functions/adapters/erase.ts');
    await eraseLead(id, later(MONDAY, DAY), { keepsNo: true });
    await sweepAt(id, END);
    expect(mails()).toEqual([]);
    expect(await erasedAt(id)).toBe(later(MONDAY, DAY));
  });
});
