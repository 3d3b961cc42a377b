/** The operations of SQS's JSON protocol that on-failure queues and their redrive need. */
import * as z from 'zod';
import { AwsError } from '../part.ts';
import { chosen, MessageAttributes, md5, md5OfAttributes } from './attributes.ts';
import type { Queue } from './definition.ts';
import type { createMessages, Received } from './messages.ts';

export interface QueueAccess {
  queues: Queue[];
  messages: ReturnType<typeof createMessages>;
  url(queue: Queue): string;
  /** @throws AwsError QueueDoesNotExist */
  find(nameUrlOrArn: string): Queue;
  /** Resolves when the queue may have something to receive, or at `deadline` (ms). */
  wait(queue: Queue, deadline: number): Promise<void>;
  send(queue: Queue, body: string, attributes: MessageAttributes, delay?: number): string;
  now(): number;
}

const QueueUrl = z.object({ QueueUrl: z.string() });
const Sent = z.object({
  MessageBody: z.string().min(1),
  DelaySeconds: z.int().min(0).max(900).optional(),
  MessageAttributes: MessageAttributes.optional(),
});
const Receive = z.object({
  MaxNumberOfMessages: z.int().min(1).max(10).default(1),
  VisibilityTimeout: z.int().min(0).max(43_200).optional(),
  WaitTimeSeconds: z.int().min(0).max(20).optional(),
  AttributeNames: z.array(z.string()).default([]),
  MessageSystemAttributeNames: z.array(z.string()).default([]),
  MessageAttributeNames: z.array(z.string()).default([]),
});
const Receipt = z.object({ ReceiptHandle: z.string() });
const Hide = Receipt.extend({ VisibilityTimeout: z.int().min(0).max(43_200) });
const Entry = z.object({ Id: z.string().regex(/^[\w-]{1,80}$/) });

type Input = Record<string, unknown>;

export function createOperations(access: QueueAccess): Record<string, (input: Input) => unknown> {
  const queueOf = (input: Input): Queue => access.find(parse(QueueUrl, input).QueueUrl);
  const send = (queue: Queue, input: Input) => {
    const { MessageBody, DelaySeconds, MessageAttributes: attributes = {} } = parse(Sent, input);
    if (Buffer.byteLength(MessageBody) > queue.maxBytes)
      throw new AwsError(
        'InvalidParameterValue',
        `One or more parameters are invalid. Reason: Message must be shorter than ${queue.maxBytes} bytes.`,
      );
    return {
      MessageId: access.send(queue, MessageBody, attributes, DelaySeconds),
      MD5OfMessageBody: md5(MessageBody),
      ...(Object.keys(attributes).length > 0 ? { MD5OfMessageAttributes: md5OfAttributes(attributes) } : {}),
    };
  };
  const remove = (queue: Queue, input: Input) => {
    access.messages.remove(queue, parse(Receipt, input).ReceiptHandle);
    return {};
  };
  const hide = (queue: Queue, input: Input) => {
    const { ReceiptHandle, VisibilityTimeout } = parse(Hide, input);
    if (!access.messages.hide(queue, ReceiptHandle, VisibilityTimeout))
      throw new AwsError('MessageNotInflight', 'The message referred to is not in flight.');
    return {};
  };
  return {
    SendMessage: (input) => send(queueOf(input), input),
    SendMessageBatch: (input) => batch(input, (entry) => send(queueOf(input), entry)),
    ReceiveMessage: (input) => receive(access, queueOf(input), parse(Receive, input)),
    DeleteMessage: (input) => remove(queueOf(input), input),
    DeleteMessageBatch: (input) => batch(input, (entry) => remove(queueOf(input), entry)),
    ChangeMessageVisibility: (input) => hide(queueOf(input), input),
    ChangeMessageVisibilityBatch: (input) => batch(input, (entry) => hide(queueOf(input), entry)),
    GetQueueUrl(input) {
      return { QueueUrl: access.url(access.find(parse(z.object({ QueueName: z.string() }), input).QueueName)) };
    },
    ListQueues(input) {
      const { QueueNamePrefix = '' } = parse(z.object({ QueueNamePrefix: z.string().optional() }), input);
      const named = access.queues.filter((queue) => queue.name.startsWith(QueueNamePrefix));
      return named.length > 0 ? { QueueUrls: named.map(access.url) } : {};
    },
    GetQueueAttributes(input) {
      const { AttributeNames = [] } = parse(z.object({ AttributeNames: z.array(z.string()).optional() }), input);
      return { Attributes: only(attributesOf(access, queueOf(input)), AttributeNames) };
    },
    PurgeQueue(input) {
      access.messages.purge(queueOf(input));
      return {};
    },
  };
}

function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new AwsError('InvalidParameterValue', z.prettifyError(parsed.error));
}

async function receive(access: QueueAccess, queue: Queue, input: z.infer<typeof Receive>): Promise<unknown> {
  const deadline = access.now() + (input.WaitTimeSeconds ?? queue.receiveWait) * 1000;
  const hidden = input.VisibilityTimeout ?? queue.visibilityTimeout;
  for (;;) {
    const received = access.messages.receive(queue, input.MaxNumberOfMessages, hidden);
    if (received.length > 0) return { Messages: received.map((message) => answer(message, input)) };
    if (access.now() >= deadline) return {};
    await access.wait(queue, deadline);
  }
}

function answer(message: Received, input: z.infer<typeof Receive>): unknown {
  const system = {
    SenderId: 'local',
    SentTimestamp: String(message.sent),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceived),
  };
  const attributes = only(system, [...input.AttributeNames, ...input.MessageSystemAttributeNames]);
  const custom = chosen(message.attributes, input.MessageAttributeNames);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(Object.keys(attributes).length > 0 ? { Attributes: attributes } : {}),
    ...(Object.keys(custom).length > 0
      ? { MessageAttributes: custom, MD5OfMessageAttributes: md5OfAttributes(custom) }
      : {}),
  };
}

function attributesOf({ messages }: QueueAccess, queue: Queue): Record<string, string> {
  const { visible, delayed, inFlight } = messages.count(queue);
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    VisibilityTimeout: String(queue.visibilityTimeout),
    DelaySeconds: String(queue.delay),
    ReceiveMessageWaitTimeSeconds: String(queue.receiveWait),
    MessageRetentionPeriod: String(queue.retention),
    MaximumMessageSize: String(queue.maxBytes),
  };
}

function only(attributes: Record<string, string>, wanted: string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).filter(([name]) => wanted.includes('All') || wanted.includes(name)),
  );
}

/** Runs each entry by itself; what fails is named in `Failed`, and the others go through. */
function batch(input: Input, run: (entry: Input) => object): unknown {
  const { Entries } = parse(z.object({ Entries: z.array(z.record(z.string(), z.unknown())) }), input);
  if (Entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (Entries.length > 10)
    throw new AwsError('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.');
  const ids = Entries.map((entry) => parse(Entry, entry).Id);
  if (new Set(ids).size < ids.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more entries have the same Id.');
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const [index, entry] of Entries.entries()) {
    try {
      Successful.push({ Id: ids[index], ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError) || error.code === 'QueueDoesNotExist') throw error;
      Failed.push({ Id: ids[index], SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, ...(Failed.length > 0 ? { Failed } : {}) };
}
