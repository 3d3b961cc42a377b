/**
 * What the parts of the local engine are to each other. The engine runs anybody's synthesised stack:
 * nothing below `infra/local/` imports anything of the product.
 */
import type { DatabaseSync } from 'node:sqlite';

/** The engine's clock: real time plus an offset that `POST /_local/clock` moves and the disk remembers. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** One 64-bit signed integer, the offset in milliseconds; shared with the worker threads. */
  readonly shared: SharedArrayBuffer;
  /** Runs `run` at `due` (ms, engine time), in order of `due`; a due time in the past runs at once. Returns the cancel. */
  at(due: number, run: () => void): () => void;
}

/** Work in flight. `advance` and "settle" wait until there is none. */
export interface Activity {
  /** Counts the promise as work until it settles. Never rejects by itself. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Resolves when nothing is in flight and nothing is queued to start at once. */
  idle(): Promise<void>;
  /** How many pieces of work have ended so far. Two equal readings: nothing ran in between. */
  readonly done: number;
}

/** What a function answered. Mirrors Lambda: an error is an answer, with the shape of Lambda's error payload. */
export type InvokeResult =
  | { ok: true; payload: unknown }
  | { ok: false; error: { errorType: string; errorMessage: string; trace?: string[] } };

export interface Lambda {
  /** Invokes by name or ARN and waits (RequestResponse). Unknown function: an AwsError. */
  invoke(function_: string, payload: unknown): Promise<InvokeResult>;
  /** Queues durably (Event): two retries after 1 and 2 minutes, then the on-failure destination. */
  invokeAsync(function_: string, payload: unknown): void;
}

export interface BusEntry {
  source: string;
  detailType: string;
  detail: unknown;
  /** Bus name or ARN; the default bus when absent. */
  bus?: string;
  resources?: string[];
  time?: string;
}

export interface Buses {
  /** Accepts durably, then delivers by the rules. Returns the event ids. */
  put(entries: BusEntry[]): string[];
}

/** What every part is made from. Each part creates its own tables in `db` (CREATE TABLE IF NOT EXISTS). */
export interface Parts {
  db: DatabaseSync;
  clock: Clock;
  activity: Activity;
  lambda: Lambda;
  buses: Buses;
  /** `http://localhost:8787`, without a slash at the end. */
  baseUrl: string;
  region: string;
  account: string;
}

/** An AWS service on the engine's port: JSON operations by `X-Amz-Target`, or REST by method and path. */
export interface JsonService {
  /** @throws AwsError */
  handle(operation: string, input: Record<string, unknown>): unknown | Promise<unknown>;
}
export interface RestService {
  /** `path` without the query string. @throws AwsError */
  handle(
    method: string,
    path: string,
    query: URLSearchParams,
    body: Record<string, unknown>,
  ): unknown | Promise<unknown>;
}

/** Serves pages and links that AWS would show elsewhere. Returns undefined when the path is not its own. */
export type PageHandler = (request: Request) => Promise<Response | undefined> | Response | undefined;

/** An error as the named AWS service answers it: the code is what an SDK's `error.name` becomes. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
  }
}
