import { DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { seenWith } from '../../functions/adapters/crowd.ts';
import { getItem, putItem } from '../../functions/adapters/dynamo.ts';
import { crowdKey, hoursAround } from '../../functions/adapters/traffic-items.ts';
import type { Seen } from '../../functions/lead/traffic-crowd.ts';
import { type LocalDynamo, startLocalDynamo } from '../local-dynamo.ts';

let local: LocalDynamo;
beforeAll(async () => {
  local = await startLocalDynamo();
});
afterAll(() => local.stop());
afterEach(() => {
  vi.restoreAllMocks();
});

const AGENT = 'Mozilla/5.0';
const AT = '2027-03-01T12:00:00.000Z';
const [HOUR = 0] = hoursAround(AT, 0);
const seen = (lead: number): Seen => ({ leadId: `lead_${lead}`, messageId: `m${lead}`, actId: `a${lead}`, at: AT });
const leads = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const stored = async (ip: string) =>
  [...(((await getItem(crowdKey(ip, AGENT, HOUR)))?.seen ?? new Set()) as Set<string>)].toSorted();

describe('clicks of one address and agent', () => {
  it('that come one after the other are a crowd from the fifth lead on, which tells the four before it', async () => {
    const crowds = [];
    for (const lead of leads(5)) crowds.push(await seenWith('203.0.113.1', AGENT, seen(lead)));
    expect(crowds.map(({ own }) => own)).toEqual([false, false, false, false, true]);
    expect(crowds[4]?.tell.map(({ leadId }) => leadId).toSorted()).toEqual(leads(4).map((lead) => `lead_${lead}`));
  });

  it('that come at once are noted in one write and looked up in one read, and each knows itself in the crowd or is told by another', async () => {
    const send = vi.spyOn(DynamoDBClient.prototype, 'send');
    const crowds = await Promise.all(leads(6).map((lead) => seenWith('203.0.113.2', AGENT, seen(lead))));
    const known = new Set(
      crowds.flatMap(({ own, tell }, i) => [...(own ? [`a${i + 1}`] : []), ...tell.map(({ actId }) => actId)]),
    );
    expect([...known].toSorted()).toEqual(leads(6).map((lead) => `a${lead}`));
    expect(send).toHaveBeenCalledTimes(2);
    expect(await stored('203.0.113.2')).toHaveLength(6);
  });

  it('that come at once from several addresses are noted in one transaction, and are no crowd', async () => {
    const send = vi.spyOn(DynamoDBClient.prototype, 'send');
    const crowds = await Promise.all(leads(5).map((lead) => seenWith(`198.51.100.${lead}`, AGENT, seen(lead))));
    expect(crowds.every(({ own }) => !own)).toBe(true);
    expect(send.mock.calls.filter(([command]) => command instanceof TransactWriteItemsCommand)).toHaveLength(1);
  });

  it('that come when as many are noted as ever are stand in the crowd of those, and are not kept', async () => {
    const full = new Set(leads(50).map((lead) => Object.values(seen(lead)).join(' ')));
    await putItem({ ...crowdKey('203.0.113.3', AGENT, HOUR), seen: full } as never);
    const crowds = await Promise.all([
      seenWith('203.0.113.3', AGENT, seen(98)),
      seenWith('203.0.113.3', AGENT, seen(99)),
    ]);
    expect(crowds.map(({ own }) => own)).toEqual([true, true]);
    expect(await stored('203.0.113.3')).toHaveLength(50);
  });

  it('that come alone are noted after the act stands beside its mail, where it does not yet', async () => {
    const noted = Promise.withResolvers<void>();
    const looking = seenWith('203.0.113.5', AGENT, seen(1), noted.promise);
    for (let read = 0; read < 5; read++) expect(await stored('203.0.113.5')).toEqual([]);
    noted.resolve();
    await looking;
    expect(await stored('203.0.113.5')).toHaveLength(1);
  });

  it('that come at once are looked up after each act stands beside its mail, where it does not yet', async () => {
    const order: string[] = [];
    const noted = Promise.withResolvers<void>();
    const looking = Promise.all([
      seenWith('203.0.113.4', AGENT, seen(1), noted.promise),
      seenWith('203.0.113.4', AGENT, seen(2)),
    ]).then(() => order.push('looked up'));
    await vi.waitFor(async () => expect(await stored('203.0.113.4')).toHaveLength(2));
    order.push('noted');
    noted.resolve();
    await looking;
    expect(order).toEqual(['noted', 'looked up']);
  });
});
