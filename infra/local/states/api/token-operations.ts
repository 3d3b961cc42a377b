/** SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat: what comes back to a task that waits for its token. */
import * as z from 'zod';
import { AwsError } from '../../part.ts';
import type { Failure } from '../failure.ts';
import { isTooLarge } from '../json.ts';
import { failedDetails, resourceDetails } from '../kinds/task.ts';
import type { TaskState } from '../machine/machine.ts';
import { outputDetails } from '../run/event.ts';
import type { Interpreter } from '../run/interpreter.ts';
import { type Page, wake, wakeAt } from '../run/page.ts';
import { threadOfToken } from '../run/token.ts';
import { change } from '../run/transition.ts';
import type { Draft } from '../storage/history.ts';
import type { Store } from '../storage/store.ts';
import type { Thread } from '../storage/threads.ts';
import type { Operations } from './operation.ts';
import { parseRequest } from './request.ts';

const Token = z.string().min(1).max(2048);
const Success = z.strictObject({ taskToken: Token, output: z.string() });
const FailureRequest = z.strictObject({
  taskToken: Token,
  error: z.string().max(256).optional(),
  cause: z.string().max(32_768).optional(),
});
const Heartbeat = z.strictObject({ taskToken: Token });

export function tokenOperations(store: Store, interpreter: Interpreter): Operations {
  const { threads } = store;

  /** @throws AwsError InvalidToken for what is no token, TaskTimedOut for one whose task is over */
  function waiting(token: string): Thread {
    const id = threadOfToken(token);
    if (id === undefined) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
    const thread = threads.get(id);
    if (thread?.token !== token) throw taskTimedOut();
    return thread;
  }

  /** The answer is on disk before it is acknowledged; the function that was given the token may still be running. */
  function settle(thread: Thread, phase: 'result' | 'error', work: string, event: (state: TaskState) => Draft): void {
    const settled = interpreter.pages.writeThread(thread, (page) => {
      const last_event = page.chapter.add(event(stateOf(page, thread)), thread.last_event);
      const changes = { phase, work, last_event, token: null, due: null, timeout: null, heartbeat: null };
      wake(page, change(threads, thread, changes));
      return true;
    });
    if (!settled) throw taskTimedOut();
  }

  function stateOf({ execution }: Page, thread: Thread): TaskState {
    const state = interpreter.taskOf(thread, execution);
    if (!state) throw taskTimedOut();
    return state;
  }

  return {
    SendTaskSuccess(input) {
      const { taskToken, output } = parseRequest(Success, input);
      const thread = waiting(taskToken);
      checkOutput(output);
      settle(thread, 'result', output, ({ resource }) => {
        return { type: 'TaskSucceeded', details: { ...resourceDetails(resource), ...outputDetails(output) } };
      });
      return {};
    },

    SendTaskFailure(input) {
      const { taskToken, error = '', cause } = parseRequest(FailureRequest, input);
      const failure: Failure = { error, ...(cause !== undefined && { cause }) };
      settle(waiting(taskToken), 'error', JSON.stringify(failure), ({ resource }) => {
        return { type: 'TaskFailed', details: failedDetails(resource, failure) };
      });
      return {};
    },

    SendTaskHeartbeat(input) {
      const thread = waiting(parseRequest(Heartbeat, input).taskToken);
      const { heartbeat, timeout, phase } = thread;
      // Before the function has returned the heartbeat does not count yet.
      if (heartbeat === null || phase !== 'token') return {};
      const beaten = interpreter.pages.writeThread(thread, (page) => {
        const due = Math.min(page.at + heartbeat, timeout ?? Number.POSITIVE_INFINITY);
        wakeAt(page, change(threads, thread, { due }).due);
        return true;
      });
      if (!beaten) throw taskTimedOut();
      return {};
    },
  };
}

function checkOutput(output: string): void {
  const refuse = (why: string) => new AwsError('InvalidOutput', `Invalid Output: '${why}'`);
  if (isTooLarge(output)) throw refuse('The output is larger than 262144 bytes.');
  try {
    JSON.parse(output);
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}

function taskTimedOut(): AwsError {
  return new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
}
