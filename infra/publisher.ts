/**
 * What the publisher of definitions is given for the nurture machines: a role, a log group and a name prefix.
 * The machines themselves are no resources of the stack, because removing one here would kill the leads inside it.
 */
import { CustomResource, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Use } from './lambda.ts';

/** Why permissions name machines by prefix. */
const MADE_LATER = 'Nurture machines are made by the publisher, one for each workflow, under this prefix alone.';

export class Nurture extends Construct {
  readonly prefix: string;
  private readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.prefix = `${Stack.of(this).stackName}-nurture`;
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/vendedlogs/states/${this.prefix}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** Every nurture machine, with its versions. */
  private get machines(): string[] {
    const arn = this.arn('stateMachine');
    return [arn, `${arn}:*`];
  }

  private arn(resource: 'stateMachine' | 'execution'): string {
    return Stack.of(this).formatArn({
      service: 'states',
      resource: `${resource}:${this.prefix}-*`,
    });
  }

  starts(): Use {
    return this.onMachines(['states:StartExecution']);
  }

  /** Goes on with a parked task. The permission cannot be narrower than the machine. */
  wakes(): Use {
    return this.onMachines(['states:SendTaskSuccess']);
  }

  looksAtExecutions(): Use {
    return {
      allow: [{ actions: ['states:DescribeExecution'], resources: [`${this.arn('execution')}:*`] }],
      wildcards: [`${this.named('execution')}:*`],
      because: MADE_LATER,
    };
  }

  private onMachines(actions: string[]): Use {
    const name = this.named('stateMachine');
    return { allow: [{ actions, resources: this.machines }], wildcards: [name, `${name}:*`], because: MADE_LATER };
  }

  /** The ARN as cdk-nag writes it. */
  private named(resource: 'stateMachine' | 'execution'): string {
    return `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:${resource}:${this.prefix}-*`;
  }

  /** What the publisher needs: the functions that machines call, and the right to make and version machines. */
  publishes(functions: Record<'send' | 'park' | 'step' | 'call', LambdaFunction>): Use {
    const role = this.makeRole(Object.values(functions));
    const made = this.onMachines([
      'states:CreateStateMachine',
      'states:UpdateStateMachine',
      'states:PublishStateMachineVersion',
      'states:DescribeStateMachine',
      'states:ListStateMachineVersions',
      'states:DeleteStateMachineVersion',
      'states:TagResource',
    ]);
    return {
      ...made,
      env: {
        sendFunction: functions.send.functionArn,
        parkFunction: functions.park.functionArn,
        stepFunction: functions.step.functionArn,
        callFunction: functions.call.functionArn,
        machinePrefix: this.prefix,
        machineRole: role.roleArn,
        machineLogGroup: this.logGroup.logGroupArn,
      },
      allow: [
        ...(made.allow ?? []),
        {
          actions: ['iam:PassRole'],
          resources: [role.roleArn],
          conditions: { StringEquals: { 'iam:PassedToService': 'states.amazonaws.com' } },
        },
      ],
    };
  }

  private makeRole(functions: LambdaFunction[]): Role {
    const role = new Role(this, 'MachineRole', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['lambda:InvokeFunction'],
        resources: functions.map((lambda) => lambda.functionArn),
      }),
    );
    // Log delivery and tracing know no resources (Step Functions developer guide, "Logging", "X-Ray").
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: [
          'logs:CreateLogDelivery',
          'logs:GetLogDelivery',
          'logs:UpdateLogDelivery',
          'logs:DeleteLogDelivery',
          'logs:ListLogDeliveries',
          'logs:PutResourcePolicy',
          'logs:DescribeResourcePolicies',
          'logs:DescribeLogGroups',
          'xray:PutTraceSegments',
          'xray:PutTelemetryRecords',
          'xray:GetSamplingRules',
          'xray:GetSamplingTargets',
        ],
        resources: ['*'],
      }),
    );
    Validations.of(role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'Log delivery and X-Ray know no resource.',
    });
    return role;
  }
}

/** Publishes the packaged definition at each deployment that changes it. */
export function publishOnDeploy(scope: Construct, publisher: LambdaFunction, hash: string): void {
  new CustomResource(scope, 'Definition', {
    resourceType: 'Custom::RipenDefinition',
    serviceToken: publisher.functionArn,
    properties: { hash },
  });
}
