/** A small world for the state machines: a clock that stands until it is moved, functions as plain code, a bus that listens. */
import { DatabaseSync } from 'node:sqlite';
import type { Activity, AwsError, BusEntry, Clock, InvokeResult, Parts } from '../../../../infra/local/part.ts';
import { createStates, type Options, type States } from '../../../../infra/local/states/states.ts';

export const START = Date.parse('2027-03-01T08:00:00Z');
export const ROLE = 'arn:aws:iam::123456789012:role/machines';

export interface ManualClock extends Clock {
  /** Moves to the instant, stopping at each due moment on the way. */
  moveTo(at: number, settle: () => Promise<void>): Promise<void>;
  readonly waiting: number;
}

export function manualClock(start = START): ManualClock {
  let now = start;
  let entries: { due: number; run: () => void }[] = [];
  return {
    now: () => now,
    shared: new SharedArrayBuffer(8),
    at(due, run) {
      const entry = { due, run };
      entries.push(entry);
      return () => {
        entries = entries.filter((other) => other !== entry);
      };
    },
    get waiting() {
      return entries.length;
    },
    async moveTo(at, settle) {
      await settle();
      for (;;) {
        const next = entries.toSorted((a, b) => a.due - b.due)[0];
        if (!next || next.due > at) break;
        entries = entries.filter((other) => other !== next);
        now = Math.max(now, next.due);
        next.run();
        await settle();
      }
      now = Math.max(now, at);
    },
  };
}

export function simpleActivity(): Activity {
  const work = new Set<Promise<unknown>>();
  return {
    track(promise) {
      const tracked = promise.finally(() => work.delete(tracked));
      work.add(tracked);
      tracked.catch(() => {});
      return promise;
    },
    async idle() {
      while (work.size > 0) await Promise.allSettled(work);
    },
  };
}

/** A function's code: what it returns is its payload, what it throws its error. */
export type Code = (payload: any) => unknown;

export interface World {
  states: States;
  clock: ManualClock;
  calls: { name: string; payload: any }[];
  events: BusEntry[];
  functions: Record<string, Code>;
  call(operation: string, input: Record<string, unknown>): any;
  /** The error that the call throws. */
  refusal(operation: string, input: Record<string, unknown>): AwsError;
  settle(): Promise<void>;
  advance(seconds: number): Promise<void>;
  /** Creates a machine and gives its ARN. */
  machine(definition: object, name?: string): string;
  start(machine: string, input?: unknown, name?: string): string;
  describe(execution: string): any;
  history(execution: string): any[];
  /** Drops this engine as a kill would, and opens the same database with a new one. */
  restart(): Promise<void>;
}

export function createWorld(functions: Record<string, Code> = {}, options: Options = {}): World {
  const db = new DatabaseSync(':memory:');
  const clock = manualClock();
  const calls: World['calls'] = [];
  const events: BusEntry[] = [];
  let activity = simpleActivity();
  let epoch = 0;

  function open(): States {
    const mine = epoch;
    const parts: Parts = {
      db,
      clock,
      activity,
      lambda: {
        async invoke(name, payload): Promise<InvokeResult> {
          const answer = await invoke(name, payload);
          // A killed process hears no answers.
          return mine === epoch ? answer : new Promise(() => {});
        },
        invokeAsync: () => {},
      },
      buses: {
        put(entries) {
          events.push(...entries);
          return entries.map((_, index) => `event-${events.length}-${index}`);
        },
      },
      baseUrl: 'http://localhost:8787',
      region: 'eu-central-1',
      account: '123456789012',
    };
    return createStates(parts, options);
  }

  async function invoke(name: string, payload: unknown): Promise<InvokeResult> {
    calls.push({ name, payload });
    const code = world.functions[name];
    if (!code) throw new (await awsError())('ResourceNotFoundException', `Function not found: ${name}`, 404);
    try {
      return { ok: true, payload: await code(payload) };
    } catch (error) {
      const { name: errorType, message } = error instanceof Error ? error : new Error(String(error));
      return { ok: false, error: { errorType, errorMessage: message, trace: [] } };
    }
  }

  const world: World = {
    states: undefined as unknown as States,
    clock,
    calls,
    events,
    functions,
    call: (operation, input) => world.states.service.handle(operation, input),
    refusal(operation, input) {
      try {
        world.call(operation, input);
      } catch (error) {
        return error as AwsError;
      }
      throw new Error(`${operation} was not refused`);
    },
    async settle() {
      for (let turn = 0; turn < 3; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        await activity.idle();
      }
    },
    advance: (seconds) => clock.moveTo(clock.now() + seconds * 1000, world.settle),
    machine(definition, name = `machine-${Math.random().toString(36).slice(2)}`) {
      const request = { name, definition: JSON.stringify(definition), roleArn: ROLE };
      return world.call('CreateStateMachine', request).stateMachineArn;
    },
    start(machine, input = {}, name) {
      const request = { stateMachineArn: machine, input: JSON.stringify(input), ...(name !== undefined && { name }) };
      return world.call('StartExecution', request).executionArn;
    },
    describe: (executionArn) => world.call('DescribeExecution', { executionArn }),
    history: (executionArn) => world.call('GetExecutionHistory', { executionArn, maxResults: 1000 }).events,
    async restart() {
      world.states.stop();
      epoch += 1;
      activity = simpleActivity();
      world.states = open();
      world.states.resume();
      await world.settle();
    },
  };
  world.states = open();
  return world;
}

async function awsError() {
  return (await import('../../../../infra/local/part.ts')).AwsError;
}

/** An error with a name, as functions of the product throw them. */
export function named(name: string, message = ''): Error {
  return Object.assign(new Error(message), { name });
}

/** A machine in JSONata mode. */
export function jsonata(states: Record<string, object>, more: object = {}) {
  return { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...more };
}

export function invoke(name: string, more: object = {}) {
  return { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: name }, ...more };
}

export function invokeWaiting(name: string, more: object = {}) {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: name, Payload: { token: '{% $states.context.Task.Token %}' } },
    ...more,
  };
}
