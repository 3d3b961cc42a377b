import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSesEvent } from '../../functions/lead/ses-event.ts';

type Loose = Record<string, unknown>;

const fixture = (name: string): { detail: Loose & { mail: Loose & { tags: Loose } } } & Loose =>
  JSON.parse(readFileSync(new URL(`../fixtures/ses-events/${name}.json`, import.meta.url), 'utf8'));

/** The fixture with other members in the payload of its type. */
const changed = (name: string, key: string, more: Loose) => {
  const event = fixture(name);
  event.detail[key] = { ...(event.detail[key] as Loose), ...more };
  return event;
};

const read = (event: unknown) => {
  const answer = readSesEvent(event);
  if ('aside' in answer) throw new Error(`set aside: ${answer.aside}`);
  return answer;
};

describe('reading an SES event', () => {
  it.each([
    ['send', 'email.sent', 'machine', '2026-11-16T14:10:05.221Z'],
    ['delivery', 'email.delivered', 'machine', '2026-11-16T14:10:07.894Z'],
    ['open', 'email.opened', 'suspect', '2026-11-16T17:42:31.118Z'],
    ['click', 'email.clicked', 'suspect', '2026-11-16T17:43:02.640Z'],
    ['bounce', 'email.bounced', 'machine', '2026-11-16T14:10:08.377Z'],
    ['complaint', 'email.complained', 'machine', '2026-11-15T08:12:45.000Z'],
    ['reject', 'email.rejected', 'machine', '2026-11-16T14:12:01.000Z'],
    ['delivery-delay', 'email.delayed', 'machine', '2026-11-16T14:20:40.095Z'],
    ['rendering-failure', 'email.failed', 'machine', '2026-11-16T14:15:22.000Z'],
    ['subscription', 'email.unsubscribed', 'human', '2026-11-16T18:30:17.910Z'],
  ])('%s is %s by a %s at %s', (name, type, actor, at) => {
    const event = fixture(name);
    if (name === 'rendering-failure') event.time = '2026-11-16T14:15:22Z';
    const { happening, leadId, sendId, messageId } = read(event);
    expect(happening).toMatchObject({ type, actor, at });
    expect({ leadId, sendId, messageId }).toEqual({
      leadId: (event.detail.mail.tags.lead_id as string[])[0],
      sendId: (event.detail.mail.tags.send_id as string[])[0],
      messageId: event.detail.mail.messageId,
    });
  });

  it.each(['send', 'delivery', 'open', 'click', 'bounce', 'complaint', 'reject', 'delivery-delay', 'subscription'])(
    'keeps no address, IP address or user agent of %s',
    (name) => {
      expect(JSON.stringify(read(fixture(name)).happening)).not.toMatch(/@|192\.0|198\.51|203\.0|Mozilla/);
    },
  );

  it.each([
    ['a delivery that carries a bounce', 'delivery', { bounce: fixture('bounce').detail.bounce }, 'email.delivered'],
    ['a bounce that carries a delivery', 'bounce', { delivery: fixture('delivery').detail.delivery }, 'email.bounced'],
    ['a complaint that carries a click', 'complaint', { click: fixture('click').detail.click }, 'email.complained'],
  ])('takes %s for what its eventType says', (_, name, more, type) => {
    const event = fixture(name);
    Object.assign(event.detail, more);
    Object.assign(event, { 'detail-type': 'Email Clicked' });
    expect(read(event).happening.type).toBe(type);
  });

  it.each([
    ['bounce', { bounceType: 'Permanent', bounceSubType: 'General' }, 'bounces'],
    ['bounce', { bounceType: 'Permanent', bounceSubType: 'OnAccountSuppressionList' }, undefined],
    ['bounce', { bounceType: 'Transient', bounceSubType: 'MailboxFull' }, undefined],
    ['complaint', { complaintSubType: null }, 'complaints'],
    ['complaint', { complaintSubType: 'OnAccountSuppressionList' }, undefined],
    ['complaint', { complaintFeedbackType: 'auth-failure' }, 'complaints'],
  ])('counts a %s with %j as %s', (name, more, as) => {
    const event = changed(name, name, more);
    const mailedAt = new Date(String(event.detail.mail.timestamp)).toISOString();
    expect(read(event).counts).toEqual(as && { as, mailedAt });
  });

  it('counts nothing of the mailbox simulator', () => {
    const event = fixture('bounce');
    event.detail.mail.destination = ['Reader <bounce+one@simulator.amazonses.com>'];
    expect(read(event).counts).toBeUndefined();
  });

  it('sets a report that the mail is no spam aside', () => {
    expect(readSesEvent(changed('complaint', 'complaint', { complaintFeedbackType: 'not-spam' }))).toHaveProperty(
      'aside',
    );
  });

  it('tells a hard bounce apart from a soft one of the same mail, and takes each once', () => {
    const soft = read(changed('bounce', 'bounce', { bounceType: 'Transient', bounceSubType: 'MailboxFull' }));
    const hard = read(changed('bounce', 'bounce', { bounceType: 'Permanent', bounceSubType: 'General' }));
    expect(soft.happening.key).not.toBe(hard.happening.key);
    expect(read(changed('bounce', 'bounce', { feedbackId: 'another' })).happening.key).toBe(
      read(fixture('bounce')).happening.key,
    );
  });

  it('names the mail in the words of the definition', () => {
    const event = fixture('click');
    Object.assign(event.detail.mail.tags, {
      email: ['three-leaks'],
      workflow: ['guide-to-demo'],
      step: ['three-leaks'],
    });
    expect(read(event).happening.data).toMatchObject({
      email: 'three-leaks',
      workflow: 'guide-to-demo',
      step: 'three-leaks',
      cta: 'pricing',
    });
  });

  it('has one key for an event that comes twice, and different keys for different links', () => {
    const key = read(fixture('click')).happening.key;
    expect(key).toMatch(/^ses:010001a1e4b19325-[0-9a-f-]+:email\.clicked:[0-9a-f]{16}$/);
    expect(read({ ...fixture('click'), id: 'another delivery' }).happening.key).toBe(key);
    expect(read(changed('click', 'click', { link: 'https://www.example.com/other' })).happening.key).not.toBe(key);
  });

  it.each([
    ['open', 'Likely', true],
    ['click', 'Likely', true],
    ['open', 'Unlikely', undefined],
    ['click', undefined, undefined],
  ])('brings who asked beside a %s, to be judged: isBotEvent %s', (name, isBotEvent, bot) => {
    const asked = { isBotEvent, userAgent: 'Mail/1.0', ipAddress: '192.0.2.1', linkTags: null };
    const { act } = read(changed(name, name, asked));
    expect(act).toMatchObject({ type: name, ip: '192.0.2.1', agent: 'Mail/1.0' });
    expect(act?.bot).toBe(bot);
  });

  it('names the mail as its evidence does: when it was sent, and how many links it has', () => {
    const event = fixture('click');
    Object.assign(event.detail.mail.tags, { email: ['three-leaks'], links: ['3'] });
    expect(read(event).mail).toMatchObject({ sentAt: '2026-11-16T14:10:05.221Z', email: 'three-leaks', links: 3 });
  });

  it('tells a link that is followed again from the first time', () => {
    const { key } = read(fixture('click')).happening;
    expect(read(changed('click', 'click', { timestamp: '2026-11-17T09:00:00.000Z' })).happening.key).not.toBe(key);
  });

  it.each([
    ['Permanent', 'General', { bounce: 'hard', reason: 'General' }],
    ['Permanent', 'OnAccountSuppressionList', { bounce: 'hard', suppressed: true }],
    ['Permanent', 'Suppressed', { bounce: 'hard', suppressed: true }],
    ['Transient', 'MailboxFull', { bounce: 'soft' }],
    ['Undetermined', 'Undetermined', { bounce: 'soft' }],
  ])('a bounce %s/%s is %j', (bounceType, bounceSubType, data) => {
    expect(read(changed('bounce', 'bounce', { bounceType, bounceSubType })).happening.data).toMatchObject(data);
  });

  it('takes a complaint for a withdrawal', () => {
    expect(read(fixture('complaint')).happening.consent).toEqual([
      { purpose: 'marketing', action: 'withdrawn', method: 'complaint' },
    ]);
  });

  it.each(['unsubscribe', 'handoffs/answer', 'preferences', 'confirm'])(
    'cuts the token from a link to %s, and marks it as ours',
    (page) => {
      const { happening, act } = read(
        changed('click', 'click', { link: `https://ripen.example/${page}/v1.k1.abc.def?x=1` }),
      );
      expect(happening.data).toMatchObject({ link: `https://ripen.example/${page}`, own: true });
      expect(act).toMatchObject({ link: `https://ripen.example/${page}`, own: true });
    },
  );
});

describe('an SES event is set aside', () => {
  it.each<[string, unknown]>([
    ['when it is no event', null],
    ['when it is another event', { detail: { state: 'running' } }],
    [
      'when its type is unknown',
      { ...fixture('send'), detail: { ...fixture('send').detail, eventType: 'Teleported' } },
    ],
    ['when its payload is missing', { ...fixture('send'), detail: { ...fixture('send').detail, eventType: 'Click' } }],
    ['when its time is none', changed('delivery', 'delivery', { timestamp: 'yesterday' })],
    [
      'when a subscription withdraws nothing',
      changed('subscription', 'subscription', { newTopicPreferences: { unsubscribeAll: false } }),
    ],
  ])('%s', (_, event) => {
    expect(readSesEvent(event)).toEqual({ aside: expect.any(String) });
  });

  it('when it is about a mail of nobody, or to sales', () => {
    const nobody = fixture('open');
    delete nobody.detail.mail.tags.lead_id;
    expect(readSesEvent(nobody)).toEqual({ aside: 'about a mail without the tag lead_id' });
    const sales = fixture('open');
    sales.detail.mail.tags.purpose = ['handoff'];
    expect(readSesEvent(sales)).toEqual({ aside: 'about a mail to sales, not to the lead' });
  });
});
