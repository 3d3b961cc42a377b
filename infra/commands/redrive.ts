/** `ripen redrive`: plays again what failed: the failure queues of functions, and events that no rule could deliver. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteMessageCommand,
  ListQueuesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { Command } from 'commander';
import { z } from 'zod';
import { jsonOption } from './options.ts';
import { findTarget, type Target, type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  dryRun?: true;
  json?: true;
}

export const redriveCommand = (): Command => {
  const command = new Command('redrive')
    .description(
      'play failed work again: every failure queue, or that of one function; consumers are idempotent, so nothing happens twice',
    )
    .argument(
      '[function]',
      'a function of the stack, as its alarm names it (undelivered: events that no rule could deliver)',
    )
    .option('--dry-run', 'count only')
    .addOption(jsonOption());
  for (const option of targetOptions()) command.addOption(option);
  return command.action(redrive);
};

async function redrive(name: string | undefined, options: Options): Promise<void> {
  const target = await findTarget(options);
  const sqs = new SQSClient(target.client);
  const prefix = name ? queueName(target.stack, name) : `${target.stack}-`;
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: prefix, MaxResults: 1000 }));
  const urls = QueueUrls.filter((url) => /-(failures|undelivered)$/.test(url));
  if (name && urls.length === 0) throw new Error(`There is no queue ${prefix}: does ${name} have one?`);
  const counts: Record<string, number> = {};
  for (const url of urls)
    counts[url.split('/').at(-1) as string] = await drain(target, sqs, url, options.dryRun ?? false);
  if (options.json) console.log(JSON.stringify(counts));
  else console.log(told(counts, options.dryRun ?? false));
}

const queueName = (stack: string, name: string): string =>
  name === 'undelivered' ? `${stack}-undelivered` : `${stack}-${name}-failures`;

/** Plays each message of a queue and removes it only once it was accepted. @returns how many. */
async function drain(target: Target, sqs: SQSClient, QueueUrl: string, countOnly: boolean): Promise<number> {
  const lambda = new LambdaClient(target.client);
  const seen = new Set<string>();
  for (;;) {
    const received = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        WaitTimeSeconds: 1,
      }),
    );
    const fresh = (received.Messages ?? []).filter((message) => !seen.has(message.MessageId as string));
    if (fresh.length === 0) return seen.size;
    for (const message of fresh) {
      seen.add(message.MessageId as string);
      if (countOnly) continue;
      const { function_, payload } = failedWork(message);
      await lambda.send(
        new InvokeCommand({ FunctionName: function_, InvocationType: 'Event', Payload: JSON.stringify(payload) }),
      );
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
    }
  }
}

/** What Lambda writes for a failed asynchronous invocation (Lambda developer guide, "Destinations"). */
const Failed = z.object({ requestContext: z.object({ functionArn: z.string() }), requestPayload: z.unknown() });

/** The invocation that failed: of a function's own queue, or the event and target of a rule's dead letter. */
function failedWork(message: Message): { function_: string; payload: unknown } {
  const body: unknown = JSON.parse(message.Body ?? '{}');
  const target = message.MessageAttributes?.TARGET_ARN?.StringValue;
  if (target) return { function_: target, payload: body };
  const failed = Failed.parse(body);
  return { function_: failed.requestContext.functionArn.replace(/:\$LATEST$/, ''), payload: failed.requestPayload };
}

function told(counts: Record<string, number>, countOnly: boolean): string {
  const waiting = Object.entries(counts).filter(([, count]) => count > 0);
  if (waiting.length === 0) return 'No failed work waits.';
  return waiting.map(([queue, count]) => `${queue}: ${count} ${countOnly ? 'waiting' : 'played again'}`).join('\n');
}
