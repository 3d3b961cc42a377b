import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { createQueues } from '../../../infra/local/queues.ts';
import type { Resource } from '../../../infra/local/resource.ts';
import { clientConfig, serveJson } from './aws-server.ts';
import { account, fakeParts, HOUR, region } from './fake-parts.ts';

const deadArn = `arn:aws:sqs:${region}:${account}:dead`;
const resources: Resource[] = [
  {
    logicalId: 'Work',
    name: 'work',
    properties: { VisibilityTimeout: 60, RedrivePolicy: { deadLetterTargetArn: deadArn, maxReceiveCount: 2 } },
  },
  { logicalId: 'Dead', name: 'dead', properties: {} },
];

let closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing) close();
  closing = [];
});

async function setUp(fake = fakeParts()) {
  let endpoint = '';
  const parts = {
    ...fake.parts,
    get baseUrl() {
      return endpoint;
    },
  };
  const queues = createQueues(parts, resources);
  const server = await serveJson(queues.service);
  endpoint = server.endpoint;
  const client = new SQSClient(clientConfig(endpoint));
  closing.push(() => client.destroy(), server.close);
  const QueueUrl = `${endpoint}/${account}/work`;
  const receive = (more: object = {}) => client.send(new ReceiveMessageCommand({ QueueUrl, ...more }));
  const send = (MessageBody: string, more: object = {}) =>
    client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
  const counts = async () => {
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    return [
      Attributes?.ApproximateNumberOfMessages,
      Attributes?.ApproximateNumberOfMessagesNotVisible,
      Attributes?.ApproximateNumberOfMessagesDelayed,
    ].map(Number);
  };
  return { ...fake, queues, client, QueueUrl, receive, send, counts };
}

