/** A queue that keeps what failed, until `ripen redrive` plays it again. */
import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** @param name the queue's name behind the stack's. */
export function makeFailureQueue(scope: Construct, id: string, name: string): Queue {
  const queue = new Queue(scope, id, {
    queueName: `${Stack.of(scope).stackName}-${name}`,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions::AwsSolutions-SQS3',
    reason: 'This queue is where failures end: of a rule, or of a function that nobody waits for.',
  });
  return queue;
}
