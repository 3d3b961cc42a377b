import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { describe, expect, it } from 'vitest';
import { toItem } from '../../functions/adapters/dynamo.ts';
import { PlainJson } from '../../functions/adapters/plain-json.ts';

interface Answer {
  status?: number;
  body?: string;
}

/** A client of which nothing leaves, what it would have sent, and what it is answered. */
function client(answer: Answer = {}, more: DynamoDBClientConfig = {}) {
  const sent: HttpRequest[] = [];
  const headers = { 'x-amzn-requestid': 'R1', 'content-type': 'application/x-amz-json-1.0' };
  const dynamo = new DynamoDBClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: {
      async handle(request: unknown) {
        if (request instanceof HttpRequest) sent.push(request);
        const body = Buffer.from(answer.body ?? '{}');
        return { response: new HttpResponse({ statusCode: answer.status ?? 200, headers, body }) };
      },
    },
    ...more,
  });
  return { dynamo, sent };
}
const plain = (answer?: Answer) => client(answer, { protocol: PlainJson });

const Key = toItem({ pk: 'LEAD#1', sk: 'PROFILE' });
const Item = toItem({
  pk: 'LEAD#1',
  sk: 'PROFILE',
  body: { name: 'Nguyễn "Ánh"\n', n: 0.5, yes: true, none: null, a: [] },
});
const TableName = 'T';
const write = { TableName, ConditionExpression: 'a = :a', ExpressionAttributeValues: { ':a': { N: '1' } } };

const COMMANDS = [
  () => new GetItemCommand({ TableName, Key, ConsistentRead: true }),
  () => new PutItemCommand({ TableName, Item, ConditionExpression: undefined }),
  () => new UpdateItemCommand({ ...write, Key, UpdateExpression: 'SET b = :a', ReturnValues: 'ALL_NEW' }),
  () => new DeleteItemCommand({ ...write, Key, ExpressionAttributeNames: { '#a': 'a' } }),
  () => new QueryCommand({ TableName, KeyConditionExpression: 'pk = :a', ExclusiveStartKey: undefined, Limit: 3 }),
  () => new BatchGetItemCommand({ RequestItems: { T: { Keys: [Key], ConsistentRead: true } } }),
  () => new BatchWriteItemCommand({ RequestItems: { T: [{ DeleteRequest: { Key } }, { PutRequest: { Item } }] } }),
  () =>
    new TransactWriteItemsCommand({
      ClientRequestToken: 'one',
      TransactItems: [
        { Put: { TableName, Item, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
        { ConditionCheck: { ...write, Key } },
      ],
    }),
].map((make) => [make().constructor.name, make] as const);

describe('a request', () => {
  it.each(COMMANDS)('says of a %s what the one of the SDK says', async (_, make) => {
    const [ours, theirs] = [plain(), client()];
    await ours.dynamo.send(make() as GetItemCommand);
    await theirs.dynamo.send(make() as GetItemCommand);
    const parts = ({ sent: [request] }: { sent: HttpRequest[] }) => {
      const { method, protocol, hostname, port, path, query, headers, body } = request as HttpRequest;
      const said = { host: headers.host, type: headers['content-type'], target: headers['x-amz-target'] };
      return { method, protocol, hostname, port, path, query, said, body: JSON.parse(Buffer.from(body).toString()) };
    };
    expect(parts(ours)).toEqual(parts(theirs));
  });

  it('is measured and signed as it goes out', async () => {
    const { dynamo, sent } = plain();
    await dynamo.send(new PutItemCommand({ TableName, Item }));
    const { headers, body } = sent[0] as HttpRequest;
    expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
    expect(headers.authorization).toMatch(/Credential=AKID\/.*Signature=[0-9a-f]{64}$/);
  });
});

describe('an answer', () => {
  const body = JSON.stringify({ Item, ConsumedCapacity: { TableName, CapacityUnits: 0.5 } });

  it('is read as the SDK reads it', async () => {
    const get = () => new GetItemCommand({ TableName, Key });
    const ours = await plain({ body }).dynamo.send(get());
    expect(ours).toEqual(await client({ body }).dynamo.send(get()));
    expect(ours.Item).toEqual(Item);
  });

  it('may be empty', async () => {
    const { $metadata, ...rest } = await plain({ body: '' }).dynamo.send(new PutItemCommand({ TableName, Item }));
    expect(rest).toEqual({});
    expect($metadata.requestId).toBe('R1');
  });

  it('that is an error is the error of the SDK, with all that it says', async () => {
    const reasons = [{ Code: 'ConditionalCheckFailed', Item }, { Code: 'None' }];
    const type = 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException';
    const error = JSON.stringify({ __type: type, message: 'cancelled', CancellationReasons: reasons });
    const sending = plain({ status: 400, body: error }).dynamo.send(
      new TransactWriteItemsCommand({ TransactItems: [] }),
    );
    const thrown: unknown = await sending.catch((caught: unknown) => caught);
    expect(thrown).toBeInstanceOf(TransactionCanceledException);
    expect(thrown).toMatchObject({ CancellationReasons: reasons, $metadata: { httpStatusCode: 400 } });
  });

  it('that is no JSON is an error', async () => {
    const sending = plain({ body: '<html>' }).dynamo.send(new GetItemCommand({ TableName, Key }));
    await expect(sending).rejects.toThrow(/JSON/);
  });
});
