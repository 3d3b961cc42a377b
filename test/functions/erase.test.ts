/** Erasing a person: gone at once, deleted to the last item, and not mailed again by mistake. */
import { QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { act } from '../../functions/adapters/act.ts';
import { dueBy } from '../../functions/adapters/due.ts';
import { dynamo, fromItem } from '../../functions/adapters/dynamo.ts';
import { eraseLead } from '../../functions/adapters/erase.ts';
import { claimAt, erasedAt, handoffsOf } from '../../functions/adapters/leads.ts';
import { listLeads } from '../../functions/adapters/lists.ts';
import { sweepDue } from '../../functions/adapters/sweep-due.ts';
import { later } from '../../functions/adapters/table.ts';
import { handler as deliver } from '../../functions/deliver.ts';
import { handler as erase } from '../../functions/erase.ts';
import { handler as exports_ } from '../../functions/export.ts';
import { mergedAway } from '../../functions/lead/merging.ts';
import { handler as merge } from '../../functions/merge.ts';
import { handler as park } from '../../functions/park.ts';
import { handler as send } from '../../functions/send.ts';
import { handler as wipe } from '../../functions/wipe.ts';
import {
  beforeCall,
  calm,
  crash,
  enrolledLead,
  happens,
  leadOf,
  MONDAY,
  mails,
  messages,
  setNow,
  taskOf,
  unsubscribes,
  useWorld,
  wakes,
} from './nurture-world.ts';
import { address, newAddress, postGuide } from './recipients-world.ts';
import { answerOf, requestEvent } from './requests.ts';

useWorld();

const DAY = 86_400_000;
const forget = async (id: string) =>
  answerOf(await erase(requestEvent({ method: 'DELETE', path: `/api/leads/${id}`, params: { id } })));
const wiping = (leadId: string) => wipe({ detail: { leadId } });

/** The sort keys of what stands in a lead's partition. */
async function itemsOf(leadId: string): Promise<string[]> {
  const { Items = [] } = await dynamo.send(
    new QueryCommand({
      TableName: process.env.TABLE_NAME,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `LEAD#${leadId}` } },
    }),
  );
  return Items.map((item) => String(fromItem(item).sk));
}
/** The whole table as text. */
async function everything(): Promise<string> {
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: process.env.TABLE_NAME }));
  return JSON.stringify(Items);
}

describe('a person who is erased', () => {
  it('is found by nobody from that moment on, and answered the same when asked again', async () => {
    const email = newAddress();
    const { id } = await postGuide(email);
    const answer = await forget(id);
    expect(answer.statusCode).toBe(202);
    expect(answer.json).toEqual({ id, erased: MONDAY });
    await expect(leadOf(id)).rejects.toThrow();
    expect(
      await act({ leadId: id }, [{ key: 'x', type: 'page.viewed', at: MONDAY, actor: 'human', data: {} }], {
        at: MONDAY,
      }),
    ).toEqual({ kind: 'unknown' });
    const listed = await listLeads({ limit: 100, keep: () => true });
    expect(listed.items.map((lead) => lead.id)).not.toContain(id);
    setNow(later(MONDAY, DAY));
    expect((await forget(id)).json).toEqual({ id, erased: MONDAY });
    expect(messages('lead.erase')).toHaveLength(1);
  });

  it('leaves nothing behind but a mark, a hash and a count', async () => {
    const email = newAddress();
    const { id } = await postGuide(email, { fields: { name: 'Unforgettable Name' } });
    await forget(id);
    await wiping(id);
    expect(await itemsOf(id)).toEqual(['PROFILE']);
    const all = await everything();
    expect(all).not.toContain(email);
    expect(all).not.toContain('Unforgettable');
    expect(all).toContain('"ERASED"');
    expect(await claimAt(address(email))).toEqual({ stopped: { reason: 'unsubscribed', at: MONDAY } });
    await wiping(id);
    expect(await itemsOf(id)).toEqual(['PROFILE']);
  });

  it('is unknown to a caller who made the id up', async () => {
    for (const id of [`lead_${'0'.repeat(26)}`, 'x', '']) expect((await forget(id)).statusCode).toBe(404);
  });

  it('has no data to hand out', async () => {
    const { id } = await postGuide(newAddress());
    await forget(id);
    const answer = answerOf(await exports_(requestEvent({ path: `/api/leads/${id}/export`, params: { id } })));
    expect(answer.statusCode).toBe(404);
    expect(answer.body).toContain('the data is gone');
  });
});

