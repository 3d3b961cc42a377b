import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { countDelivered, countShares, ratesOf } from '../../functions/adapters/rates.ts';
import { type LocalDynamo, startLocalDynamo } from '../local-dynamo.ts';

let local: LocalDynamo;
beforeAll(async () => {
  local = await startLocalDynamo();
});
afterAll(() => local.stop());
afterEach(() => {
  vi.restoreAllMocks();
});

const DAY = '2027-03-01';
const mail = (messageId: string, email: string) => ({
  leadId: 'lead_1',
  messageId,
  sentAt: `${DAY}T09:00:00.000Z`,
  email,
});
const none = { opened: false, openedByPeople: false, clicked: false, clickedByPeople: false };

describe('counting mails that arrive at once', () => {
  it('counts each of them, in fewer writes than mails', async () => {
    const send = vi.spyOn(DynamoDBClient.prototype, 'send');
    await Promise.all(
      Array.from({ length: 200 }, (_, n) => countDelivered(mail(`m${n}`, n % 2 === 0 ? 'news' : 'story'))),
    );
    const rates = await ratesOf([DAY]);
    expect([rates.get('news')?.delivered, rates.get('story')?.delivered]).toEqual([100, 100]);
    const writes = send.mock.calls.filter(([command]) => command instanceof UpdateItemCommand);
    expect(writes.length).toBeLessThan(10);
  });

  it('takes back what a later verdict says, beside what others add', async () => {
    const clicked = { ...none, clicked: true, clickedByPeople: true };
    await Promise.all([
      countShares(mail('c1', 'clicks'), [{ before: none, after: clicked }]),
      countShares(mail('c1', 'clicks'), [{ before: clicked, after: { ...clicked, clickedByPeople: false } }]),
      countShares(mail('c2', 'clicks'), [{ before: none, after: clicked }]),
    ]);
    expect((await ratesOf([DAY])).get('clicks')).toMatchObject({ clicked: 2, clickedByPeople: 1 });
  });
});
