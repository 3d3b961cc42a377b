/** A mail that was asked for goes out once, also where its lead is merged into another one, or that one into it. */
import { SendEmailCommand, SendingPausedException } from '@aws-sdk/client-sesv2';
import { beforeEach, describe, expect, it } from 'vitest';
import { act } from '../../functions/adapters/act.ts';
import { dueBy } from '../../functions/adapters/due.ts';
import { deleteItem, putItem } from '../../functions/adapters/dynamo.ts';
import { loadSend } from '../../functions/adapters/leads.ts';
import { sweepDue } from '../../functions/adapters/sweep-due.ts';
import { later, sendItem, sendKey } from '../../functions/adapters/table.ts';
import { handler as ask } from '../../functions/ask.ts';
import { handler as deliver } from '../../functions/deliver.ts';
import { derivedId } from '../../functions/lead/id.ts';
import type { Send } from '../../functions/lead/lead.ts';
import { mergedAway } from '../../functions/lead/merging.ts';
import { handler as merge } from '../../functions/merge.ts';
import { leadOf, MONDAY, mails, messages, onlySend, ses, setNow, useWorld } from './nurture-world.ts';
import { newAddress, postGuide } from './recipients-world.ts';

const HOUR = 3_600_000;
const QUARTER = 15 * 60_000;
const PAUSED = new SendingPausedException({ $metadata: {}, message: 'paused' });
useWorld();

/** Mails that are asked for, and how each is. */
const KINDS = {
  'the mail of a form': {
    kind: 'deliver',
    message: 'deliver.requested',
    post: {},
    run: (detail: object) => deliver({ detail }),
  },
  'the mail that asks to confirm': {
    kind: 'confirm',
    message: 'consent.asked',
    post: { data: { form: 'newsletter' } },
    run: (detail: object) => ask({ 'detail-type': 'consent.asked', detail }),
  },
} as const;

describe.each(Object.entries(KINDS))('%s', (_, { kind, message, post, run }) => {
  /** Who posted, and an older lead of the same person that asked for nothing. */
  let poster: string;
  let older: string;
  let request: Record<string, unknown>;

  beforeEach(async () => {
    older = (await postGuide(newAddress(), { consent: [], at: later(MONDAY, -HOUR) }, later(MONDAY, -HOUR))).id;
    poster = (await postGuide(newAddress(), post)).id;
    request = messages(message).find(({ leadId }) => leadId === poster) ?? {};
  });

  async function givesUp(from: string, into: string): Promise<void> {
    const at = later(MONDAY, 1000);
    await act({ leadId: from }, [mergedAway(from, into, { id: `m-${from}`, who: 'an@example.com' }, at)], { at });
  }
  async function merged(from: string, into: string): Promise<string> {
    await givesUp(from, into);
    await merge({ detail: { leadId: from } });
    return into;
  }

  /** @returns how many mails were due and seen to, whoever has them. */
  async function sweep(at: string): Promise<number> {
    setNow(at);
    const known = messages(message).length;
    const due = (await dueBy(at, 100)).filter(
      ({ pk, sk }) => [poster, older].some((id) => pk === `LEAD#${id}`) && sk.startsWith('SEND#'),
    );
    for (const one of due) await sweepDue(one, at);
    for (const detail of messages(message).slice(known)) await run(detail);
    return due.length;
  }

  it.each<[string, () => Promise<string>]>([
    ['an older lead was merged into that of the post', () => merged(older, poster)],
    ['the lead of the post was merged into an older one', () => merged(poster, older)],
  ])('goes out once, though %s before the message came again', async (_, merging) => {
    await run(request);
    const kept = await merging();
    await run(request);
    await run({ ...request, leadId: kept });
    expect(mails()).toHaveLength(1);
    expect(await onlySend(kept)).toMatchObject({ status: 'sent' });
  });

  it.each<[string, () => Promise<string>]>([
    ['an older lead was merged into that of the post', () => merged(older, poster)],
    ['the lead of the post was merged into an older one', () => merged(poster, older)],
  ])('that is held goes out once and is not due any more, though %s', async (_, merging) => {
    ses.on(SendEmailCommand).rejectsOnce(PAUSED).resolves({ MessageId: 'm' });
    await run(request);
    const kept = await merging();
    expect(await sweep(later(MONDAY, QUARTER))).toBe(1);
    expect(await onlySend(kept)).toMatchObject({ status: 'sent', messageId: 'm' });
    expect(await sweep(later(MONDAY, HOUR))).toBe(0);
  });

  it('goes out where its lead was merged before anybody sent it', async () => {
    await merged(poster, older);
    await run(request);
    expect(mails()).toHaveLength(1);
    expect(await onlySend(older)).toMatchObject({ status: 'sent', leadId: older });
  });

  it('goes out once, though its message comes again while its lead goes over', async () => {
    await run(request);
    await givesUp(poster, older);
    await run(request);
    await merge({ detail: { leadId: poster } });
    await run(request);
    expect(mails()).toHaveLength(1);
    expect(await onlySend(older)).toMatchObject({ status: 'sent' });
  });

  describe('that was claimed under the id of old, from the time at which its lead was made,', () => {
    /** As it would stand there: `until` when it is due. */
    async function asOfOld(createdAt: string, until?: string): Promise<Send> {
      const send = await onlySend(poster);
      if (!send) throw new Error('There is no send.');
      const old = { ...send, id: derivedId('snd', createdAt, kind, String(request.eventId)) };
      await deleteItem(sendKey(poster, send.id));
      await putItem(sendItem(old, until));
      return old;
    }

    it('does not go out again', async () => {
      await run(request);
      const { id } = await asOfOld(later(MONDAY, -5));
      await merged(older, poster);
      await run(request);
      expect(mails()).toHaveLength(1);
      expect(await onlySend(poster)).toMatchObject({ id, status: 'sent' });
    });

    it('and is held, goes out once and is not due any more', async () => {
      ses.on(SendEmailCommand).rejectsOnce(PAUSED).resolves({ MessageId: 'm' });
      await run(request);
      const { id } = await asOfOld(later(MONDAY, -5), later(MONDAY, QUARTER));
      await merged(older, poster);
      expect(await sweep(later(MONDAY, QUARTER))).toBe(1);
      expect(await onlySend(poster)).toMatchObject({ id, status: 'sent' });
      expect(await sweep(later(MONDAY, HOUR))).toBe(0);
    });

    it('and was held when a merge made a second one go out, is skipped', async () => {
      ses.on(SendEmailCommand).rejectsOnce(PAUSED).resolves({ MessageId: 'm' });
      await run(request);
      const old = await asOfOld(later(MONDAY, -5), later(MONDAY, QUARTER));
      await putItem(sendItem({ ...old, id: derivedId('snd', later(MONDAY, -9), kind, 'x'), status: 'sent' }));
      expect(await sweep(later(MONDAY, QUARTER))).toBe(1);
      expect(mails()).toHaveLength(1);
      expect(await loadSend(poster, old.id)).toMatchObject({
        status: 'skipped',
      });
      expect(await sweep(later(MONDAY, HOUR))).toBe(0);
    });
  });

  it('keeps its id, whatever its lead becomes', async () => {
    await run(request);
    const { createdAt } = await leadOf(poster);
    const id = (await onlySend(poster))?.id;
    await merged(older, poster);
    expect((await leadOf(poster)).createdAt < createdAt).toBe(true);
    await deleteItem(sendKey(poster, String(id)));
    await run(request);
    expect((await onlySend(poster))?.id).toBe(id);
  });
});