describe('a queue', () => {
  it('gives what was sent, with attributes and sums that the SDK checks', async () => {
    const { send, receive } = await setUp();
    const MessageAttributes = {
      name: { DataType: 'String', StringValue: 'Zoë' },
      n: { DataType: 'Number', StringValue: '5' },
      b: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
    };
    const sent = await send('hello ✓', { MessageAttributes });
    const { Messages } = await receive({ MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] });
    expect(Messages).toHaveLength(1);
    expect(Messages?.[0]).toMatchObject({ MessageId: sent.MessageId, Body: 'hello ✓', MessageAttributes });
    expect(Messages?.[0]?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
    expect(Messages?.[0]?.Attributes).toMatchObject({ ApproximateReceiveCount: '1' });
  });

  it('gives only the attributes that were asked for', async () => {
    const { send, receive } = await setUp();
    const text = (StringValue: string) => ({ DataType: 'String', StringValue });
    await send('x', { MessageAttributes: { 'a.one': text('1'), 'a.two': text('2'), b: text('3') } });
    const { Messages } = await receive({ MessageAttributeNames: ['a.*'] });
    expect(Object.keys(Messages?.[0]?.MessageAttributes ?? {})).toEqual(['a.one', 'a.two']);
  });

  it('hides a received message for the visibility timeout, in engine time', async () => {
    const { send, receive, advance, counts } = await setUp();
    await send('x');
    expect(await counts()).toEqual([1, 0, 0]);
    expect((await receive()).Messages).toHaveLength(1);
    expect(await counts()).toEqual([0, 1, 0]);
    expect((await receive()).Messages).toBeUndefined();
    await advance(60_000);
    expect((await receive()).Messages).toHaveLength(1);
  });

  it('forgets a deleted message, and shows one again whose timeout is set to 0', async () => {
    const { send, receive, client, QueueUrl, advance, counts } = await setUp();
    await send('x');
    const [first] = (await receive()).Messages ?? [];
    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 }),
    );
    const [second] = (await receive()).Messages ?? [];
    expect(second?.MessageId).toBe(first?.MessageId);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
    await advance(HOUR);
    expect(await counts()).toEqual([0, 0, 0]);
  });

  it('delays a message', async () => {
    const { send, receive, advance, counts } = await setUp();
    await send('x', { DelaySeconds: 30 });
    expect(await counts()).toEqual([0, 0, 1]);
    expect((await receive()).Messages).toBeUndefined();
    await advance(30_000);
    expect((await receive()).Messages).toHaveLength(1);
  });

  it('moves a message that was received too often to the dead-letter queue', async () => {
    const { send, receive, advance, client, queues, QueueUrl } = await setUp();
    await send('x');
    for (let n = 0; n < 3; n += 1) {
      await receive();
      await advance(60_000);
    }
    const dead = await client.send(new ReceiveMessageCommand({ QueueUrl: QueueUrl.replace('work', 'dead') }));
    expect(dead.Messages?.[0]?.Body).toBe('x');
    expect(queues.names).toEqual(['work', 'dead']);
  });

  it('waits for a message when it is asked to', async () => {
    const { receive, queues } = await setUp();
    const waiting = receive({ WaitTimeSeconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    queues.send('work', 'late', { KIND: 'x' });
    expect((await waiting).Messages?.[0]?.Body).toBe('late');
  });

  it('ends the wait when the time is over', async () => {
    const { receive, advance } = await setUp();
    const waiting = receive({ WaitTimeSeconds: 5 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await advance(5000);
    expect((await waiting).Messages).toBeUndefined();
  });

  it('forgets messages after their retention', async () => {
    const { send, advance, counts } = await setUp();
    await send('x');
    await advance(345_600_000);
    expect(await counts()).toEqual([0, 0, 0]);
  });

  it('takes batches, and tells which entries failed', async () => {
    const { client, QueueUrl, receive, counts } = await setUp();
    const Entries = [
      { Id: 'a', MessageBody: 'one' },
      { Id: 'b', MessageBody: 'x'.repeat(1_048_577) },
      { Id: 'c', MessageBody: 'three' },
    ];
    const sent = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(sent.Successful?.map((each) => each.Id)).toEqual(['a', 'c']);
    expect(sent.Failed?.map((each) => [each.Id, each.Code])).toEqual([['b', 'InvalidParameterValue']]);
    const { Messages = [] } = await receive({ MaxNumberOfMessages: 10 });
    const handles = Messages.map(({ ReceiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: handles }));
    expect(await counts()).toEqual([0, 0, 0]);
  });

  it('is found by its name, listed and purged', async () => {
    const { client, QueueUrl, send, counts } = await setUp();
    expect((await client.send(new GetQueueUrlCommand({ QueueName: 'work' }))).QueueUrl).toBe(QueueUrl);
    expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: 'w' }))).QueueUrls).toEqual([QueueUrl]);
    await send('x');
    await client.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await counts()).toEqual([0, 0, 0]);
  });

  it('that does not exist is an error with its name', async () => {
    const { client } = await setUp();
    await expect(client.send(new GetQueueUrlCommand({ QueueName: 'none' }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });

  it('keeps its messages over a restart', async () => {
    const first = await setUp();
    first.queues.send(deadArn, 'kept', { ERROR_CODE: 'NO_RESOURCE' });
    const second = await setUp(fakeParts({ db: first.db }));
    const dead = await second.client.send(
      new ReceiveMessageCommand({ QueueUrl: second.QueueUrl.replace('work', 'dead'), MessageAttributeNames: ['All'] }),
    );
    expect(dead.Messages?.[0]).toMatchObject({
      Body: 'kept',
      MessageAttributes: { ERROR_CODE: { StringValue: 'NO_RESOURCE' } },
    });
  });
});

describe('a template is refused, naming', () => {
  it.each([
    ['the FIFO queue', { FifoQueue: true }, /FifoQueue/],
    ['the unknown property', { Sparkle: 1 }, /Sparkle/],
  ])('%s', (_, properties, message) => {
    expect(() => createQueues(fakeParts().parts, [{ logicalId: 'Q', name: 'q', properties }])).toThrow(message);
  });
});
