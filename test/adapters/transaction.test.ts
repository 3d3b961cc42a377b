import { DynamoDBClient, TransactWriteItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { getItem, toItem, values } from '../../functions/adapters/dynamo.ts';
import { sendTransaction, sendUpdate } from '../../functions/adapters/transaction.ts';
import { type LocalDynamo, startLocalDynamo } from '../local-dynamo.ts';

let local: LocalDynamo;
beforeAll(async () => {
  local = await startLocalDynamo();
});
afterAll(() => local.stop());
afterEach(() => {
  vi.restoreAllMocks();
});

const key = (pk: string) => ({ pk, sk: 'x' });
const put = (pk: string, value: string, condition = 'attribute_not_exists(pk)') => ({
  Put: { TableName: local.table, Item: toItem({ ...key(pk), body: { value } }), ConditionExpression: condition },
});
const outcomes = (sent: Promise<void>[]) =>
  Promise.allSettled(sent).then((all) => all.map((one) => (one.status === 'fulfilled' ? 'sent' : one.reason.name)));
const value = async (pk: string) => (await getItem(key(pk)))?.body;

describe('transactions that come at once', () => {
  it('go out as one', async () => {
    const send = vi.spyOn(DynamoDBClient.prototype, 'send');
    expect(await outcomes([sendTransaction([put('a', '1')]), sendTransaction([put('b', '1'), put('c', '1')])])).toEqual(
      ['sent', 'sent'],
    );
    expect(send.mock.calls.filter(([command]) => command instanceof TransactWriteItemsCommand)).toHaveLength(1);
    expect(await Promise.all(['a', 'b', 'c'].map(value))).toEqual([{ value: '1' }, { value: '1' }, { value: '1' }]);
  });

  it('each hold or fail by their own conditions alone', async () => {
    const sent = [sendTransaction([put('a', '2')]), sendTransaction([put('d', '2')]), sendTransaction([put('e', '2')])];
    expect(await outcomes(sent)).toEqual(['TransactionCanceledException', 'sent', 'sent']);
    expect([await value('a'), await value('d')]).toEqual([{ value: '1' }, { value: '2' }]);
  });

  it('do not meet in one call where they touch the same item: whichever comes first has it', async () => {
    const [first, second] = await outcomes([
      sendTransaction([put('f', 'first')]),
      sendTransaction([put('f', 'second')]),
    ]);
    expect([first, second].toSorted()).toEqual(['TransactionCanceledException', 'sent']);
    expect(await value('f')).toEqual({ value: first === 'sent' ? 'first' : 'second' });
  });

  it('do not fail for what is wrong with one of them', async () => {
    const bad = put('g', '3', 'no condition at all');
    const [first, second] = await outcomes([sendTransaction([bad]), sendTransaction([put('h', '3')])]);
    expect(first).toMatch(/Exception$/);
    expect(second).toBe('sent');
    expect(await value('h')).toEqual({ value: '3' });
  });
});

describe('updates', () => {
  const set = (pk: string, value: string, condition = 'attribute_not_exists(pk)') => ({
    TableName: local.table,
    Key: toItem(key(pk)),
    UpdateExpression: 'SET body = :body',
    ConditionExpression: condition,
    ExpressionAttributeValues: values({ ':body': { value } }),
  });
  const commands = () => {
    const send = vi.spyOn(DynamoDBClient.prototype, 'send');
    return () => send.mock.calls.map(([command]) => command.constructor);
  };

  it('that come alone are no transaction, which would cost twice', async () => {
    const sent = commands();
    await sendUpdate(set('u1', '1'));
    expect(sent()).toEqual([UpdateItemCommand]);
    expect(await value('u1')).toEqual({ value: '1' });
  });

  it('that come at once go out as one transaction, with others that are transactions', async () => {
    const sent = commands();
    await Promise.all([sendUpdate(set('u2', '1')), sendTransaction([put('u3', '1')]), sendUpdate(set('u4', '1'))]);
    expect(sent()).toEqual([TransactWriteItemsCommand]);
    expect(await Promise.all(['u2', 'u3', 'u4'].map(value))).toEqual(Array(3).fill({ value: '1' }));
  });

  it('each hold or fail by their own condition alone, as an update does', async () => {
    const sent = [sendUpdate(set('u2', '2')), sendUpdate(set('u5', '2')), sendTransaction([put('u3', '2')])];
    expect(await outcomes(sent)).toEqual(['ConditionalCheckFailedException', 'sent', 'TransactionCanceledException']);
    expect(await Promise.all(['u2', 'u5', 'u3'].map(value))).toEqual([{ value: '1' }, { value: '2' }, { value: '1' }]);
  });

  it('that have no condition are not sent again when nobody knows whether they were written: they would count twice', async () => {
    const timeOut = Object.assign(new Error('Socket timed out.'), { name: 'TimeoutError' });
    const send = vi.spyOn(DynamoDBClient.prototype, 'send').mockImplementationOnce(() => Promise.reject(timeOut));
    const count = {
      TableName: local.table,
      Key: toItem(key('u6')),
      UpdateExpression: 'ADD hits :one',
      ExpressionAttributeValues: values({ ':one': 1 }),
    };
    expect(await outcomes([sendUpdate(count), sendUpdate(set('u7', '1'))])).toEqual(['TimeoutError', 'sent']);
    expect(send).toHaveBeenCalledTimes(2);
    expect(await Promise.all(['u6', 'u7'].map(value))).toEqual([undefined, { value: '1' }]);
  });

  it('that have no condition are sent again when they were refused', async () => {
    const count = {
      TableName: local.table,
      Key: toItem(key('u8')),
      UpdateExpression: 'SET body = :body',
      ExpressionAttributeValues: values({ ':body': { value: '1' } }),
    };
    expect(await outcomes([sendUpdate(count), sendUpdate(set('u7', '2'))])).toEqual([
      'sent',
      'ConditionalCheckFailedException',
    ]);
    expect(await value('u8')).toEqual({ value: '1' });
  });
});
