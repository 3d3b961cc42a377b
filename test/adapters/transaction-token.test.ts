/** The token that the SDK adds to each transaction never reaches the local server, which would keep it for ever. */
import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamo, toItem } from '../../functions/adapters/dynamo.ts';
import { type LocalDynamo, startLocalDynamo } from '../local-dynamo.ts';

let local: LocalDynamo;
beforeAll(async () => {
  local = await startLocalDynamo();
});
afterAll(() => local.stop());

describe('a transaction', () => {
  it('goes to the local server without a token, and whole', async () => {
    const bodies: string[] = [];
    dynamo.middlewareStack.add(
      (next) => (args) => {
        const request: unknown = args.request;
        if (typeof request === 'object' && request !== null && 'body' in request) bodies.push(String(request.body));
        return next(args);
      },
      { step: 'deserialize', name: 'wire' },
    );
    const Item = toItem({ pk: 'a', sk: 'Nguyễn "Hương"', body: { ClientRequestToken: 'kept' } });
    await dynamo.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: local.table, Item } }] }));
    expect(bodies).toHaveLength(1);
    expect(Object.keys(JSON.parse(bodies[0] ?? ''))).toEqual(['TransactItems']);
    expect(bodies[0]).toContain('Nguyễn');
  });
});
