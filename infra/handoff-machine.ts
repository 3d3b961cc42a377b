/**
 * The handoff's state machine: assign → notify on each channel → wait for an answer → remind → escalate.
 * Its tasks are `functions/handoff.ts`; what is decided is decided there, the machine follows outcomes.
 */
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** Faults of Lambda itself pass; a task that says `Retry` asks for another try. Backoff of 2 s … 2 min over about 8 minutes. */
const RETRY = [
  {
    ErrorEquals: [
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException',
      'Retry',
    ],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxAttempts: 8,
    MaxDelaySeconds: 120,
    JitterStrategy: 'FULL',
  },
];

const task = (name: string, more: object = {}): object => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: {
    FunctionName: '${HandoffFunction}',
    Payload: { task: name, leadId: '{% $leadId %}', handoffId: '{% $handoffId %}' },
  },
  Retry: RETRY,
  ...more,
});

/** The machine's definition in Amazon States Language; `${HandoffFunction}` stands for the ARN. */
export const HANDOFF_DEFINITION = {
  Comment: 'Brings one ready lead to sales and waits for the answer.',
  QueryLanguage: 'JSONata',
  StartAt: 'Assign',
  States: {
    Assign: task('assign', {
      Arguments: {
        FunctionName: '${HandoffFunction}',
        Payload: { task: 'assign', leadId: '{% $states.input.leadId %}', handoffId: '{% $states.input.handoffId %}' },
      },
      Assign: {
        leadId: '{% $states.input.leadId %}',
        handoffId: '{% $states.input.handoffId %}',
        channels: '{% $states.result.Payload.channels %}',
        seconds: '{% $states.result.Payload.seconds %}',
      },
      Next: 'Notify',
    }),
    Notify: {
      Type: 'Map',
      Items: '{% $channels %}',
      ItemSelector: { channel: '{% $states.context.Map.Item.Value %}' },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Notify on one channel',
        States: {
          'Notify on one channel': {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            Arguments: {
              FunctionName: '${HandoffFunction}',
              Payload: {
                task: 'notify',
                leadId: '{% $leadId %}',
                handoffId: '{% $handoffId %}',
                channel: '{% $states.input.channel %}',
              },
            },
            Retry: RETRY,
            // One channel that stays silent must not silence the others: the function has logged it, the alarm tells.
            Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Not notified' }],
            End: true,
          },
          'Not notified': { Type: 'Pass', End: true },
        },
      },
      Next: 'Wait for an answer',
    },
    'Wait for an answer': {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      TimeoutSeconds: '{% $seconds %}',
      Arguments: {
        FunctionName: '${HandoffFunction}',
        Payload: {
          task: 'await',
          leadId: '{% $leadId %}',
          handoffId: '{% $handoffId %}',
          token: '{% $states.context.Task.Token %}',
          attempt: '{% $toMillis($states.context.State.EnteredTime) + $states.context.State.RetryCount %}',
        },
      },
      Assign: { outcome: '{% $states.result.outcome %}' },
      Retry: RETRY,
      // Changed: something is due already, or nearer than the machine knew when it began to wait.
      Catch: [{ ErrorEquals: ['States.Timeout', 'Changed'], Next: 'Look' }],
      Next: 'Answered?',
    },
    'Answered?': {
      Type: 'Choice',
      Choices: [{ Condition: "{% $outcome = 'done' %}", Next: 'Done' }],
      Default: 'Look',
    },
    Look: task('look', {
      Assign: {
        outcome: '{% $states.result.Payload.outcome %}',
        seconds: '{% $states.result.Payload.seconds %}',
      },
      Next: 'What is due?',
    }),
    'What is due?': {
      Type: 'Choice',
      Choices: [
        { Condition: "{% $outcome = 'remind' %}", Next: 'Remind' },
        { Condition: "{% $outcome = 'escalate' %}", Next: 'Escalate' },
        { Condition: "{% $outcome = 'await' %}", Next: 'Wait for an answer' },
      ],
      Default: 'Done',
    },
    Remind: task('remind', { Next: 'Look' }),
    Escalate: task('escalate', { Next: 'Look' }),
    Done: { Type: 'Succeed' },
  },
};

export function makeHandoffMachine(scope: Construct, handoff: LambdaFunction): StateMachine {
  const name = `${Stack.of(scope).stackName}-handoff`;
  const machine = new StateMachine(scope, 'HandoffMachine', {
    stateMachineName: name,
    stateMachineType: StateMachineType.STANDARD,
    definitionBody: DefinitionBody.fromString(JSON.stringify(HANDOFF_DEFINITION)),
    definitionSubstitutions: { HandoffFunction: handoff.functionArn },
    tracingEnabled: true,
    logs: {
      destination: new LogGroup(scope, 'HandoffMachineLog', {
        logGroupName: `/aws/vendedlogs/states/${name}`,
        retention: RetentionDays.THREE_MONTHS,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      level: LogLevel.ERROR,
      includeExecutionData: false,
    },
  });
  // CDK cannot see the tasks in a definition given as a string.
  handoff.grantInvoke(machine);
  Validations.of(machine).acknowledge(
    {
      id: 'AwsSolutions::AwsSolutions-SF1',
      reason:
        'Errors alone are logged: the history of each execution tells the rest for 90 days, and logs cost more than transitions.',
    },
    {
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'Log delivery and X-Ray know no resource.',
    },
    {
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${Stack.of(scope).getLogicalId(handoff.node.defaultChild as CfnFunction)}.Arn>:*]`,
      reason: 'The versions of the one function that the machine calls.',
    },
  );
  return machine;
}
