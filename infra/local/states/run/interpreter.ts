/** Puts the parts together and runs threads. */
import { setImmediate } from 'node:timers/promises';
import type { BusEntry, Parts } from '../../part.ts';
import { compileMachine } from '../machine/compile.ts';
import type { TaskState } from '../machine/machine.ts';
import type { Resources } from '../resources/resource.ts';
import type { Execution } from '../storage/executions.ts';
import type { Store } from '../storage/store.ts';
import type { Thread } from '../storage/threads.ts';
import { createBranching } from './branching.ts';
import { type Closing, createClosing } from './closing.ts';
import { createCommit } from './commit.ts';
import { takeFirstStep, takeStep } from './dispatch.ts';
import { createPages, type Effects, type Job, type Pages } from './page.ts';
import { createQueue } from './queue.ts';
import { createTimers } from './timers.ts';
import { type Definition, type Surroundings, type Visit, visitOf } from './visit.ts';

/** A thread that never waits lets others have their turn after so many steps. */
const STEPS_AT_A_STRETCH = 50;

export interface Interpreter {
  pages: Pages;
  closing: Closing;
  announce(event: BusEntry): void;
  /** What follows a transaction: threads to run and moments to expect. */
  follow(effects: Effects): void;
  /** What an execution of that revision runs. @throws Error when there is no such revision */
  definition(revision: number): Definition;
  /** The task that a thread is in. */
  taskOf(thread: Thread, execution: Execution): TaskState | undefined;
  /** Drops what was compiled from revisions that are gone. */
  dropDefinitions(revisions: readonly number[]): void;
  /** Runs what was in flight and expects what is due; after a restart. */
  resume(): void;
  /** Starts nothing more, and discards what comes back: as if the process had been killed. */
  stop(): void;
}

export interface InterpreterParts {
  parts: Parts;
  store: Store;
  resources: Resources;
  random: () => number;
  isDeleting(machine: string): boolean;
  executionClosed(machine: string): void;
}

export function createInterpreter(all: InterpreterParts): Interpreter {
  const { parts, store, resources, random, isDeleting, executionClosed } = all;
  const { clock, activity, buses } = parts;
  const definitions = new Map<number, Definition>();
  let stopped = false;

  const announce = (event: BusEntry) => void buses.put([event]);
  const closing = createClosing({ store, announce, executionClosed });
  const pages = createPages({ store, clock, follow, endFull: closing.endFull });
  const commit = createCommit({ store, pages, closing, branching: createBranching(store.threads), isDeleting });
  const queue = createQueue(activity, run);
  const timers = createTimers({ store, clock, activity, pages, closing, taskOf });
  const around: Surroundings = {
    definition,
    thread: store.threads.get,
    now: () => clock.now(),
    random,
  };

  function follow({ jobs, due }: Effects): void {
    for (const job of jobs) queue.add(job);
    if (due !== undefined) timers.expect(due);
  }

  async function run({ id, version }: Job): Promise<void> {
    // After stop() the database may be closed.
    let thread = stopped ? undefined : store.threads.get(id);
    if (thread?.version !== version) return;
    for (let steps = 1; thread && !stopped; steps += 1) {
      thread = await advance(thread);
      if (steps % STEPS_AT_A_STRETCH === 0) await setImmediate();
    }
  }

  async function advance(thread: Thread): Promise<Thread | undefined> {
    try {
      const visit = visitOfThread(thread);
      if (!visit) return undefined;
      const step = await (thread.phase === 'new' ? takeFirstStep(visit, thread) : takeStep(visit));
      return stopped ? undefined : commit(thread, visit.machine, step);
    } catch (error) {
      return stopped ? undefined : breakDown(thread, error);
    }
  }

  /** The visit of the thread's state, or of its parent's state while it has none of its own. */
  function visitOfThread(thread: Thread): Visit | undefined {
    const execution = store.executions.get(thread.execution);
    if (execution?.status !== 'RUNNING') return undefined;
    const parent = thread.phase === 'new' && thread.parent !== null ? store.threads.get(thread.parent) : thread;
    return parent && visitOf(around, parent, execution);
  }

  /** A fault of the interpreter itself ends the execution, where it can be seen, instead of losing it. */
  function breakDown(thread: Thread, error: unknown): undefined {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const failure = {
      error: 'States.Runtime',
      cause: `The local engine failed in the state '${thread.state}': ${why}`,
    };
    pages.writeThread(thread, (page) => closing.fail(page, failure, thread.last_event));
  }

  function definition(id: number): Definition {
    const known = definitions.get(id);
    if (known) return known;
    const revision = store.machines.revision(id);
    if (!revision) throw new Error(`there is no revision ${id}`);
    const { machine, diagnostics } = compileMachine(revision.definition, resources);
    if (!machine) throw new Error(`the definition of ${revision.machine} is not valid: ${JSON.stringify(diagnostics)}`);
    const made = { machine, role: revision.role };
    definitions.set(id, made);
    return made;
  }

  function taskOf(thread: Thread, { revision }: Execution): TaskState | undefined {
    const state = definition(revision).machine.scopes.get(thread.scope)?.states.get(thread.state);
    return state?.type === 'Task' ? state : undefined;
  }

  return {
    pages,
    closing,
    announce,
    follow,
    definition,
    taskOf,
    dropDefinitions(revisions) {
      for (const id of revisions) definitions.delete(id);
    },
    resume() {
      // What was started before this call is at work already.
      for (const job of store.threads.inFlight()) if (!queue.has(job.id)) queue.add(job);
      timers.rearm();
    },
    stop() {
      stopped = true;
      timers.stop();
    },
  };
}
