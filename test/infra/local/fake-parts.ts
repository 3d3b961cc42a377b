/** The parts of the engine for tests: a clock that stands until it is moved, storage in memory, functions that record. */
import { DatabaseSync } from 'node:sqlite';
import { createActivity } from '../../../infra/local/activity.ts';
import { AwsError, type BusEntry, type Clock, type InvokeResult, type Lambda } from '../../../infra/local/part.ts';

export const account = '123456789012';
export const region = 'us-east-1';
export const arnOf = (name: string): string => `arn:aws:lambda:${region}:${account}:function:${name}`;

export interface Invoked {
  function: string;
  payload: unknown;
  at: number;
}

/** `db` may be that of an earlier engine: a restart. */
export function fakeParts({ db = new DatabaseSync(':memory:'), start = '2026-11-16T14:10:05.221Z' } = {}) {
  let now = Date.parse(start);
  let queue: { due: number; run: () => void }[] = [];
  const clock: Clock = {
    shared: new SharedArrayBuffer(8),
    now: () => now,
    at(due, run) {
      const entry = { due, run };
      queue.push(entry);
      return () => {
        queue = queue.filter((each) => each !== entry);
      };
    },
  };
  const activity = createActivity();
  const invoked: Invoked[] = [];
  const events: BusEntry[] = [];
  const lambdaState = {
    answer: (_: Invoked): InvokeResult => ({ ok: true, payload: null }),
    missing: new Set<string>(),
  };
  const check = (name: string): void => {
    if (lambdaState.missing.has(name))
      throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`, 404);
  };
  const lambda: Lambda = {
    invoke(name, payload) {
      const run = async () => {
        check(name);
        const call = { function: name, payload, at: now };
        invoked.push(call);
        return lambdaState.answer(call);
      };
      return activity.track(run());
    },
    invokeAsync(name, payload) {
      check(name);
      invoked.push({ function: name, payload, at: now });
    },
  };

  /** Moves the clock on, from due moment to due moment. `advance(0)` settles. */
  async function advance(ms: number): Promise<void> {
    const target = now + ms;
    for (;;) {
      await activity.idle();
      const next = queue.filter((each) => each.due <= target).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      queue = queue.filter((each) => each !== next);
      now = Math.max(now, next.due);
      next.run();
    }
    now = target;
  }

  /** Time passes without anything that is due being run: what a slow function sees. */
  function pass(ms: number): void {
    now += ms;
  }

  const parts = {
    db,
    clock,
    activity,
    lambda,
    buses: { put: (entries: BusEntry[]) => entries.map((entry) => String(events.push(entry))) },
    baseUrl: 'http://localhost:8787',
    region,
    account,
  };
  return { ...parts, parts, advance, pass, invoked, events, lambdaState };
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
