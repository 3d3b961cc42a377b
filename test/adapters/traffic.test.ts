import { type BatchGetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dynamo, putItem, toItem, values } from '../../functions/adapters/dynamo.ts';
import {
  type Known,
  knownAbout,
  noteAct,
  noteCrowd,
  noteDelivery,
  noteTold,
} from '../../functions/adapters/traffic.ts';
import { trafficKey } from '../../functions/adapters/traffic-items.ts';
import type { MailAct, MailRef } from '../../functions/lead/traffic.ts';
import { type LocalDynamo, startLocalDynamo } from '../local-dynamo.ts';
import { AT } from './example-definition.ts';

let local: LocalDynamo;
beforeAll(async () => {
  local = await startLocalDynamo();
});
afterAll(() => local.stop());

const mail = { leadId: 'lead_1', messageId: 'm1', sentAt: AT, email: 'guide' };
const click = (id: string): MailAct => ({
  id,
  key: `ses:m1:click:${id}`,
  type: 'click',
  at: AT,
  link: 'a',
  ip: '192.0.2.1',
});

describe('what is known of a mail', () => {
  it('tells the acts that are noted now beside those that were stored as attributes', async () => {
    const Item = toItem({ ...trafficKey(mail.leadId, mail.messageId), n: 1, sentAt: AT, act_1: click('1') });
    await dynamo.send(new PutItemCommand({ TableName: local.table, Item }));
    await noteAct(mail, click('2'), true);
    const { evidence, told, n } = await knownAbout(mail);
    expect(evidence.acts.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([click('1'), click('2')]);
    expect([[...told], n]).toEqual([['2'], 2]);
  });
});

describe('steps that come at once', () => {
  const LATER = '2027-03-01T12:00:05.000Z';
  type Taken = (mail: MailRef) => Promise<Known | undefined>;
  const taken: fc.Arbitrary<Taken> = fc.oneof(
    fc.tuple(fc.constantFrom('1', '2', '3'), fc.boolean()).map(
      ([id, told]) =>
        (to: MailRef) =>
          noteAct(to, click(id), told),
    ),
    fc.constantFrom(AT, LATER).map((at) => (to: MailRef) => noteDelivery(to, at)),
    fc.constantFrom('1', '2').map((id) => (to: MailRef) => noteTold(to, [id], AT)),
    fc.constantFrom('1', '2').map((id) => (to: MailRef) => noteCrowd(to, id, AT)),
  );
  const plain = (known: Known | undefined) =>
    known && {
      n: known.n,
      told: [...known.told].toSorted(),
      crowd: [...known.evidence.crowd].toSorted(),
      acts: known.evidence.acts.map(({ id }) => id).toSorted(),
      deliveredAt: known.evidence.deliveredAt,
      mail: { email: known.mail.email, sentAt: known.evidence.sentAt },
    };
  let mails = 0;
  const newMails = (count: number) => Array.from({ length: count }, () => ({ ...mail, messageId: `many-${mails++}` }));

  it('on different mails each tell what they would tell alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(taken, { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 6 }),
        async (all) => {
          const [alone, together] = [newMails(all.length), newMails(all.length)];
          const expected: unknown[][] = all.map(() => []);
          for (const [i, steps] of all.entries())
            for (const step of steps) expected[i]?.push(plain(await step(alone[i] as MailRef)));
          const told: unknown[][] = all.map(() => []);
          for (let round = 0; round < 5; round++) {
            const steps = all.flatMap((own, i) => own.slice(round, round + 1).map((step) => ({ i, step })));
            const known = await Promise.all(steps.map(({ i, step }) => step(together[i] as MailRef)));
            for (const [k, { i }] of steps.entries()) told[i]?.push(plain(known[k]));
          }
          expect(told).toEqual(expected);
          const stored = async (one: MailRef) => plain(await knownAbout(one));
          expect(await Promise.all(together.map(stored))).toEqual(await Promise.all(alone.map(stored)));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('on one mail are each a step of their own, and none is lost', async () => {
    const [one] = newMails(1) as [MailRef];
    const [other] = newMails(1) as [MailRef];
    const ids = Array.from({ length: 12 }, (_, i) => String(i));
    const known = await Promise.all(
      ids.flatMap((id) => [noteAct(one, click(id), true), noteAct(other, click(id), false)]),
    );
    const steps = known.filter((_, i) => i % 2 === 0).map(({ n }) => n);
    expect(steps.toSorted((a, b) => a - b)).toEqual(ids.map((_, i) => i + 1));
    expect((await knownAbout(one)).evidence.acts).toHaveLength(12);
  });

  it('stand upon what another process wrote meanwhile', async () => {
    const [one, other] = newMails(2) as [MailRef, MailRef];
    await noteAct(one, click('1'), true);
    const seen = vi.spyOn(dynamo, 'send');
    const raced = vi.fn(async () => {
      const update = { TableName: local.table, Key: toItem(trafficKey(one.leadId, one.messageId)) };
      await dynamo.send(
        new UpdateItemCommand({
          ...update,
          UpdateExpression: 'SET deliveredAt = :at ADD n :one',
          ExpressionAttributeValues: values({ ':at': LATER, ':one': 1 }),
        }),
      );
    });
    seen.mockImplementation(async (command: unknown) => {
      seen.mockRestore();
      const read = await dynamo.send(command as BatchGetItemCommand);
      await raced();
      return read as never;
    });
    const [known] = await Promise.all([noteAct(one, click('2'), true), noteAct(other, click('2'), true)]);
    expect(raced).toHaveBeenCalledOnce();
    expect(plain(known)).toMatchObject({ n: 3, deliveredAt: LATER, acts: ['1', '2'] });
  });

  it('on a mail of which nothing is known make nothing of a crowd', async () => {
    const [one, other] = newMails(2) as [MailRef, MailRef];
    expect(await Promise.all([noteCrowd(one, '1', AT), noteCrowd(other, '1', AT)])).toEqual([undefined, undefined]);
    expect((await knownAbout(one)).evidence.acts).toEqual([]);
  });

  it('are judged beside all that was kept where there were too many', async () => {
    const [one, other] = newMails(2) as [MailRef, MailRef];
    await putItem({ ...trafficKey(one.leadId, one.messageId), n: 600, sentAt: AT } as never);
    const [known] = await Promise.all([noteAct(one, click('1'), true), noteAct(other, click('1'), true)]);
    expect(plain(known)).toMatchObject({ n: 600, acts: ['1'], told: ['1'] });
    expect((await knownAbout(one)).evidence.acts).toEqual([]);
  });
});
