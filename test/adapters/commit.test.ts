import {
  DynamoDBClient,
  TransactionCanceledException,
  TransactionInProgressException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { commit } from '../../functions/adapters/commit.ts';
import { toItem } from '../../functions/adapters/dynamo.ts';
import { decide, newLead } from '../../functions/lead/decide.ts';
import { AT, exampleDefinition } from './example-definition.ts';
import { address, guidePost } from './happenings.ts';

const table = mockClient(DynamoDBClient);
const { emails: _, machines: __, ...rest } = exampleDefinition;
const context = {
  now: AT,
  rules: { ...rest, classes: {} },
  publication: 1,
  rulesOf: () => undefined,
  seen: new Set<string>(),
};
const before = newLead(address('ada@one.example'), { key: 'form:1', at: AT }, context);
const decided = decide(before, guidePost('form:1'), context);
if (!('decision' in decided)) throw new Error('The example needs nothing.');
const { decision } = decided;
const act = { before, decision, submission: { id: 'sub_1', same: [{ hash: 'h', again: AT }] }, at: AT };

process.env.TABLE_NAME = 'ripen';
beforeEach(() => {
  table.reset();
});

/** The reasons of a cancelled transaction: each write's key, by a part of it, with its reason. */
const cancelled = (reasons: Record<string, object>) =>
  table.on(TransactWriteItemsCommand).callsFake(({ TransactItems }: { TransactItems: object[] }) => {
    const CancellationReasons = TransactItems.map((item) => {
      const key = JSON.stringify(item);
      const found = Object.entries(reasons).find(([part]) => key.includes(part));
      return found ? { Code: 'ConditionalCheckFailed', ...found[1] } : { Code: 'None' };
    });
    throw new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons });
  });

const PROFILE = '"sk":{"S":"PROFILE"}';
const EMAIL = '"S":"EMAIL#';
const SUBMIT = '"S":"SUBMIT#';
const EVENT = '"S":"EVT#';
const ONCE = '"S":"ONCE#';
const stored = (body: object) => ({ Item: toItem({ body }) });

describe('a commit', () => {
  it('is one transaction of the lead, its address, the post, events, markers, enrolment and messages', async () => {
    table.on(TransactWriteItemsCommand).resolves({});
    expect(await commit(act)).toMatchObject({ kind: 'committed', outbox: { messages: expect.any(Array) } });
    const [call] = table.commandCalls(TransactWriteItemsCommand);
    const keys = call?.args[0].input.TransactItems?.map(({ Put }) => Put?.Item?.sk?.S?.split('#')[0]);
    expect(keys?.toSorted()).toEqual([AT, 'ENR', 'EVT', 'LEAD', 'ONCE', 'PROFILE', 'SUBMIT']);
    expect(call?.args[0].input.TransactItems?.every(({ Put }) => Put?.ConditionExpression)).toBe(true);
  });

  it.each([
    ['another lead has the address', { [EMAIL]: stored({ leadId: 'lead_2' }) }, { kind: 'taken', leadId: 'lead_2' }],
    [
      'another lead has the address, and all else collides too',
      {
        [PROFILE]: {},
        [EMAIL]: stored({ leadId: before.id }),
        [EVENT]: {},
        [SUBMIT]: stored({ submissionId: 'sub_0' }),
      },
      { kind: 'taken', leadId: before.id },
    ],
    [
      'the post came before',
      { [SUBMIT]: stored({ submissionId: 'sub_0' }) },
      { kind: 'submitted', submissionId: 'sub_0' },
    ],
    ['the event is in the log', { [EVENT]: {}, [PROFILE]: {} }, { kind: 'happened', keys: ['form:1'] }],
    ['the lead changed', { [PROFILE]: {}, [ONCE]: {} }, { kind: 'stale' }],
    ['the rule has gained', { [ONCE]: {} }, { kind: 'seen', markers: decision.markers }],
    ['somebody else is writing', { [PROFILE]: { Code: 'TransactionConflict' } }, { kind: 'stale' }],
    ['the table is throttled', { [EVENT]: { Code: 'ThrottlingError' } }, { kind: 'stale' }],
    ['the index is throttled', { [EVENT]: { Code: 'ProvisionedThroughputExceeded' } }, { kind: 'stale' }],
  ])('is told from its refusal: %s', async (_name, reasons, expected) => {
    cancelled(reasons);
    expect(await commit(act)).toEqual(expected);
  });

  it('throws when the table refuses an item for what it is', async () => {
    cancelled({ [PROFILE]: { Code: 'ValidationError' } });
    await expect(commit(act)).rejects.toThrow('cancelled');
  });

  it('throws when the table cannot be reached: nobody knows, and the keys tell when it comes again', async () => {
    table.on(TransactWriteItemsCommand).rejects(Object.assign(new Error('timeout'), { name: 'TimeoutError' }));
    await expect(commit(act)).rejects.toThrow('timeout');
  });

  it('looks again when its own first attempt is still under way', async () => {
    table
      .on(TransactWriteItemsCommand)
      .rejects(new TransactionInProgressException({ message: 'in progress', $metadata: {} }));
    expect(await commit(act)).toEqual({ kind: 'stale' });
  });

  it('of more than a hundred writes is too large, and not tried', async () => {
    const markers = Array.from({ length: 100 }, (_, i) => `rule#${i}`);
    expect(await commit({ ...act, decision: { ...decision, markers } })).toEqual({ kind: 'too-large' });
    expect(table.calls()).toHaveLength(0);
  });

  it('gives its messages the same ids each time, so that a repeated publication is known', async () => {
    table.on(TransactWriteItemsCommand).resolves({});
    const [first, second] = [await commit(act), await commit(act)];
    expect(first).toEqual(second);
  });
});
