import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { act } from '../../functions/adapters/act.ts';
import { dynamo, putItem } from '../../functions/adapters/dynamo.ts';
import { eraseLead } from '../../functions/adapters/erase.ts';
import { enrolmentsOf, loadLead, loadSend, pendingActs, readLog } from '../../functions/adapters/leads.ts';
import { sendItem } from '../../functions/adapters/table.ts';
import type { Send } from '../../functions/lead/lead.ts';
import { mergedAway } from '../../functions/lead/merging.ts';
import { handler as merge } from '../../functions/merge.ts';
import { handler } from '../../functions/record.ts';
import { handler as wipe } from '../../functions/wipe.ts';
import { isDecision, refuse } from '../adapters/contention.ts';
import { AT } from '../adapters/example-definition.ts';
import { address, guidePost } from '../adapters/happenings.ts';
import { everyItem } from '../local-dynamo.ts';
import { leadOf, setTime, startWorld, type World } from './world.ts';

let world: World;
let leadId: string;
beforeAll(async () => {
  world = await startWorld();
  await act({ email: address('reader@ses.example') }, guidePost('form:1'), { at: AT });
  leadId = (await leadOf('reader@ses.example')).id;
});
afterAll(() => world.stop());
beforeEach(() => {
  setTime('2027-03-02T02:00:00.000Z');
  world.quiet();
});

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'ses-events');
let nth = 0;

/** A recorded event about one of our mails, with tags as we set them. */
function sesEvent(name: string, tags: Record<string, string> = {}, messageId = `message-${nth++}`) {
  const event = JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8'));
  const all = { lead_id: leadId, email: 'three-leaks', ...tags };
  event.detail.mail.messageId = messageId;
  event.detail.mail.tags = Object.fromEntries(Object.entries(all).map(([tag, value]) => [tag, [value]]));
  return event;
}

const sendOf = async (status: Send['status'], id: string, of = leadId): Promise<Send> => {
  const send: Send = {
    id,
    leadId: of,
    status,
    email: 'three-leaks',
    language: 'en',
    definition: 'a'.repeat(64),
    attempt: 'a1',
    leaseUntil: AT,
    at: AT,
  };
  await putItem(sendItem(send, AT));
  return send;
};

const aside = async () => (await everyItem()).filter(({ pk }) => String(pk).startsWith('ASIDE#'));
const versionOf = async () => (await leadOf('reader@ses.example')).version;

describe('a Send event', () => {
  it.each(['claimed', 'unknown', 'held'] as const)('proves that a send which is %s was sent', async (status) => {
    const { id } = await sendOf(status, `snd_${status}`);
    const before = await versionOf();
    await handler(sesEvent('send', { send_id: id }, 'm-1'));
    expect(await loadSend(leadId, id)).toMatchObject({ status: 'sent', messageId: 'm-1' });
    expect(await versionOf()).toBe(before);
  });

  it('about a send that nobody knows, or that is settled, changes nothing', async () => {
    await handler(sesEvent('send', { send_id: 'snd_none' }));
    expect(await loadSend(leadId, 'snd_none')).toBeUndefined();
    await sendOf('refused', 'snd_refused');
    await handler(sesEvent('send', { send_id: 'snd_refused' }));
    expect(await loadSend(leadId, 'snd_refused')).toMatchObject({ status: 'refused' });
  });

  it('about a send that is settled is a read, and no write', async () => {
    const { id } = await sendOf('sent', 'snd_settled');
    const calls = vi.spyOn(dynamo, 'send');
    await handler(sesEvent('send', { send_id: id }));
    expect(calls.mock.calls.map(([command]) => command.constructor.name)).toEqual(['GetItemCommand']);
    calls.mockRestore();
  });

  it('about a mail to sales settles its send, and is nothing that happened to the lead', async () => {
    const log = await readLog(leadId);
    const { id } = await sendOf('unknown', 'snd_sales');
    await handler(sesEvent('send', { send_id: id, purpose: 'handoff' }));
    expect(await loadSend(leadId, id)).toMatchObject({ status: 'sent' });
    await handler(sesEvent('click', { send_id: id, purpose: 'handoff' }));
    expect(await readLog(leadId)).toEqual(log);
  });
});

describe('a Delivery event', () => {
  it('marks the send alone, once, although it comes before the Send event', async () => {
    const { id } = await sendOf('claimed', 'snd_delivered');
    const before = await versionOf();
    await handler(sesEvent('delivery', { send_id: id }));
    const first = await loadSend(leadId, id);
    expect(first).toMatchObject({ status: 'sent', deliveredAt: '2026-11-16T14:10:07.894Z' });
    await handler(sesEvent('delivery', { send_id: id }));
    await handler(sesEvent('send', { send_id: id }));
    expect(await loadSend(leadId, id)).toEqual(first);
    expect(await versionOf()).toBe(before);
  });
});

describe('an event about a mail of a lead that was merged into another one', () => {
  it('settles the send where it is now, and leaves nothing with the one that was given up', async () => {
    for (const name of ['went', 'kept'])
      await act({ email: address(`${name}@ses.example`) }, guidePost(`form:${name}`), { at: AT });
    const [from, into] = [(await leadOf('went@ses.example')).id, (await leadOf('kept@ses.example')).id];
    const { id } = await sendOf('unknown', 'snd_went', from);
    await act({ leadId: from }, [mergedAway(from, into, { id: 'm', who: 'an@example.com' }, AT)], { at: AT });
    await merge({ detail: { leadId: from } });
    const tags = { lead_id: from, send_id: id };
    await handler(sesEvent('send', tags, 'm-9'));
    expect(await loadSend(into, id)).toMatchObject({ status: 'sent', messageId: 'm-9' });
    await handler(sesEvent('delivery', tags, 'm-9'));
    expect((await loadSend(into, id))?.deliveredAt).toBeDefined();
    const left = (await everyItem()).filter(({ pk }) => pk === `LEAD#${from}`);
    expect(left.map(({ sk }) => sk)).toEqual(['PROFILE']);
  });

  it('leaves nothing with a person who was forgotten', async () => {
    await act({ email: address('forgotten@ses.example') }, guidePost('form:1'), { at: AT });
    const { id } = await leadOf('forgotten@ses.example');
    await eraseLead(id, AT, { keepsNo: true });
    await wipe({ detail: { leadId: id } });
    await handler(sesEvent('delivery', { lead_id: id, send_id: 'snd_gone' }));
    expect((await everyItem()).filter(({ pk }) => pk === `LEAD#${id}`).map(({ sk }) => sk)).toEqual(['PROFILE']);
  });
});

