/**
 * One way to make a Lambda: its own role, log group, tracing and alarm. What it may touch is given as `uses`,
 * each of which sets the variable and grants the call in one gesture.
 */
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ENV, type EnvName } from '../functions/env.ts';
import type { Alarms } from './alarms.ts';
import { makeFailureQueue } from './queue.ts';

/** A thing that a function uses: the variables that name it and the calls that it allows. */
export interface Use {
  env?: Partial<Record<EnvName, string>>;
  allow?: { actions: string[]; resources: string[]; conditions?: Record<string, Record<string, string>> }[];
  /** Resources with a wildcard in them, as cdk-nag names them, and why they cannot be narrower. */
  wildcards?: string[];
  because?: string;
}

export interface LambdaProps {
  /** The file in `functions/`, without its ending. */
  name: string;
  /** Who is hurt when it fails, as the alarm says it. */
  impact: string;
  uses: Use[];
  /** Seconds. */
  timeout?: number;
  /** Invoked without a caller that waits: failures go to a queue of its own. */
  async?: boolean;
  /** A task of a state machine: it throws on purpose, by names that the machine knows. */
  task?: boolean;
  /** Kept free for this function alone. */
  reserved?: number;
  memory?: number;
}

export interface Made {
  lambda: LambdaFunction;
  logGroup: LogGroup;
  failures?: Queue;
  alarms: Alarm[];
}

export class Lambdas {
  readonly made = new Map<string, Made>();
  private readonly scope: Construct;
  private readonly bundles: Record<string, string>;
  private readonly alarms: Alarms;

  constructor(scope: Construct, bundles: Record<string, string>, alarms: Alarms) {
    this.scope = scope;
    this.bundles = bundles;
    this.alarms = alarms;
  }

  /** The log group of a function that was made. @throws Error when it was not. */
  logGroupOf(name: string): LogGroup {
    const made = this.made.get(name);
    if (!made) throw new Error(`There is no function ${name}.`);
    return made.logGroup;
  }

  /** Makes one function. @throws Error when `functions/` has no file of that name. */
  make(props: LambdaProps): LambdaFunction {
    const bundle = this.bundles[props.name];
    if (!bundle) throw new Error(`There is no functions/${props.name}.ts.`);
    const id = pascal(props.name);
    const functionName = `${Stack.of(this.scope).stackName}-${props.name}`;
    const logGroup = new LogGroup(this.scope, `${id}Log`, {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this.scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const failures = props.async ? makeFailureQueue(this.scope, `${id}Failures`, `${props.name}-failures`) : undefined;
    const lambda = new LambdaFunction(this.scope, id, {
      functionName,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(bundle),
      role,
      logGroup,
      tracing: Tracing.ACTIVE,
      memorySize: props.memory ?? 512,
      timeout: Duration.seconds(props.timeout ?? 10),
      environment: environmentOf(props.uses),
      ...(props.reserved ? { reservedConcurrentExecutions: props.reserved } : {}),
      ...(failures ? { onFailure: new SqsDestination(failures), retryAttempts: 2 } : {}),
    });
    logGroup.grantWrite(role);
    for (const statement of props.uses.flatMap((use) => use.allow ?? [])) {
      role.addToPolicy(new PolicyStatement({ effect: Effect.ALLOW, ...statement }));
    }
    acknowledge(role, props.uses);
    const alarms = [
      props.task
        ? this.alarms.onErrorLines(logGroup, id, props.name, props.impact)
        : this.alarms.onErrors(lambda, id, props.name, props.impact),
    ];
    if (failures) alarms.push(this.alarms.onMessages(failures, id, props.name, props.impact));
    this.made.set(props.name, { lambda, logGroup, alarms, ...(failures ? { failures } : {}) });
    return lambda;
  }
}

/** Wildcards that cannot be narrower, each with the reason that its use gives. */
function acknowledge(role: Role, uses: Use[]): void {
  Validations.of(role).acknowledge({
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    reason: 'X-Ray segments, and reading the SES account, know no resource (service authorization reference).',
  });
  for (const { wildcards, because } of uses) {
    for (const resource of wildcards ?? []) {
      Validations.of(role).acknowledge({
        id: `AwsSolutions::AwsSolutions-IAM5[Resource::${resource}]`,
        reason: because ?? '',
      });
    }
  }
}

function environmentOf(uses: Use[]): Record<string, string> {
  const entries = uses.flatMap((use) => Object.entries(use.env ?? {}));
  return Object.fromEntries(entries.map(([name, value]) => [ENV[name as EnvName], value as string]));
}

const pascal = (name: string): string =>
  name
    .split('-')
    .map((word) => word[0]?.toUpperCase() + word.slice(1))
    .join('');
