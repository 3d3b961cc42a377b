/** Alarms that say who is hurt and where the runbook tells what to do. All of them go to one topic. */
import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type IFilterPattern, type LogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ALARMING } from '../functions/http/log-lines.ts';

/** The headings of the README's runbook, one for each kind of alarm. */
export const RUNBOOK = {
  'a-function-fails': 'A function fails',
  'a-failure-queue-fills': 'A failure queue fills',
  'events-are-undelivered': 'Events are undelivered',
  'a-handoff-fails': 'A handoff fails',
  'a-nurture-fails': 'A nurture fails',
  'mail-bounces': 'Mail bounces',
  'recipients-complain': 'Recipients complain',
  'the-brake-is-on': 'The brake is on',
  'sending-is-parked': 'Sending is parked',
} as const;
type Article = keyof typeof RUNBOOK;

/** What every line of the log has that is an error. */
const ERROR = '"level":"ERROR"';

/** What metric filters look for in the logs of functions. */
export const PATTERNS = {
  /** What a task logs as an error, or what Lambda says of it when it is cut off. */
  failed: FilterPattern.anyTerm(ERROR, 'Task timed out', 'Runtime.ExitError'),
  parked: FilterPattern.allTerms(ERROR, ALARMING.mailNotSent),
  braked: FilterPattern.allTerms(ERROR, ALARMING.brakeIsOn),
} as const;

export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, email?: string) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    if (email) this.topic.addSubscription(new EmailSubscription(email));
  }

  onErrors(lambda: LambdaFunction, id: string, name: string, impact: string): Alarm {
    const metric = lambda.metricErrors({ period: Duration.minutes(5), statistic: Stats.SUM });
    return this.alarm(`${id}Errors`, metric, 1, `${name} fails: ${impact}`, 'a-function-fails');
  }

  /**
   * For a task of a state machine, which throws on purpose (`Hold`, `Ended`, …): its log tells what is an error. And for what
   * logs an error and goes on, beside `onErrors`.
   */
  onErrorLines(logGroup: LogGroup, id: string, name: string, impact: string): Alarm {
    return this.onLines(`${id}Errors`, [logGroup], PATTERNS.failed, `${name} fails: ${impact}`, 'a-function-fails');
  }

  /** SES takes no mail for a reason that does not pass by itself; each function that mails leads logs it so. */
  onParkedSending(logGroups: LogGroup[]): Alarm {
    const what = 'SES takes no mail: nurture waits, and what visitors asked for';
    return this.onLines('SendingParked', logGroups, PATTERNS.parked, what, 'sending-is-parked');
  }

  /** Too many bounces or complaints in a day: `record` has paused all marketing mail, and logs it so. */
  onBrake(logGroup: LogGroup): Alarm {
    return this.onLines('Brake', [logGroup], PATTERNS.braked, 'marketing mail has paused itself', 'the-brake-is-on');
  }

  /** Executions of nurture machines that failed, as a rule on the default bus counts them. */
  onFailedNurture(rule: Rule): Alarm {
    const metric = new Metric({
      namespace: 'AWS/Events',
      metricName: 'TriggeredRules',
      dimensionsMap: { RuleName: rule.ruleName },
      period: Duration.minutes(5),
      statistic: Stats.SUM,
    });
    return this.alarm('NurtureFailed', metric, 1, 'a nurture fails: its leads get their mails late', 'a-nurture-fails');
  }

  /** One alarm, whichever of the logs has the line. */
  private onLines(
    id: string,
    logGroups: LogGroup[],
    filterPattern: IFilterPattern,
    what: string,
    article: Article,
  ): Alarm {
    const name = { metricNamespace: 'Ripen', metricName: `${Stack.of(this).stackName}-${id}` };
    for (const logGroup of logGroups) logGroup.addMetricFilter(`${id}Filter`, { filterPattern, ...name });
    const metric = new Metric({
      namespace: name.metricNamespace,
      metricName: name.metricName,
      period: Duration.minutes(5),
      statistic: Stats.SUM,
    });
    return this.alarm(id, metric, 1, what, article);
  }

  onMessages(
    queue: Queue,
    id: string,
    name: string,
    impact: string,
    article: Article = 'a-failure-queue-fills',
  ): Alarm {
    const metric = queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) });
    return this.alarm(`${id}Waiting`, metric, 1, `${name} gave up on work: ${impact}`, article);
  }

  onFailedExecutions(machine: StateMachine, impact: string): Alarm {
    const metric = machine.metricFailed({ period: Duration.minutes(5), statistic: Stats.SUM });
    return this.alarm('HandoffFailed', metric, 1, `a handoff fails: ${impact}`, 'a-handoff-fails');
  }

  /** The account's reputation, as SES measures it. SES reviews at 5 % bounces and 0.1 % complaints (SES developer guide). */
  onReputation(): Alarm[] {
    const rate = (metricName: string) =>
      new Metric({ namespace: 'AWS/SES', metricName, period: Duration.hours(1), statistic: Stats.AVERAGE });
    return [
      this.alarm(
        'BounceRate',
        rate('Reputation.BounceRate'),
        0.04,
        'mail bounces: SES may stop all sending',
        'mail-bounces',
      ),
      this.alarm(
        'ComplaintRate',
        rate('Reputation.ComplaintRate'),
        0.0008,
        'recipients complain: SES may stop all sending',
        'recipients-complain',
      ),
    ];
  }

  private alarm(id: string, metric: IMetric, threshold: number, what: string, article: Article): Alarm {
    const alarm = new Alarm(this, id, {
      alarmName: `${Stack.of(this).stackName}-${id}`,
      alarmDescription: `${what}. Runbook: README.md#${article}`,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    return alarm;
  }
}
