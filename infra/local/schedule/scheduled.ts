/** What the template schedules: rules with a ScheduleExpression, and AWS::Scheduler::Schedule. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { RetryPolicy, readRule, targetKind } from '../bus/rule.ts';
import { parseResource, type Resource } from '../resource.ts';
import { compileExpression } from './expression.ts';

/** One function that is invoked on a schedule. */
export interface Scheduled {
  /** Unique, and the same in each run: the ARN of the schedule, and for rules the target's id. */
  key: string;
  expression: string;
  zone: string;
  function: string;
  /** The parsed payload for a tick that is due at `due` (ms). */
  payload(due: number): unknown;
  deadLetterQueue?: string;
  /** ms; ticks lie between them. */
  from?: number;
  until?: number;
}

interface Place {
  region: string;
  account: string;
}

const ScheduleProperties = z.strictObject({
  Name: z.string().optional(),
  GroupName: z.string().default('default'),
  Description: z.string().optional(),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  StartDate: z.iso.datetime({ offset: true }).optional(),
  EndDate: z.iso.datetime({ offset: true }).optional(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  // A flexible window lets AWS choose the moment in it; here it is the first.
  FlexibleTimeWindow: z.unknown(),
  KmsKeyArn: z.unknown().optional(),
  Target: z.strictObject({
    Arn: z.string(),
    RoleArn: z.unknown(),
    Input: z.string().optional(),
    DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
    // Read, so that a wrong one is found; an unknown function is not retried, and others are Lambda's own to retry.
    RetryPolicy: RetryPolicy.optional(),
  }),
});

/** AWS writes the time of a tick in whole seconds. */
const seconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** @throws Error that names the rule and what cannot be scheduled. Disabled rules and rules without a schedule give none. */
export function readScheduledRule(resource: Resource, place: Place): Scheduled[] {
  const rule = readRule(resource, place);
  const expression = rule.schedule;
  if (expression === undefined || !rule.enabled) return [];
  compileExpression(expression, 'UTC', 0);
  return rule.targets.map((target) => {
    if (target.kind !== 'function')
      throw new Error(`${rule.arn}: the engine schedules functions only, not ${target.arn}`);
    return {
      key: `${rule.arn} ${target.id}`,
      expression,
      zone: 'UTC',
      function: target.arn,
      payload(due) {
        const event = { ...tickEvent('aws.events', rule.arn, due, place), detail: {} };
        const origin = { ruleArn: rule.arn, ruleName: rule.name, ingested: new Date(due).toISOString() };
        return JSON.parse(target.input(event, origin));
      },
      ...(target.deadLetterQueue === undefined ? {} : { deadLetterQueue: target.deadLetterQueue }),
    };
  });
}

/** @throws Error that names the schedule and what is wrong with it. A disabled one gives none. */
export function readSchedule(resource: Resource, place: Place): Scheduled[] {
  const type = 'AWS::Scheduler::Schedule';
  const properties = parseResource(type, resource, ScheduleProperties);
  const { Target, ScheduleExpression: expression, ScheduleExpressionTimezone: zone } = properties;
  if (targetKind(Target.Arn) !== 'function')
    throw new Error(`${type} ${resource.logicalId}: the engine schedules functions only, not ${Target.Arn}`);
  compileExpression(expression, zone, 0);
  if (properties.State === 'DISABLED') return [];
  const key = `arn:aws:scheduler:${place.region}:${place.account}:schedule/${properties.GroupName}/${resource.name}`;
  const deadLetterQueue = Target.DeadLetterConfig?.Arn;
  const input = Target.Input;
  return [
    {
      key,
      expression,
      zone,
      function: Target.Arn,
      payload: (due) =>
        input === undefined
          ? { ...tickEvent('aws.scheduler', key, due, place), detail: '{}' }
          : JSON.parse(fillContext(input, key, due)),
      ...(deadLetterQueue === undefined ? {} : { deadLetterQueue }),
      ...(properties.StartDate === undefined ? {} : { from: Date.parse(properties.StartDate) }),
      ...(properties.EndDate === undefined ? {} : { until: Date.parse(properties.EndDate) }),
    },
  ];
}

/** The context attributes that Scheduler replaces in an input. */
function fillContext(input: string, arn: string, due: number): string {
  return input
    .replaceAll('<aws.scheduler.schedule-arn>', arn)
    .replaceAll('<aws.scheduler.scheduled-time>', seconds(due))
    .replaceAll('<aws.scheduler.execution-id>', randomUUID())
    .replaceAll('<aws.scheduler.attempt-number>', '1');
}

function tickEvent(source: string, arn: string, due: number, { region, account }: Place) {
  return {
    version: '0' as const,
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source,
    account,
    time: seconds(due),
    region,
    resources: [arn],
  };
}
