/**
 * The handoff's state machine: assign → notify on each channel, and meanwhile wait for an answer → remind → escalate.
 * Its tasks are `functions/handoff.ts`; what is decided is decided there, the machine follows outcomes.
 */
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

const PASSING = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Retry',
];
const BACKOFF = { IntervalSeconds: 2, BackoffRate: 2, JitterStrategy: 'FULL' };

/** Faults of Lambda itself pass; a task that says `Retry` asks for another try. At most 6 minutes, by jitter half of that. */
const RETRY = [{ ErrorEquals: PASSING, ...BACKOFF, MaxAttempts: 8, MaxDelaySeconds: 120 }];

/**
 * Telling somebody is tried for a day, so that an outage of SES or of a CRM is sat out: after 2 + 4 + … + 256 s each 5
 * minutes, by jitter half of that. A try makes 3 of the 25,000 events that an execution may have, so that ten channels may
 * be down at once. A function that was cut off is tried too: the ledger of mails lets it mail only once.
 */
const TRIES = 600;
const UNTIL_TOLD = [
  {
    ErrorEquals: [...PASSING, 'Lambda.Unknown', 'Sandbox.Timedout', 'Runtime.ExitError'],
    ...BACKOFF,
    MaxAttempts: TRIES - 1,
    MaxDelaySeconds: 300,
  },
];

const HANDOFF = { leadId: '{% $leadId %}', handoffId: '{% $handoffId %}' };

/** `payload`: what the task is given beside its name and the handoff. */
const task = (name: string, payload: object, more: object): object => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: '${HandoffFunction}', Payload: { task: name, ...HANDOFF, ...payload } },
  Retry: RETRY,
  Output: '{% $states.result.Payload %}',
  ...more,
});

const tell = (name: string, payload: object, more: object): object =>
  task(
    name,
    { ...payload, attempt: '{% $states.context.State.RetryCount %}', tries: TRIES },
    { Retry: UNTIL_TOLD, ...more },
  );

const NOTIFY = {
  StartAt: 'Notify',
  States: {
    Notify: {
      Type: 'Map',
      Items: '{% $states.input.channels %}',
      ItemSelector: { channel: '{% $states.context.Map.Item.Value %}' },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Notify on one channel',
        States: {
          'Notify on one channel': tell(
            'notify',
            { channel: '{% $states.input.channel %}' },
            {
              // One channel that stays silent must not silence the others, nor the wait: it is logged, and the alarm tells.
              Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'Not notified' }],
              End: true,
            },
          ),
          'Not notified': task('untold', { error: '{% $states.input %}' }, { End: true }),
        },
      },
      End: true,
    },
  },
};

const AWAIT = {
  StartAt: 'Wait for an answer',
  States: {
    'Wait for an answer': {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      TimeoutSeconds: '{% $states.input.seconds %}',
      Arguments: {
        FunctionName: '${HandoffFunction}',
        Payload: {
          task: 'await',
          ...HANDOFF,
          token: '{% $states.context.Task.Token %}',
          attempt: '{% $toMillis($states.context.State.EnteredTime) + $states.context.State.RetryCount %}',
        },
      },
      Retry: RETRY,
      // Changed: something is due already, or nearer than the machine knew when it began to wait.
      Catch: [{ ErrorEquals: ['States.Timeout', 'Changed'], Next: 'Look' }],
      Next: 'Answered?',
    },
    'Answered?': {
      Type: 'Choice',
      Choices: [{ Condition: "{% $states.input.outcome = 'done' %}", Next: 'Done' }],
      Default: 'Look',
    },
    Look: task('look', {}, { Next: 'What is due?' }),
    'What is due?': {
      Type: 'Choice',
      Choices: [
        { Condition: "{% $states.input.outcome = 'remind' %}", Next: 'Remind' },
        { Condition: "{% $states.input.outcome = 'escalate' %}", Next: 'Escalate' },
        { Condition: "{% $states.input.outcome = 'await' %}", Next: 'Wait for an answer' },
      ],
      Default: 'Done',
    },
    // Each try looks anew: an answer, or the deadline that came meanwhile, ends the reminding.
    Remind: tell('remind', {}, { Next: 'Look' }),
    Escalate: tell('escalate', {}, { Next: 'Look' }),
    Done: { Type: 'Succeed' },
  },
};

/** The machine's definition in Amazon States Language; `${HandoffFunction}` stands for the ARN. */
export const HANDOFF_DEFINITION = {
  Comment: 'Brings one ready lead to sales and waits for the answer.',
  QueryLanguage: 'JSONata',
  StartAt: 'Assign',
  States: {
    Assign: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: {
        FunctionName: '${HandoffFunction}',
        Payload: { task: 'assign', leadId: '{% $states.input.leadId %}', handoffId: '{% $states.input.handoffId %}' },
      },
      Retry: RETRY,
      Assign: { leadId: '{% $states.input.leadId %}', handoffId: '{% $states.input.handoffId %}' },
      Output: '{% $states.result.Payload %}',
      Next: 'Bring to sales',
    },
    // Side by side: a channel that is down for hours delays neither the reminder nor the escalation nor the answer.
    'Bring to sales': { Type: 'Parallel', Branches: [NOTIFY, AWAIT], End: true },
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
