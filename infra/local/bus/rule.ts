/** AWS::Events::Rule, read from the template. */
import * as z from 'zod';
import { parseResource, type Resource } from '../resource.ts';
import { compileInput, type TargetInput } from './input.ts';
import { compilePattern, type Pattern } from './pattern.ts';

/** Where a target's events go; the kinds that the engine delivers to. */
export type TargetKind = 'function' | 'state-machine' | 'queue' | 'bus';

export interface Target {
  id: string;
  arn: string;
  kind: TargetKind;
  input: TargetInput;
  deadLetterQueue?: string;
  maxRetries: number;
  /** Seconds since the event was accepted. */
  maxAge: number;
}

export interface Rule {
  arn: string;
  name: string;
  bus: string;
  matches: Pattern | undefined;
  /** A `rate()` or `cron()` expression; such rules live on the default bus. */
  schedule: string | undefined;
  enabled: boolean;
  targets: Target[];
}

/** EventBridge's default: 185 retries within 24 hours. */
export const RetryPolicy = z.strictObject({
  MaximumRetryAttempts: z.int().min(0).max(185).default(185),
  MaximumEventAgeInSeconds: z.int().min(60).max(86_400).default(86_400),
});

const TargetProperties = z.strictObject({
  Arn: z.string(),
  Id: z.string(),
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  InputTransformer: z
    .strictObject({ InputPathsMap: z.record(z.string(), z.string()).optional(), InputTemplate: z.string() })
    .optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
  RetryPolicy: RetryPolicy.optional(),
  RoleArn: z.unknown().optional(),
});

const RuleProperties = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  EventBusName: z.string().optional(),
  EventPattern: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  ScheduleExpression: z.string().optional(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  RoleArn: z.unknown().optional(),
  Tags: z.unknown().optional(),
  // Five targets a rule and 2,048 characters a pattern: EventBridge's quotas.
  Targets: z.array(TargetProperties).max(5).default([]),
});

const MAX_PATTERN = 2048;

const kinds: [RegExp, TargetKind][] = [
  [/^arn:[\w-]+:lambda:[\w-]*:\d*:function:/, 'function'],
  [/^arn:[\w-]+:states:[\w-]*:\d*:stateMachine:/, 'state-machine'],
  [/^arn:[\w-]+:sqs:[\w-]*:\d*:/, 'queue'],
  [/^arn:[\w-]+:events:[\w-]*:\d*:event-bus\//, 'bus'],
];

/** The name of a bus from its name or ARN; without either, the default bus. */
export function busName(nameOrArn: string | undefined): string {
  return nameOrArn?.split(':event-bus/').at(-1) ?? 'default';
}

/** Which kind of target an ARN names, if it is one that the engine delivers to. */
export function targetKind(arn: string): TargetKind | undefined {
  return kinds.find(([shape]) => shape.test(arn))?.[1];
}

/**
 * Reads a rule.
 * @throws Error that names the rule and the unknown property, target or matcher.
 */
export function readRule(resource: Resource, place: { region: string; account: string }): Rule {
  const properties = parseResource('AWS::Events::Rule', resource, RuleProperties);
  const { name } = resource;
  const bus = busName(properties.EventBusName);
  const path = bus === 'default' ? name : `${bus}/${name}`;
  try {
    return {
      arn: `arn:aws:events:${place.region}:${place.account}:rule/${path}`,
      name,
      bus,
      matches: readPattern(properties.EventPattern),
      schedule: properties.ScheduleExpression,
      enabled: properties.State === 'ENABLED',
      targets: properties.Targets.map(readTarget),
    };
  } catch (error) {
    throw new Error(`AWS::Events::Rule ${resource.logicalId}: ${error instanceof Error ? error.message : error}`);
  }
}

function readPattern(pattern: string | Record<string, unknown> | undefined): Pattern | undefined {
  if (pattern === undefined) return undefined;
  const length = (typeof pattern === 'string' ? pattern : JSON.stringify(pattern)).length;
  if (length > MAX_PATTERN) throw new Error(`the event pattern has ${length} characters, over ${MAX_PATTERN}`);
  return compilePattern(pattern);
}

function readTarget(properties: z.infer<typeof TargetProperties>): Target {
  const kind = targetKind(properties.Arn);
  if (!kind) throw new Error(`target ${properties.Id}: the engine does not deliver to ${properties.Arn}`);
  const deadLetterQueue = properties.DeadLetterConfig?.Arn;
  const retries = properties.RetryPolicy ?? RetryPolicy.parse({});
  return {
    id: properties.Id,
    arn: properties.Arn,
    kind,
    input: compileInput(properties),
    ...(deadLetterQueue === undefined ? {} : { deadLetterQueue }),
    maxRetries: retries.MaximumRetryAttempts,
    maxAge: retries.MaximumEventAgeInSeconds,
  };
}