describe('a Click event', () => {
  it('gains points once, however often it is delivered', async () => {
    const event = sesEvent('click');
    await Promise.all([handler(event), handler(event)]);
    await handler(event);
    expect((await leadOf('reader@ses.example')).values['email-click']?.value).toBe(6);
    expect((await readLog(leadId)).filter(({ type }) => type === 'email.clicked')).toHaveLength(1);
  });

  it('of a machine is on record and gains nothing', async () => {
    const event = sesEvent('click', { email: 'another' });
    event.detail.click.isBotEvent = 'Likely';
    const before = (await leadOf('reader@ses.example')).values;
    await handler(event);
    expect((await leadOf('reader@ses.example')).values).toEqual(before);
    expect((await readLog(leadId)).some(({ type, actor }) => type === 'email.clicked' && actor === 'machine')).toBe(
      true,
    );
  });
});

describe('bad news', () => {
  it('of a hard bounce stops all mail and ends the enrolment', async () => {
    await act({ email: address('gone@ses.example') }, guidePost('form:1'), { at: AT });
    const { id } = await leadOf('gone@ses.example');
    world.quiet();
    await handler(sesEvent('bounce', { lead_id: id }));
    expect(await leadOf('gone@ses.example')).toMatchObject({
      suppressed: { reason: 'bounced' },
      emailStatus: 'undeliverable',
    });
    expect(await enrolmentsOf(id)).toMatchObject([{ status: 'ended', reason: 'bounced' }]);
  });

  describe('that has to be judged later, because others are always quicker', () => {
    const isStop = (command: unknown): boolean =>
      command instanceof UpdateItemCommand && !!command.input.UpdateExpression?.includes('suppressed');
    afterEach(() => void vi.restoreAllMocks());

    it('stops all mail at once', async () => {
      await act({ email: address('slow@ses.example') }, guidePost('form:1'), { at: AT });
      const { id } = await leadOf('slow@ses.example');
      refuse(isDecision);
      await handler(sesEvent('bounce', { lead_id: id }));
      expect(await pendingActs(id)).toHaveLength(1);
      expect(await leadOf('slow@ses.example')).toMatchObject({ suppressed: { reason: 'bounced' } });
    });

    it('stops the lead into which that of the mail was merged', async () => {
      for (const name of ['given-up', 'survivor'])
        await act({ email: address(`${name}@ses.example`) }, guidePost(`form:${name}`), { at: AT });
      const [from, into] = [(await leadOf('given-up@ses.example')).id, (await leadOf('survivor@ses.example')).id];
      await act({ leadId: from }, [mergedAway(from, into, { id: 'm2', who: 'an@example.com' }, AT)], { at: AT });
      await merge({ detail: { leadId: from } });
      refuse(isDecision);
      await handler(sesEvent('bounce', { lead_id: from }));
      expect((await loadLead(into))?.suppressed).toMatchObject({ reason: 'bounced' });
    });

    it('stops it when the event comes again, where the first try broke off before that', async () => {
      await act({ email: address('broken@ses.example') }, guidePost('form:1'), { at: AT });
      const { id } = await leadOf('broken@ses.example');
      const event = sesEvent('bounce', { lead_id: id });
      refuse(isDecision, isStop);
      await expect(handler(event)).rejects.toThrow('cancelled');
      vi.restoreAllMocks();
      refuse(isDecision);
      await handler(event);
      expect(await leadOf('broken@ses.example')).toMatchObject({ suppressed: { reason: 'bounced' } });
    });
  });

  it('of a complaint stops all mail', async () => {
    await act({ email: address('angry@ses.example') }, guidePost('form:1'), { at: AT });
    const { id } = await leadOf('angry@ses.example');
    await handler(sesEvent('complaint', { lead_id: id }));
    expect(await leadOf('angry@ses.example')).toMatchObject({ suppressed: { reason: 'complained' } });
  });
});

describe('an event that fits nothing', () => {
  it.each([
    ['is none of SES', () => ({ detail: {} })],
    [
      'is of a type that nobody knows',
      () => Object.assign(sesEvent('send'), { detail: { ...sesEvent('send').detail, eventType: 'Party' } }),
    ],
    ['is about a lead that does not exist', () => sesEvent('click', { lead_id: `lead_${'0'.repeat(26)}` })],
    ['has no tag of a lead', () => sesEvent('open', { lead_id: '' })],
  ])('is set aside without an address, and not retried: it %s', async (_, event) => {
    const before = (await aside()).length;
    await handler(event());
    const kept = await aside();
    expect(kept).toHaveLength(before + 1);
    expect(JSON.stringify(kept)).not.toContain('@');
  });

  it.each(['open', 'reject', 'delivery-delay', 'rendering-failure', 'subscription'])(
    '%s is taken without a fault',
    async (name) => {
      await expect(handler(sesEvent(name))).resolves.toBeUndefined();
    },
  );
});
