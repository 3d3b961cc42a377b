/**
 * Asynchronous invocations (InvocationType Event): accepted on disk, delivered at least once, tried again after one and
 * two minutes, and at last sent to where failures go.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import type { Work } from '../activity.ts';
import type { Clock } from '../part.ts';
import { inTransaction } from '../transaction.ts';
import { openRows, type Row } from './async-rows.ts';
import { type Failed, type SendMessage, sendFailure } from './failure-destination.ts';
import type { LocalFunction } from './function.ts';

export interface AsyncEvents {
  /** Accepts an event (JSON text) for a function that is there; it is on disk when this returns. */
  accept(function_: string, payload: string): void;
  /** Goes on with what an earlier run left. Call it once all parts are there. */
  resume(): void;
  /** Begins no more deliveries; what is in flight stays on disk until it has ended well. */
  stop(): void;
}

export interface AsyncOptions {
  db: DatabaseSync;
  clock: Clock;
  work: Work;
  find(function_: string): LocalFunction | undefined;
  /** How many deliveries may be in flight just now. */
  limit(): number;
  /** How long to wait after a delivery just now, in real milliseconds. */
  rest(): number;
  sendMessage: SendMessage;
  report(line: string): void;
}

/** After the first attempt, and after the second. */
const RETRY_AFTER_MS = [60_000, 120_000];
/** Rows in memory; the others wait on disk. */
const READ_AHEAD = 64;
const MOST_IN_MEMORY = 1024;

export function createAsyncEvents({
  db,
  clock,
  work,
  find,
  limit,
  rest,
  sendMessage,
  report,
}: AsyncOptions): AsyncEvents {
  const rows = openRows(db);
  const ready: Row[] = [];
  let lastRead = 0;
  let mayHaveMore = false;
  let inFlight = 0;
  let stopped = false;
  let turnPlanned = false;
  let endWork: (() => void) | undefined;

  const planTurn = (): void => {
    endWork ??= work.begin();
    if (turnPlanned) return;
    turnPlanned = true;
    // A later turn: whoever accepts may still be in a transaction that fails.
    setImmediate(() => {
      turnPlanned = false;
      deliverReady();
    });
  };

  const readMore = (): void => {
    const found = rows.fresh(lastRead, READ_AHEAD);
    lastRead = found.at(-1)?.id ?? lastRead;
    mayHaveMore = found.length === READ_AHEAD;
    ready.push(...found);
  };

  /** The earliest event whose function has room; one that is full does not hold up the others. */
  const takeReady = (): Row | undefined => {
    for (;;) {
      const index = ready.findIndex((row) => find(row.function)?.hasRoom() ?? true);
      if (index >= 0) return ready.splice(index, 1)[0];
      if (!mayHaveMore || ready.length >= MOST_IN_MEMORY) return undefined;
      readMore();
    }
  };

  const deliverReady = (): void => {
    while (!stopped && inFlight < limit()) {
      const row = takeReady();
      if (!row) break;
      inFlight += 1;
      void deliver(row)
        .then(restAWhile)
        .finally(() => {
          inFlight -= 1;
          deliverReady();
        });
    }
    if (inFlight === 0 && (stopped || (ready.length === 0 && !mayHaveMore))) {
      endWork?.();
      endWork = undefined;
    } else if (inFlight === 0) retryWhenFull();
  };

  const restAWhile = async (): Promise<void> => {
    const ms = rest();
    if (ms > 0 && !stopped) await pause(ms, undefined, { ref: false });
  };

  /** All that is ready waits for functions that others keep busy; nothing of ours will end and look again. */
  const retryWhenFull = (): void => {
    setTimeout(deliverReady, 20).unref();
  };

  const deliver = async (row: Row): Promise<void> => {
    try {
      const function_ = find(row.function);
      if (!function_) {
        report(`An event for ${row.function}, which is not in the stack any more, was dropped.`);
        return rows.remove(row.id);
      }
      const outcome = await work.track(function_.invoke(row.payload, row.request_id));
      if (outcome.ok) rows.remove(row.id);
      // Ended by our own closing: the next start delivers it again.
      else if (!stopped) settleFailure(row, function_, outcome.payload);
    } catch (error) {
      // A part of the engine failed, not the function.
      report(`${row.function}: ${error instanceof Error ? error.stack : String(error)}`);
      if (!stopped) clock.at(clock.now() + 1000, () => again(row.id));
    }
  };

  const settleFailure = (row: Row, { spec }: LocalFunction, response: string): void => {
    const { retries, maximumAgeMs } = spec.asynchronous;
    const due = clock.now() + (RETRY_AFTER_MS[row.attempt] ?? 120_000);
    const isTooOld = due - row.accepted > maximumAgeMs;
    if (row.attempt < retries && !isTooOld) {
      rows.postpone(row.id, row.attempt + 1, due);
      clock.at(due, () => again(row.id));
      return;
    }
    const condition = row.attempt < retries ? 'EventAgeExceeded' : 'RetriesExhausted';
    const failed: Failed = {
      at: clock.now(),
      requestId: row.request_id,
      request: row.payload,
      response,
      attempts: row.attempt + 1,
      condition,
    };
    inTransaction(db, () => {
      rows.remove(row.id);
      if (!sendFailure(spec, failed, sendMessage))
        report(`An event for ${spec.name} failed for good and has nowhere to go.`);
    });
  };

  const again = (id: number): void => {
    if (stopped) return;
    const row = rows.one(id);
    if (!row) return;
    ready.push(row);
    planTurn();
  };

  return {
    accept(function_, payload) {
      rows.insert(function_, payload, clock.now());
      mayHaveMore = true;
      planTurn();
    },
    resume() {
      for (const { id, due } of rows.postponed()) clock.at(due, () => again(id));
      mayHaveMore = true;
      planTurn();
    },
    stop() {
      stopped = true;
      if (inFlight === 0) {
        endWork?.();
        endWork = undefined;
      }
    },
  };
}