describe('deleting', () => {
  it('of a long history goes on in pages, wherever it was stopped', async () => {
    const { id } = await postGuide(newAddress());
    const views = Array.from({ length: 230 }, (_, i) => ({
      key: `view:${i}`,
      type: 'page.viewed',
      at: MONDAY,
      actor: 'human' as const,
      data: { page: `/${i}` },
    }));
    for (let i = 0; i < views.length; i += 46) await act({ leadId: id }, views.slice(i, i + 46), { at: MONDAY });
    await forget(id);
    beforeCall('BatchWriteItem', () => undefined);
    beforeCall('BatchWriteItem', crash);
    await expect(wiping(id)).rejects.toThrow();
    expect((await itemsOf(id)).length).toBeGreaterThan(2);
    // The sweeper comes back, since the item that is due is the last to go.
    const [due] = (await dueBy(later(MONDAY, 120_000), 100)).filter(
      ({ sk, pk }) => sk === 'ERASING' && pk === `LEAD#${id}`,
    );
    if (!due) throw new Error('Nothing is due.');
    calm();
    await sweepDue(due, later(MONDAY, 120_000));
    expect(messages('lead.erase')).toMatchObject([{ leadId: id }]);
    await wiping(id);
    expect(await itemsOf(id)).toEqual(['PROFILE']);
  });

  it('touches nobody who was not marked', async () => {
    const { id } = await postGuide(newAddress());
    const before = await itemsOf(id);
    await wiping(id);
    expect(await itemsOf(id)).toEqual(before);
  });

  it('ends the machines that wait: of a step, and of an open handoff', async () => {
    const { leadId, enrolmentId } = await enrolledLead();
    const waiting = { ...(await taskOf({ leadId, enrolmentId }, 'three-leaks')), token: 'nurture-token', attempt: 1 };
    await happens(leadId, 'demo.requested', {});
    const [handoff] = await handoffsOf(leadId);
    expect(handoff?.status).toBe('pending');
    const { handler: task } = await import('../../functions/handoff.ts');
    const at = { leadId, handoffId: handoff?.id };
    await task({ task: 'assign', ...at });
    await task({ task: 'await', ...at, token: 'sales-token', attempt: 1 });
    await forget(leadId);
    await wiping(leadId);
    expect(wakes()).toContainEqual({ token: 'sales-token', output: { outcome: 'done' } });
    expect(await task({ task: 'look', ...at })).toMatchObject({ outcome: 'done' });
    await park(waiting);
    expect(wakes()).toContainEqual({ token: 'nurture-token', output: expect.objectContaining({ outcome: 'ended' }) });
  });
});

describe('a writer that is on its way', () => {
  it('does not mail: not the step that has read the lead', async () => {
    const { leadId, enrolmentId } = await enrolledLead();
    const task = await taskOf({ leadId, enrolmentId }, 'three-leaks');
    setNow(later(MONDAY, 2 * DAY));
    beforeCall(
      'TransactWriteItems',
      async () => void (await eraseLead(leadId, later(MONDAY, 2 * DAY), { keepsNo: true })),
    );
    await expect(send(task)).rejects.toThrow();
    expect(mails()).toEqual([]);
  });

  it('does not deliver', async () => {
    const { leadId } = await enrolledLead();
    const message = messages('deliver.requested').find((one) => one.leadId === leadId);
    beforeCall('TransactWriteItems', async () => void (await eraseLead(leadId, MONDAY, { keepsNo: true })));
    await deliver({ detail: message });
    expect(mails()).toEqual([]);
  });

  it('does not bring the lead back: a post of the same address makes a new one', async () => {
    const email = newAddress();
    const { id } = await postGuide(email);
    beforeCall('TransactWriteItems', async () => void (await eraseLead(id, MONDAY, { keepsNo: true })));
    const again = await postGuide(email, {}, later(MONDAY, 1000));
    expect(again.id).not.toBe(id);
    expect(await erasedAt(id)).toBe(MONDAY);
    // The no that outlived the first one was read with the address.
    expect(again).toMatchObject({ stopped: { reason: 'unsubscribed' }, consents: { marketing: { state: 'pending' } } });
  });
});

describe('a later lead of the same address', () => {
  it.each<[string, (id: string) => Promise<unknown>, object]>([
    ['who just left', async () => undefined, { stopped: { reason: 'unsubscribed' } }],
    ['who had unsubscribed', (id) => unsubscribes(id), { stopped: { reason: 'unsubscribed' } }],
    [
      'whose mail bounced',
      (id) => happens(id, 'email.bounced', { actor: 'machine', data: { bounce: 'hard', email: 'x' } }),
      { suppressed: { reason: 'bounced' }, stopped: { reason: 'bounced' } },
    ],
    [
      'who complained',
      (id) => happens(id, 'email.complained', { actor: 'machine', data: { email: 'x' } }),
      { suppressed: { reason: 'complained' }, stopped: { reason: 'complained' } },
    ],
  ])('%s inherits what stood, and a tick waits to be confirmed', async (_, happened, expected) => {
    const email = newAddress();
    const { id } = await postGuide(email);
    await happened(id);
    await forget(id);
    const consent = [{ purpose: 'marketing', action: 'granted', method: 'box' } as const];
    const lead = await postGuide(email, { consent }, later(MONDAY, DAY));
    expect(lead.id).not.toBe(id);
    expect(lead).toMatchObject({ ...expected, consents: { marketing: { state: 'pending' } } });
    // Erased once more, it is kept still.
    await forget(lead.id);
    expect(await claimAt(address(email))).toMatchObject(expected);
  });
});

describe('a person who was two leads', () => {
  it('is erased under both addresses, and what was still going over goes, too', async () => {
    const [one, two] = [newAddress(), newAddress()];
    const [from, into] = [await postGuide(one), await postGuide(two)];
    const hand = { id: 'merge-1', who: 'an@example.com' };
    await act({ leadId: from.id }, [mergedAway(from.id, into.id, hand, later(MONDAY, 1000))], {
      at: later(MONDAY, 1000),
    });
    await forget(from.id);
    await wiping(into.id);
    await merge({ detail: { leadId: from.id } });
    expect(messages('lead.erase').map(({ leadId }) => leadId)).toEqual([into.id, into.id]);
    await wiping(into.id);
    expect(await itemsOf(into.id)).toEqual(['PROFILE']);
    expect(await itemsOf(from.id)).toEqual(['PROFILE']);
    const all = await everything();
    for (const address_ of [one, two]) expect(all).not.toContain(address_);
    for (const again of [one, two]) {
      const lead = await postGuide(again, {}, later(MONDAY, DAY));
      expect([from.id, into.id]).not.toContain(lead.id);
      expect(lead).toMatchObject({ stopped: { reason: 'unsubscribed' } });
    }
  });
});
