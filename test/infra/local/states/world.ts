/** A small world for the state machines: a clock that stands until it is moved, functions as plain code, a bus that listens. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { createActivity } from '../../../../infra/local/activity.ts';
import { AwsError, type BusEntry, type Clock, type InvokeResult } from '../../../../infra/local/part.ts';
import { createStates, type Options, type States } from '../../../../infra/local/states/states.ts';

export const START = Date.parse('2027-03-01T08:00:00Z');
export const ROLE = 'arn:aws:iam::123456789012:role/machines';

export interface ManualClock extends Clock {
  /** Moves to the instant, stopping at each due moment on the way. */
  moveTo(at: number, settle: () => Promise<void>): Promise<void>;
  /** Callbacks that are queued. */
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

export type Fields = Record<string, unknown>;
/** A function's code: what it returns is its payload, what it throws its error. */
export type Code = (payload: Fields) => unknown;

export interface Described extends Fields {
  status: string;
  output?: string;
  error?: string;
  cause?: string;
}

export interface Event extends Fields {
  type: string;
  id: number;
  previousEventId: number;
}

export interface World {
  states: States;
  clock: ManualClock;
  calls: { name: string; payload: Fields }[];
  events: BusEntry[];
  functions: Record<string, Code>;
  call(operation: string, input: Fields): Fields;
  /** Code and message of the error that the call throws. */
  refusal(operation: string, input: Fields): { code: string; message: string };
  settle(): Promise<void>;
  advance(seconds: number): Promise<void>;
  /** Creates a machine and gives its ARN. */
  machine(definition: object, name?: string): string;
  start(machine: string, input?: unknown, name?: string): string;
  describe(execution: string): Described;
  history(execution: string): Event[];
  /** Types of the events, in order. */
  story(execution: string): string[];
  /** Drops this engine as a kill would, and opens the same database with a new one. */
  restart(): Promise<void>;
}

const folder = mkdtempSync(join(tmpdir(), 'states-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let worlds = 0;
let machines = 0;

function nextName(): string {
  machines += 1;
  return `machine-${machines}`;
}

export interface WorldOptions extends Options {
  /** A function never returns: do not wait for it, but for some turns of the event loop. */
  hangs?: boolean | undefined;
}

export function createWorld(functions: Record<string, Code> = {}, { hangs, ...options }: WorldOptions = {}): World {
  worlds += 1;
  const file = join(folder, `${worlds}.sqlite`);
  let db = openDatabase(file);
  const clock = manualClock();
  const calls: World['calls'] = [];
  const events: BusEntry[] = [];
  let activity = createActivity();
  let epoch = 0;

  async function invoke(name: string, payload: unknown): Promise<InvokeResult> {
    const mine = epoch;
    const answer = await answerOf(name, JSON.parse(JSON.stringify(payload)));
    // A killed process hears no answers.
    return mine === epoch ? answer : new Promise(() => {});
  }

  async function answerOf(name: string, payload: Fields): Promise<InvokeResult> {
    calls.push({ name, payload });
    const code = functions[name];
    if (!code) throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`, 404);
    try {
      return { ok: true, payload: await code(payload) };
    } catch (error) {
      const { name: errorType, message } = error instanceof Error ? error : new Error(String(error));
      return { ok: false, error: { errorType, errorMessage: message, trace: [] } };
    }
  }

  const open = () =>
    createStates(
      {
        db,
        clock,
        activity,
        lambda: { invoke, invokeAsync: () => {} },
        buses: {
          put(entries) {
            events.push(...entries);
            return entries.map((_, index) => `event-${events.length}-${index}`);
          },
        },
        baseUrl: 'http://localhost:8787',
        region: 'eu-central-1',
        account: '123456789012',
      },
      options,
    );

  const call = (operation: string, input: Fields) => world.states.service.handle(operation, input) as Fields;
  const world: World = {
    states: open(),
    clock,
    calls,
    events,
    functions,
    call,
    refusal(operation, input) {
      try {
        call(operation, input);
      } catch (error) {
        if (error instanceof AwsError) return { code: error.code, message: error.message };
        throw error;
      }
      throw new Error(`${operation} was not refused`);
    },
    settle: () => (hangs ? turns(50) : activity.idle()),
    advance: (seconds) => clock.moveTo(clock.now() + seconds * 1000, world.settle),
    machine(definition, name = nextName()) {
      const request = { name, definition: JSON.stringify(definition), roleArn: ROLE };
      return String(call('CreateStateMachine', request).stateMachineArn);
    },
    start(machine, input = {}, name) {
      const request = { stateMachineArn: machine, input: JSON.stringify(input), ...(name !== undefined && { name }) };
      return String(call('StartExecution', request).executionArn);
    },
    describe: (executionArn) => call('DescribeExecution', { executionArn }) as Described,
    history: (executionArn) => call('GetExecutionHistory', { executionArn, maxResults: 1000 }).events as Event[],
    story: (execution) => world.history(execution).map(({ type }) => type),
    async restart() {
      world.states.stop();
      db.close();
      epoch += 1;
      db = openDatabase(file);
      activity = createActivity();
      world.states = open();
      world.states.resume();
      await world.settle();
    },
  };
  return world;
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setImmediate();
}

function openDatabase(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = OFF');
  return db;
}

/** An error with a name, as functions throw them. */
export function named(name: string, message = ''): Error {
  return Object.assign(new Error(message), { name });
}

/** A machine in JSONata mode. */
export function jsonata(states: Record<string, object>, more: object = {}): object {
  return { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...more };
}

/** A scope for `Branches` and `ItemProcessor`. */
export function scope(states: Record<string, object>): object {
  return { StartAt: Object.keys(states)[0], States: states };
}

export function invoke(name: string, more: object = {}): object {
  return { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: name }, ...more };
}

export function invokeWaiting(name: string, more: object = {}): object {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: name, Payload: { token: '{% $states.context.Task.Token %}' } },
    ...more,
  };
}
