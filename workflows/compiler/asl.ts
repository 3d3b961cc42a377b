/**
 * Compiles a workflow's graph to Amazon States Language in JSONata mode. States compare outcome names and wait for instants,
 * nothing else: what a step means is decided by the functions. The payloads are ids only, since an execution's history can
 * be read for 90 days and never edited.
 */
import type { Step, Workflow } from '../../functions/definition/workflow.ts';
import { TASK_ERROR } from '../../functions/lead/task-error.ts';
import { successors } from './step-graph.ts';

type State = Record<string, unknown>;

const END = 'End';
/** Nothing but what Lambda itself may fail with for a while, and our own wish to be tried again. */
const RETRY = [
  {
    ErrorEquals: [
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException',
      TASK_ERROR.retry,
    ],
    IntervalSeconds: 2,
    BackoffRate: 2,
    // 2 + 4 + … + 256 s, then each 5 minutes: an hour of outage is sat out.
    MaxAttempts: 18,
    MaxDelaySeconds: 300,
    JitterStrategy: 'FULL',
  },
];
/** The enrolment ended, or was paused: the machine is done either way. A resume is the next execution. */
const CATCH_END = { ErrorEquals: [TASK_ERROR.ended, TASK_ERROR.paused], Next: END };

const IDS = {
  leadId: '{% $leadId %}',
  enrolmentId: '{% $enrolmentId %}',
  definition: '{% $definition %}',
  run: '{% $run %}',
};
const START_VARIABLES = {
  leadId: '{% $states.input.leadId %}',
  enrolmentId: '{% $states.input.enrolmentId %}',
  definition: '{% $states.input.definition %}',
  run: '{% $states.input.run %}',
  due: '{% $states.input.due %}',
};

/** The document of one workflow, with `${SendFunction}` and the like where a function's ARN goes. */
export function compileMachine(workflow: Workflow): object {
  const steps = Object.values(workflow.steps);
  const states: Record<string, State> = startStates(workflow, steps);
  for (const step of steps) Object.assign(states, statesOf(step, workflow));
  states[END] = { Type: 'Succeed' };
  const comment = workflow.about ?? workflow.name;
  return { Comment: comment, QueryLanguage: 'JSONata', StartAt: 'Start', States: states };
}

const UNTIL_DUE = 'Until its step is due';
const AT_STEP = 'At its step';

/**
 * A new execution begins at the first step. One that was restarted, released or moved begins where the enrolment stands,
 * when that is due: a wait before it is no place to stand, and may not be over.
 */
function startStates(workflow: Workflow, steps: Step[]): Record<string, State> {
  const first = stateOf(workflow.first, workflow);
  const later = {
    Condition: "{% $type($states.input.at) = 'string' %}",
    Assign: { ...START_VARIABLES, at: '{% $states.input.at %}' },
    Next: UNTIL_DUE,
  };
  return {
    Start: { Type: 'Choice', Assign: START_VARIABLES, Choices: [later], Default: first },
    [UNTIL_DUE]: { Type: 'Wait', Timestamp: '{% $due %}', Next: AT_STEP },
    [AT_STEP]: {
      Type: 'Choice',
      Choices: steps.map(({ id, title }) => ({ Condition: `{% $at = '${id}' %}`, Next: title })),
      Default: first,
    },
  };
}

const stateOf = (id: string | null, workflow: Workflow): string =>
  (id === null ? undefined : workflow.steps[id]?.title) ?? END;

/** Ending in the step itself saves the transition to "End". */
const goTo = (state: string): State => (state === END ? { End: true } : { Next: state });

function statesOf(step: Step, workflow: Workflow): Record<string, State> {
  switch (step.kind) {
    case 'wait':
    case 'waitUntil':
      return { [step.title]: { Type: 'Wait', Timestamp: '{% $due %}', ...goTo(stateOf(step.next, workflow)) } };
    case 'send':
      return sendStates(step, workflow);
    case 'waitFor':
      return waitForStates(step, workflow);
    case 'choose':
      return chooseStates(step, workflow);
    case 'enrol':
    case 'set':
      return { [step.title]: task('StepFunction', step, { kind: step.kind }, stateOf(step.next, workflow)) };
    case 'split':
      return splitStates(step, workflow);
    case 'webhook':
      return { [step.title]: task('CallFunction', step, ATTEMPT, stateOf(step.next, workflow)) };
  }
}

/** A task that tells when the step after it is due. */
function task(name: string, step: Step, payload: object, next: string, assign: object = {}): State {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: `\${${name}}`, Payload: { ...IDS, step: step.id, ...payload } },
    Assign: { due: '{% $states.result.Payload.due %}', ...assign },
    Retry: RETRY,
    Catch: [CATCH_END],
    ...goTo(next),
  };
}

