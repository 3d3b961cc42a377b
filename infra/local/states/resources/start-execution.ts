/** `states:startExecution`: starts another machine and does not wait for it. */

import * as z from 'zod';
import { AwsError } from '../../part.ts';
import type { Json } from '../json.ts';
import type { Caller, Outcome, Resource } from './resource.ts';
import { runtimeFailure } from './resource.ts';

const Request = z.strictObject({
  StateMachineArn: z.string(),
  /** The integration takes any JSON where the API wants a text of it. */
  Input: z.json().optional(),
  Name: z.string().optional(),
});

/** Starts an execution. `started` in milliseconds. @throws AwsError */
export type Start = (request: { machine: string; name: string; input: string }) => { arn: string; started: number };

export function startExecution(start: Start): Resource {
  return {
    arn: 'arn:aws:states:::states:startExecution',
    type: 'states',
    action: 'startExecution',
    waitsForToken: false,
    known: ['StateMachineArn', 'Input', 'Name'],
    required: ['StateMachineArn'],
    call: async (input, caller) => begin(start, input, caller),
  };
}

/** Without a name the attempt is the name, so that a call made again after a restart starts nothing new. */
function begin(start: Start, input: Json, caller: Caller): Outcome {
  const request = Request.safeParse(input);
  if (!request.success)
    return runtimeFailure(`The arguments of states:startExecution are not valid: ${z.prettifyError(request.error)}`);
  const { StateMachineArn: machine, Input = {}, Name: name = `task-${caller.attempt}` } = request.data;
  try {
    const { arn, started } = start({ machine, name, input: typeof Input === 'string' ? Input : JSON.stringify(Input) });
    return { ok: true, result: { ExecutionArn: arn, StartDate: new Date(started).toISOString() } };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const name = error.code.endsWith('Exception') ? error.code : `${error.code}Exception`;
    return { ok: false, failure: { error: `StepFunctions.${name}`, cause: error.message } };
  }
}
