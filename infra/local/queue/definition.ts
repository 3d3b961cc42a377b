/** AWS::SQS::Queue, read from the template. */
import * as z from 'zod';
import { parseResource, type Resource } from '../resource.ts';

/** Times are in seconds, as in SQS. */
export interface Queue {
  name: string;
  arn: string;
  visibilityTimeout: number;
  delay: number;
  receiveWait: number;
  retention: number;
  maxBytes: number;
  /** After `maxReceives` receives without a delete, the message moves to `deadLetterQueue` (an ARN). */
  redrive: { deadLetterQueue: string; maxReceives: number } | undefined;
}

const count = z.coerce.number<unknown>().int();
const RedrivePolicy = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: count.min(1).max(1000) });

/** The defaults and limits are those of SQS (CreateQueue); 1 MiB a message since August 2025. */
const QueueProperties = z.strictObject({
  QueueName: z.string().optional(),
  FifoQueue: z.literal(false).optional(),
  VisibilityTimeout: count.min(0).max(43_200).default(30),
  DelaySeconds: count.min(0).max(900).default(0),
  ReceiveMessageWaitTimeSeconds: count.min(0).max(20).default(0),
  MessageRetentionPeriod: count.min(60).max(1_209_600).default(345_600),
  MaximumMessageSize: count.min(1024).max(1_048_576).default(1_048_576),
  RedrivePolicy: RedrivePolicy.optional(),
  RedriveAllowPolicy: z.unknown().optional(),
  SqsManagedSseEnabled: z.unknown().optional(),
  KmsMasterKeyId: z.unknown().optional(),
  KmsDataKeyReusePeriodSeconds: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

/** @throws Error that names the queue and the property; a FIFO queue is one that the engine does not have. */
export function readQueue(resource: Resource, { region, account }: { region: string; account: string }): Queue {
  const properties = parseResource('AWS::SQS::Queue', resource, QueueProperties);
  const { name } = resource;
  const redrive = properties.RedrivePolicy;
  return {
    name,
    arn: `arn:aws:sqs:${region}:${account}:${name}`,
    visibilityTimeout: properties.VisibilityTimeout,
    delay: properties.DelaySeconds,
    receiveWait: properties.ReceiveMessageWaitTimeSeconds,
    retention: properties.MessageRetentionPeriod,
    maxBytes: properties.MaximumMessageSize,
    redrive: redrive && { deadLetterQueue: redrive.deadLetterTargetArn, maxReceives: redrive.maxReceiveCount },
  };
}