/** Two states a mail: the wait before it, and the sending. A hold is rare and costs two more. */
function sendStates(step: Step, workflow: Workflow): Record<string, State> {
  const hold = `Hold (${step.title})`;
  const sending = task('SendFunction', step, {}, stateOf(step.next, workflow));
  const catchHold = {
    ErrorEquals: [TASK_ERROR.hold],
    // Lambda's error payload; its message is the instant until which the send is held.
    Assign: { held: '{% $parse($states.errorOutput.Cause).errorMessage %}' },
    Next: hold,
  };
  return {
    [step.title]: { ...sending, Catch: [catchHold, CATCH_END] },
    [hold]: { Type: 'Wait', Timestamp: '{% $held %}', Next: step.title },
  };
}

/** How often the task was tried before: a webhook that nobody answers is given up after some. */
const ATTEMPT = { attempt: '{% $states.context.State.RetryCount %}' };

const OUTCOME = { outcome: '{% $states.result.Payload.outcome %}' };

/** Parks a task token; a wake or the deadline goes on. The deadline looks at the lead once more, since a wake may be lost. */
function waitForStates(step: Extract<Step, { kind: 'waitFor' }>, workflow: Workflow): Record<string, State> {
  const look = `Look (${step.title})`;
  const branch = `Branch (${step.title})`;
  const [only, ...others] = successors(step);
  const next = others.length === 0 ? stateOf(only ?? null, workflow) : branch;
  const payload = {
    ...IDS,
    step: step.id,
    token: '{% $states.context.Task.Token %}',
    // Rises with each attempt, so that a slow first attempt never overwrites the token of the second.
    attempt: '{% $toMillis($states.context.State.EnteredTime) + $states.context.State.RetryCount %}',
  };
  const states: Record<string, State> = {
    [step.title]: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { FunctionName: '${ParkFunction}', Payload: payload },
      TimeoutSeconds: Math.max(1, Math.ceil(step.upTo / 1000)),
      Assign: { outcome: '{% $states.result.outcome %}', due: '{% $states.result.due %}' },
      Retry: RETRY,
      Catch: [{ ErrorEquals: ['States.Timeout'], Next: look }, CATCH_END],
      ...goTo(next),
    },
    [look]: task('StepFunction', step, { kind: 'look' }, next, OUTCOME),
  };
  if (next !== branch) return states;
  const choices = [
    whenOutcome('then', stateOf(step.then, workflow)),
    whenOutcome('otherwise', stateOf(step.otherwise, workflow)),
    whenOutcome('ended', END),
  ];
  return { ...states, [branch]: { Type: 'Choice', Choices: choices } };
}

function chooseStates(step: Extract<Step, { kind: 'choose' }>, workflow: Workflow): Record<string, State> {
  const branch = `Branch (${step.title})`;
  const [only, ...others] = successors(step);
  const next = others.length === 0 ? stateOf(only ?? null, workflow) : branch;
  const states = { [step.title]: task('StepFunction', step, { kind: 'choose' }, next, OUTCOME) };
  if (next !== branch) return states;
  const choices = step.branches.map(({ go }, index) => whenOutcome(String(index), stateOf(go, workflow)));
  const hasOtherwise = step.branches.some(({ when }) => when === undefined);
  const none = hasOtherwise ? [] : [whenOutcome('none', stateOf(step.next, workflow))];
  return { ...states, [branch]: { Type: 'Choice', Choices: [...choices, ...none] } };
}

/** A hold-out needs no way on: the task ends its enrolment, and the machine with it. */
function splitStates(step: Extract<Step, { kind: 'split' }>, workflow: Workflow): Record<string, State> {
  const branch = `Branch (${step.title})`;
  const [only, ...others] = successors(step);
  const next = others.length === 0 ? stateOf(only ?? null, workflow) : branch;
  const states = { [step.title]: task('StepFunction', step, { kind: 'split' }, next, OUTCOME) };
  if (next !== branch) return states;
  const named = step.variants.filter(({ holdOut }) => !holdOut);
  const choices = named.map(({ name, go }) => whenOutcome(name, stateOf(go, workflow)));
  return { ...states, [branch]: { Type: 'Choice', Choices: choices } };
}

/** Without a `Default`: an outcome that the machine does not know fails it, and is seen. */
const whenOutcome = (outcome: string, next: string): State => ({
  Condition: `{% $outcome = '${outcome}' %}`,
  Next: next,
});
