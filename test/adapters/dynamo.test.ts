import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { deleteItem, dynamo, getItems, putItem, queryAll, toItem, values } from '../../functions/adapters/dynamo.ts';
import { sendTransaction } from '../../functions/adapters/transaction.ts';
import { type LocalDynamo, startLocalDynamo } from '../local-dynamo.ts';

let local: LocalDynamo;
beforeAll(async () => {
  local = await startLocalDynamo();
});
afterAll(() => local.stop());

describe('the token by which AWS knows a transaction again', () => {
  it('is not sent to a local server, and is sent to AWS', async () => {
    const bodies: string[] = [];
    dynamo.middlewareStack.add(
      (next) => (args) => {
        const { request } = args;
        const body = typeof request === 'object' && request && 'body' in request ? request.body : undefined;
        bodies.push(String(body));
        return next(args);
      },
      { step: 'finalizeRequest', name: 'spy' },
    );
    const write = () => sendTransaction([{ Put: { TableName: local.table, Item: toItem({ pk: 'a', sk: 'b' }) } }]);
    await write();
    const endpoint = process.env.AWS_ENDPOINT_URL_DYNAMODB;
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', '');
    await write();
    vi.unstubAllEnvs();
    dynamo.middlewareStack.remove('spy');
    expect(endpoint).toBeTruthy();
    expect(bodies[0]).not.toContain('ClientRequestToken');
    expect(bodies[1]).toContain('ClientRequestToken');
  });
});

describe('deleting', () => {
  const keys = [1, 2, 3].map((n) => ({ pk: 'gone', sk: String(n) }));
  const left = () => getItems(keys).then((items) => items.length);

  it('takes what is deleted at once in one call', async () => {
    await Promise.all(keys.map((key) => putItem({ ...key, body: {} })));
    const send = vi.spyOn(dynamo, 'send');
    await Promise.all(keys.map(deleteItem));
    expect(send).toHaveBeenCalledTimes(1);
    vi.restoreAllMocks();
    expect(await left()).toBe(0);
  });

  it('fails for all that were deleted at once where DynamoDB left some of them', async () => {
    vi.spyOn(dynamo, 'send').mockImplementation(async () => ({
      UnprocessedItems: { [local.table]: [{ DeleteRequest: { Key: toItem({ pk: 'gone', sk: '2' }) } }] },
    }));
    const outcomes = await Promise.allSettled(keys.map(deleteItem));
    vi.restoreAllMocks();
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});

describe('reading', () => {
  it('gets any number of items by their keys, whatever a call leaves unprocessed', async () => {
    const keys = Array.from({ length: 130 }, (_, i) => ({ pk: 'many', sk: String(i) }));
    await Promise.all(keys.map((key) => putItem({ ...key, body: {} })));
    expect(await getItems([...keys, { pk: 'many', sk: 'none' }])).toHaveLength(130);
    expect(await getItems([])).toEqual([]);
  });

  it('reads a query over all its pages', async () => {
    const text = 'x'.repeat(300_000);
    await Promise.all([1, 2, 3, 4, 5].map((n) => putItem({ pk: 'big', sk: String(n), body: { text } })));
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: values({ ':pk': 'big' }) };
    expect(await queryAll(query)).toHaveLength(5);
  });

  it('does not wait for a server that says nothing', async () => {
    const { createServer } = await import('node:net');
    const silent = createServer(() => undefined);
    const port = await new Promise<number>((resolve) =>
      silent.listen(0, '127.0.0.1', () => {
        const address = silent.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      }),
    );
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      maxAttempts: 1,
      requestHandler: dynamo.config.requestHandler,
    });
    const reading = client.send(new GetItemCommand({ TableName: 't', Key: toItem({ pk: 'a', sk: 'b' }) }));
    await expect(reading).rejects.toMatchObject({ name: 'TimeoutError' });
    silent.close();
  });
});
