/** The own event bus and the rules that carry messages, and SES's events from the default bus, to their functions. */
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { EventBus, type EventPattern, type IEventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { BUS_SOURCE, type MessageType } from '../functions/lead/message.ts';
import type { Use } from './lambda.ts';
import { makeFailureQueue } from './queue.ts';

/** SES's detail-types that `record` reads (SES developer guide, "monitoring using EventBridge"). */
const SES_DETAIL_TYPES = [
  'Email Sent',
  'Email Delivered',
  'Email Opened',
  'Email Clicked',
  'Email Bounced',
  'Email Complaint Received',
  'Email Rejected',
  'Email Delivery Delayed',
  'Email Rendering Failed',
  'Email Subscribed',
];

export class Bus extends Construct {
  readonly bus: EventBus;
  readonly undelivered: Queue;
  private readonly defaultBus: IEventBus;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const name = Stack.of(this).stackName;
    this.bus = new EventBus(this, 'Own', { eventBusName: name });
    this.defaultBus = EventBus.fromEventBusName(this, 'DefaultBus', 'default');
    this.undelivered = makeFailureQueue(this, 'Undelivered', 'undelivered');
  }

  /** What a function needs to publish. */
  publishes(): Use {
    return {
      env: { bus: this.bus.eventBusName },
      allow: [{ actions: ['events:PutEvents'], resources: [this.bus.eventBusArn] }],
    };
  }

  /** Carries messages of these types to a function. */
  carry(types: MessageType[], lambda: LambdaFunction): void {
    this.rule(this.bus, types.join('And'), { source: [BUS_SOURCE], detailType: types }, lambda);
  }

  /** Carries SES's events to a function; SES publishes to the default bus only. */
  carryMailEvents(configurationSet: string, lambda: LambdaFunction): void {
    const detail = { mail: { tags: { 'ses:configuration-set': [configurationSet] } } };
    this.rule(this.defaultBus, 'Mail', { source: ['aws.ses'], detailType: SES_DETAIL_TYPES, detail }, lambda);
  }

  /** Counts the executions that fail, of the machines whose names begin so. */
  watchExecutions(prefix: string): Rule {
    const machines = Stack.of(this).formatArn({
      service: 'states',
      resource: 'stateMachine',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      resourceName: `${prefix}-`,
    });
    return new Rule(this, 'FailedNurtureRule', {
      eventBus: this.defaultBus,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: Match.prefix(machines) },
      },
    });
  }

  private rule(eventBus: EventBus | IEventBus, id: string, eventPattern: EventPattern, lambda: LambdaFunction): void {
    const rule = new Rule(this, `${id.replace(/[^A-Za-z]/g, '')}Rule`, { eventBus, eventPattern });
    rule.addTarget(
      new LambdaTarget(lambda, {
        deadLetterQueue: this.undelivered,
        retryAttempts: 185,
        maxEventAge: Duration.hours(24),
      }),
    );
  }
}
