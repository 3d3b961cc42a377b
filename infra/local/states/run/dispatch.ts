/** Which code runs a thread, by its phase and by the type of its state. */
import type { Failure } from '../failure.ts';
import { failureOf } from '../failure.ts';
import { parseJson } from '../json.ts';
import { runChoice } from '../kinds/choice.ts';
import { runFail } from '../kinds/fail.ts';
import { beginIteration, runMap } from '../kinds/map.ts';
import { runParallel } from '../kinds/parallel.ts';
import { runPass } from '../kinds/pass.ts';
import { runSucceed } from '../kinds/succeed.ts';
import { callTask, scheduleTask } from '../kinds/task.ts';
import { endWait, runWait } from '../kinds/wait.ts';
import { isRecovering } from '../machine/machine.ts';
import type { Thread } from '../storage/threads.ts';
import { leave } from './leave.ts';
import { evaluationFailed, explained, guarded, recover } from './recover.ts';
import type { Step, Stepping } from './step.ts';
import type { Visit } from './visit.ts';

/** The next step of a thread that is in a state. */
export function takeStep(visit: Visit): Promise<Step> {
  const { thread, state } = visit;
  switch (thread.phase) {
    case 'task':
      if (state.type === 'Task') return callTask(visit, state);
      break;
    case 'woken':
      if (state.type === 'Wait') return guarded(visit, [], () => endWait(visit, state));
      break;
    case 'result':
      return finish(visit);
    case 'error':
      return recover(visit, storedFailure(thread), []);
    case 'ready':
      return guarded(visit, [], () => runState(visit));
  }
  throw new Error(`a ${state.type} state cannot be in the phase ${thread.phase}`);
}

function runState(visit: Visit): Stepping {
  const { state } = visit;
  switch (state.type) {
    case 'Pass':
      return runPass(visit, state);
    case 'Task':
      return scheduleTask(visit, state);
    case 'Choice':
      return runChoice(visit, state);
    case 'Wait':
      return runWait(visit, state);
    case 'Succeed':
      return runSucceed(visit, state);
    case 'Fail':
      return runFail(visit, state);
    case 'Parallel':
      return runParallel(visit, state);
    case 'Map':
      return runMap(visit, state);
  }
}

/** A token, the branches or the iterations have brought the result. */
function finish(visit: Visit): Promise<Step> {
  const { state, thread } = visit;
  if (!isRecovering(state)) throw new Error(`a ${state.type} state cannot have a result`);
  const result = parseJson(thread.work ?? 'null');
  return guarded(visit, [], () => leave(visit, state, result, { result }));
}

/** Written by this folder, as JSON of a Failure. */
function storedFailure({ work }: Thread): Failure {
  return JSON.parse(work ?? '{"error":"States.Runtime"}');
}

/** The first step of a branch or an iteration; `parent` is the visit of its Parallel or Map. */
export async function takeFirstStep(parent: Visit, child: Thread): Promise<Step> {
  if (parent.state.type !== 'Map') return { kind: 'begin', input: child.work ?? 'null' };
  try {
    return await beginIteration(parent, parent.state, child);
  } catch (error) {
    const failure = explained(parent, failureOf(error));
    return { kind: 'fail', failure, events: evaluationFailed(parent, failure) };
  }
}
