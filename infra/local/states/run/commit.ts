/** Carries out a step: one transaction that moves the thread, writes the history and ends what ends. */
import type { Machine } from '../machine/machine.ts';
import type { Store } from '../storage/store.ts';
import type { Thread } from '../storage/threads.ts';
import type { Branching } from './branching.ts';
import type { Closing } from './closing.ts';
import { assignedDetails, outputDetails } from './event.ts';
import { addEvents, type Page, type Pages, wakeAt } from './page.ts';
import type { Begin, Leave, Rest, Step } from './step.ts';
import { change, entering, stateOf } from './transition.ts';
import { variablesOf } from './visit.ts';

/**
 * Gives the thread as it then is, if it is to be run on at once. Does nothing when the thread was changed meanwhile:
 * it timed out, its token came back, or its execution was stopped.
 */
export type Commit = (thread: Thread, machine: Machine, step: Step) => Thread | undefined;

export interface CommitParts {
  store: Store;
  pages: Pages;
  closing: Closing;
  branching: Branching;
  /** A machine that is being deleted ends its executions at their next transition. */
  isDeleting(machine: string): boolean;
}

export function createCommit({ store, pages, closing, branching, isDeleting }: CommitParts): Commit {
  const { threads } = store;

  function apply(page: Page, thread: Thread, machine: Machine, step: Step): Thread | undefined {
    switch (step.kind) {
      case 'rest':
        return rest(page, thread, step);
      case 'fork':
        return branching.fork(page, thread, step);
      case 'begin':
        return begin(page, thread, machine, step);
      case 'leave':
        return leave(page, thread, machine, step);
      case 'fail': {
        const last = addEvents(page, step.events, thread.last_event);
        if (thread.parent === null) closing.fail(page, step.failure, last);
        else branching.failChild(page, thread, step.failure, last);
        return undefined;
      }
    }
  }

  function rest(page: Page, thread: Thread, { phase, events, changes }: Rest): Thread | undefined {
    const last_event = addEvents(page, events, thread.last_event);
    const rested = change(threads, thread, { ...changes, phase, last_event });
    wakeAt(page, rested.due);
    return phase === 'task' ? rested : undefined;
  }

  function begin(page: Page, thread: Thread, machine: Machine, { input }: Begin): Thread {
    const first = stateOf(machine, thread.scope, machine.scopes.get(thread.scope)?.startAt ?? '');
    return change(threads, thread, entering(page, first, input, thread.last_event));
  }

  function leave(page: Page, thread: Thread, machine: Machine, step: Leave): Thread | undefined {
    if (isDeleting(page.execution.machine)) {
      closing.abort(page, {});
      return undefined;
    }
    const { type, name } = stateOf(machine, thread.scope, thread.state);
    const details = { name, ...outputDetails(step.output), ...assignedDetails(step.assigned) };
    const before = addEvents(page, step.events, thread.last_event);
    const last = page.chapter.add({ type: `${type}StateExited`, details }, before);
    if (step.next === null) return end(page, thread, step.output, last);
    const next = stateOf(machine, thread.scope, step.next);
    const changes = entering(page, next, step.output, last);
    return change(threads, thread, { ...changes, variables: variablesAfter(thread, step) });
  }

  function end(page: Page, thread: Thread, output: string, last: number): undefined {
    if (thread.parent === null) closing.succeed(page, output, last);
    else branching.finishChild(page, thread, output, last);
  }

  return (thread, machine, step) => pages.writeThread(thread, (page) => apply(page, thread, machine, step));
}

function variablesAfter(thread: Thread, { assigned }: Leave): string {
  const names = Object.keys(assigned);
  return names.length === 0 ? thread.variables : JSON.stringify({ ...variablesOf(thread), ...assigned });
}
