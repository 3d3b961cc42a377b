import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetAccountCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const dynamo = mockClient(DynamoDBClient);
const ses = mockClient(SESv2Client);
const NOW = '2027-03-01T02:00:00.000Z';

/** The pacing of a fresh process, for an account of this rate. `writes` counts what it asked of the table. */
async function paceOf(rate: number) {
  vi.resetModules();
  ses.on(GetAccountCommand).resolves({ SendQuota: { MaxSendRate: rate, Max24HourSend: 1e6, SentLast24Hours: 0 } });
  const counted = new Map<string, number>();
  let writes = 0;
  dynamo.on(UpdateItemCommand).callsFake((input) => {
    writes++;
    const key = `${input.Key.pk.S}|${input.Key.sk.S}`;
    const sum = (counted.get(key) ?? 0) + Number(input.ExpressionAttributeValues[':slots'].N);
    counted.set(key, sum);
    return { Attributes: { nurture: { N: String(sum) } } };
  });
  const { takeSlot } = await import('../../functions/adapters/pace.ts');
  return { takeSlot, writes: () => writes };
}

beforeEach(() => {
  dynamo.reset();
  ses.reset();
  vi.stubEnv('TABLE_NAME', 'table');
});

describe('pacing', () => {
  it.each([
    [14, 12],
    [500, 450],
  ])('of an account of %i a second lets %i mails go in one second, however many come at once', async (rate, slots) => {
    const { takeSlot } = await paceOf(rate);
    const answers = await Promise.all(Array.from({ length: 1000 }, () => takeSlot('nurture', NOW)));
    expect(answers.filter((until) => until === undefined)).toHaveLength(slots);
    for (const until of answers)
      if (until !== undefined) expect(Date.parse(until)).toBeGreaterThan(Date.parse(NOW) + 999);
  });

  it('writes once for ten mails of a quick account, and once more to be refused', async () => {
    const { takeSlot, writes } = await paceOf(500);
    await Promise.all(Array.from({ length: 1000 }, () => takeSlot('nurture', NOW)));
    expect(writes()).toBe(46);
  });

  it('gives fresh slots in the next second', async () => {
    const { takeSlot } = await paceOf(14);
    await Promise.all(Array.from({ length: 30 }, () => takeSlot('nurture', NOW)));
    expect(await takeSlot('nurture', NOW)).toBeDefined();
    expect(await takeSlot('nurture', '2027-03-01T02:00:01.000Z')).toBeUndefined();
  });
});
