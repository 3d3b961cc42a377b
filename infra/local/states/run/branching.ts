/** Branches of a Parallel and iterations of a Map: how they begin, end and fail. */
import { type Failure, tooLarge } from '../failure.ts';
import { isTooLarge } from '../json.ts';
import type { Draft } from '../storage/history.ts';
import { FRESH, type Thread, type Threads } from '../storage/threads.ts';
import { addEvents, type Page, wake } from './page.ts';
import type { Fork } from './step.ts';
import { change } from './transition.ts';

export interface Branching {
  /** Gives the thread to go on with where there is nothing to wait for. */
  fork(page: Page, thread: Thread, step: Fork): Thread | undefined;
  /** `previous`: the last event of the branch. */
  finishChild(page: Page, child: Thread, output: string, previous: number): void;
  /** Fails the state that the child belongs to, and stops all its siblings. */
  failChild(page: Page, child: Thread, failure: Failure, previous: number): void;
}

export function createBranching(threads: Threads): Branching {
  function fork(page: Page, thread: Thread, { events, children, atOnce }: Fork): Thread | undefined {
    const started = addEvents(page, events, thread.last_event);
    const total = children.length;
    if (total === 0) {
      const last = page.chapter.add({ type: 'MapStateSucceeded' }, started);
      return change(threads, thread, { phase: 'result', work: '[]', last_event: last });
    }
    const parent = change(threads, thread, {
      phase: 'children',
      last_event: started,
      total,
      begun: atOnce,
      pending: total,
    });
    children.forEach(({ scope, work }, slot) => {
      const row = threads.insert({ ...blank(parent, slot), scope, work });
      if (slot < atOnce) begin(page, parent, row);
    });
    return undefined;
  }

  /** A Map records each iteration; the branches of a Parallel begin without a word. */
  function begin(page: Page, parent: Thread, child: Thread): void {
    const previous = isIteration(child)
      ? page.chapter.add(iteration('MapIterationStarted', parent, child), parent.last_event)
      : parent.last_event;
    wake(page, change(threads, child, { phase: 'new', last_event: previous }));
  }

  function finishChild(page: Page, child: Thread, output: string, previous: number): void {
    const parent = parentOf(child);
    change(threads, child, { phase: 'done', work: output, input: 'null', variables: '{}', due: null, token: null });
    const last = isIteration(child)
      ? page.chapter.add(iteration('MapIterationSucceeded', parent, child), previous)
      : previous;
    const pending = parent.pending - 1;
    if (pending === 0) {
      finishParent(page, parent, isIteration(child), last);
      return;
    }
    const next = parent.begun < parent.total ? threads.child(parent.id, parent.begun) : undefined;
    if (next) begin(page, parent, next);
    change(threads, parent, { pending, begun: parent.begun + (next ? 1 : 0) });
  }

  function finishParent(page: Page, parent: Thread, isMap: boolean, previous: number): void {
    const outputs = threads.children(parent.id).map(({ work }) => work ?? 'null');
    const result = `[${outputs.join(',')}]`;
    threads.deleteBelow(parent.id);
    if (isTooLarge(result)) {
      failParent(page, parent, tooLarge(parent.state).failure, isMap, previous);
      return;
    }
    const last = page.chapter.add({ type: `${isMap ? 'Map' : 'Parallel'}StateSucceeded` }, previous);
    wake(page, change(threads, parent, { phase: 'result', work: result, pending: 0, last_event: last }));
  }

  function failChild(page: Page, child: Thread, failure: Failure, previous: number): void {
    const parent = parentOf(child);
    const isMap = isIteration(child);
    const last = isMap ? page.chapter.add(iteration('MapIterationFailed', parent, child), previous) : previous;
    if (isMap) abortSiblings(page, parent, child);
    threads.deleteBelow(parent.id);
    failParent(page, parent, failure, isMap, last);
  }

  function abortSiblings(page: Page, parent: Thread, child: Thread): void {
    for (const sibling of threads.children(parent.id)) {
      if (sibling.id === child.id || sibling.phase === 'queued' || sibling.phase === 'done') continue;
      page.chapter.add(iteration('MapIterationAborted', parent, sibling), sibling.last_event);
    }
  }

  function failParent(page: Page, parent: Thread, failure: Failure, isMap: boolean, previous: number): void {
    const last = page.chapter.add({ type: `${isMap ? 'Map' : 'Parallel'}StateFailed` }, previous);
    const work = JSON.stringify(failure);
    wake(page, change(threads, parent, { phase: 'error', work, pending: 0, last_event: last }));
  }

  function parentOf(child: Thread): Thread {
    const parent = child.parent === null ? undefined : threads.get(child.parent);
    if (!parent) throw new Error(`thread ${child.id} has lost its parent`);
    return parent;
  }

  return { fork, finishChild, failChild };
}

function blank(parent: Thread, slot: number): Omit<Thread, 'id' | 'scope'> {
  return {
    ...FRESH,
    execution: parent.execution,
    parent: parent.id,
    slot,
    version: 1,
    phase: 'queued',
    state: '',
    input: 'null',
    variables: '{}',
    entered: parent.entered,
    entered_event: 0,
    last_event: 0,
  };
}

function isIteration({ scope }: Thread): boolean {
  return scope.endsWith('/ItemProcessor');
}

function iteration(type: string, parent: Thread, child: Thread): Draft {
  return { type, details: { name: parent.state, index: child.slot } };
}
