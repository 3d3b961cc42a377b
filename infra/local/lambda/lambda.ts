/** Lambda: the functions of the template, invoked by the engine's parts, over HTTP, or asynchronously from a durable queue. */
import type { DatabaseSync } from 'node:sqlite';
import type { Work } from '../activity.ts';
import { isRecord } from '../intrinsics.ts';
import { AwsError, type Clock, type InvokeResult, type Lambda } from '../part.ts';
import { createAsyncEvents } from './async-events.ts';
import type { SendMessage } from './failure-destination.ts';
import { createFunction, type LocalFunction, type Surroundings } from './function.ts';
import { type FunctionSpec, nameOf } from './function-spec.ts';
import { createGate } from './gate.ts';
import type { Outcome } from './thread.ts';

export interface LambdaPart extends Lambda {
  functions: readonly LocalFunction[];
  /** The function by name, ARN or partial ARN. @throws AwsError ResourceNotFoundException */
  find(function_: string): LocalFunction;
  /** Invokes on JSON text and waits, at once: for callers who are waiting themselves. @throws AwsError */
  invokeText(function_: string, payload: string): Promise<Outcome>;
  /** As `invokeAsync`, on JSON text. @throws AwsError */
  acceptText(function_: string, payload: string): void;
  /** Goes on with the asynchronous invocations that an earlier run left. Call it once all parts are there. */
  resume(): void;
  /** Begins no more asynchronous invocations. */
  stop(): void;
  /** Ends all threads. */
  close(): Promise<void>;
}

export interface LambdaOptions {
  specs: readonly FunctionSpec[];
  around: Surroundings;
  db: DatabaseSync;
  clock: Clock;
  work: Work;
  /** Whether requests from outside are being answered, which go before all that waits in queues. */
  isServing(): boolean;
  sendMessage: SendMessage;
  report(line: string): void;
}

/**
 * Deliveries of queued events, and invocations by state machines, rules and schedules, at once. While somebody waits for an
 * answer, the queue goes on with one event at a time and rests after each: it catches up as soon as nobody does.
 */
const QUEUED = { whileServing: 1, otherwise: 32 };
const REST_MS = 50;
const BY_PARTS = { whileServing: 2, otherwise: 32 };
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, an asynchronous payload */
const LARGEST_EVENT = 1024 * 1024;

export function createLambda(options: LambdaOptions): LambdaPart {
  const { specs, around, db, clock, work, isServing, sendMessage, report } = options;
  const functions = specs.map((spec) => createFunction(spec, around));
  const byName = new Map(functions.map((function_) => [function_.spec.name, function_]));
  const atMost = (limit: typeof QUEUED) => () => (isServing() ? limit.whileServing : limit.otherwise);
  const gate = createGate(atMost(BY_PARTS));
  const events = createAsyncEvents({
    db,
    clock,
    work,
    find: (name) => byName.get(name),
    limit: atMost(QUEUED),
    rest: () => (isServing() ? REST_MS : 0),
    sendMessage,
    report,
  });

  const find = (function_: string): LocalFunction => {
    const found = byName.get(nameOf(function_));
    if (!found) throw new AwsError('ResourceNotFoundException', `Function not found: ${function_}`, 404);
    return found;
  };
  const acceptText = (function_: string, payload: string): void => {
    const { spec } = find(function_);
    if (payload.length > LARGEST_EVENT) {
      throw new AwsError('RequestTooLargeException', `An asynchronous payload is at most ${LARGEST_EVENT} bytes.`, 413);
    }
    events.accept(spec.name, payload);
  };

  return {
    functions,
    find,
    acceptText,
    invokeText: async (function_, payload) => work.track(find(function_).invoke(payload)),
    async invoke(function_, payload) {
      const found = find(function_);
      const text = JSON.stringify(payload ?? null);
      return toResult(await work.track(gate(() => found.invoke(text))));
    },
    invokeAsync: (function_, payload) => acceptText(function_, JSON.stringify(payload ?? null)),
    resume: events.resume,
    stop: events.stop,
    async close() {
      await Promise.all(functions.map((function_) => function_.close()));
    },
  };
}

/** An outcome with its JSON read. */
export function toResult({ ok, payload }: Outcome): InvokeResult {
  const value: unknown = JSON.parse(payload);
  if (ok) return { ok, payload: value };
  const { errorType, errorMessage, trace } = isRecord(value) ? value : {};
  const lines = Array.isArray(trace) ? { trace: trace.map(String) } : {};
  return { ok, error: { errorType: String(errorType ?? 'Error'), errorMessage: String(errorMessage ?? ''), ...lines } };
}
