import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamo, toItem } from '../../functions/adapters/dynamo.ts';
import { knownAbout, noteAct } from '../../functions/adapters/traffic.ts';
import { trafficKey } from '../../functions/adapters/traffic-items.ts';
import type { MailAct } from '../../functions/lead/traffic.ts';
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
