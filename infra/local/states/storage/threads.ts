/** Where running executions stand: the rows of `states_threads`. */
import type { DatabaseSync } from 'node:sqlite';
import { type Params, statement } from './statement.ts';

/**
 * - new: a branch or iteration before its first state · ready: in a state, which is to be run
 * - task: the call of a task is in flight · token: a task waits for its token · waiting: a Wait · retry: before a retry
 * - woken: a Wait is over · result: a token, branches or iterations brought a result · error: they brought an error
 * - children: branches or iterations are running · queued: an iteration that has still to begin
 * - done: a branch or iteration has its output
 */
export type Phase =
  | 'new'
  | 'ready'
  | 'task'
  | 'token'
  | 'waiting'
  | 'retry'
  | 'woken'
  | 'result'
  | 'error'
  | 'children'
  | 'queued'
  | 'done';

export interface Thread {
  id: number;
  execution: number;
  parent: number | null;
  /** Index of the branch or of the item. */
  slot: number;
  /** Grows with each change, so that whoever worked on an older one notices. */
  version: number;
  phase: Phase;
  scope: string;
  state: string;
  input: string;
  /** The variables of this scope, without those of the scopes around it. */
  variables: string;
  /** By phase: arguments of the task, the result, the failure, the item of a new iteration, the output of a done one. */
  work: string | null;
  token: string | null;
  entered: number;
  entered_event: number;
  last_event: number;
  retries: number;
  /** How often each retrier was used in this visit of the state. */
  attempts: string;
  /** When it is to be woken: the end of a wait, or the earlier of timeout and heartbeat. */
  due: number | null;
  timeout: number | null;
  /** Milliseconds between two heartbeats. */
  heartbeat: number | null;
  /** Branches or iterations: how many there are, how many were begun, how many are not done. */
  total: number;
  begun: number;
  pending: number;
}

const COLUMNS = [
  'execution',
  'parent',
  'slot',
  'version',
  'phase',
  'scope',
  'state',
  'input',
  'variables',
  'work',
  'token',
  'entered',
  'entered_event',
  'last_event',
  'retries',
  'attempts',
  'due',
  'timeout',
  'heartbeat',
  'total',
  'begun',
  'pending',
] as const;
const KEPT = new Set(['execution', 'parent', 'slot', 'version']);
const CHANGES = COLUMNS.filter((column) => !KEPT.has(column)).map((column) => `${column} = :${column}`);

/** The parts that a thread starts with when it enters a state. */
export const FRESH = {
  work: null,
  token: null,
  retries: 0,
  attempts: '[]',
  due: null,
  timeout: null,
  heartbeat: null,
  total: 0,
  begun: 0,
  pending: 0,
} as const satisfies Partial<Thread>;

export interface Threads {
  get(id: number): Thread | undefined;
  insert(thread: Omit<Thread, 'id'>): Thread;
  /** Stores the changes, if nobody has changed the thread since it was read; undefined if somebody has. */
  update(thread: Thread, changes: Partial<Thread>): Thread | undefined;
  due(now: number, limit: number): Thread[];
  nextDue(): number | undefined;
  /** Ids and versions of the threads that were at work when the engine stopped. */
  inFlight(): { id: number; version: number }[];
  child(parent: number, slot: number): Thread | undefined;
  children(parent: number): Thread[];
  deleteBelow(parent: number): void;
  deleteOf(execution: number): void;
}

export function createThreads(db: DatabaseSync): Threads {
  const one = statement<Thread>(db, 'SELECT * FROM states_threads WHERE id = :id');
  const names = COLUMNS.map((column) => `:${column}`);
  const add = statement(db, `INSERT INTO states_threads (${COLUMNS.join(', ')}) VALUES (${names.join(', ')})`);
  const change = statement(
    db,
    `UPDATE states_threads SET version = version + 1, ${CHANGES.join(', ')} WHERE id = :id AND version = :version`,
  );
  const due = statement<Thread>(db, 'SELECT * FROM states_threads WHERE due <= :now ORDER BY due, id LIMIT :limit');
  const next = statement<{ due: number | null }>(
    db,
    'SELECT min(due) AS due FROM states_threads WHERE due IS NOT NULL',
  );
  const inFlight = statement<{ id: number; version: number }>(
    db,
    `SELECT id, version FROM states_threads
     WHERE phase NOT IN ('waiting', 'token', 'retry', 'children', 'queued', 'done') ORDER BY id`,
  );
  const child = statement<Thread>(db, 'SELECT * FROM states_threads WHERE parent = :parent AND slot = :slot');
  const children = statement<Thread>(db, 'SELECT * FROM states_threads WHERE parent = :parent ORDER BY slot');
  const deleteBelow = statement(
    db,
    `WITH RECURSIVE below (id) AS (
       SELECT id FROM states_threads WHERE parent = :parent
       UNION ALL SELECT t.id FROM states_threads t JOIN below b ON t.parent = b.id
     ) DELETE FROM states_threads WHERE id IN below`,
  );
  const deleteOf = statement(db, 'DELETE FROM states_threads WHERE execution = :execution');
  return {
    get: (id) => one.get({ id }),
    insert: (thread) => ({ ...thread, id: add.insert(paramsOf(thread)) }),
    update(thread, changes) {
      const changed = { ...thread, ...changes };
      const { execution: _e, parent: _p, slot: _s, ...params } = changed;
      return change.run(params) === 1 ? { ...changed, version: thread.version + 1 } : undefined;
    },
    due: (now, limit) => due.all({ now, limit }),
    nextDue: () => next.get()?.due ?? undefined,
    inFlight: () => inFlight.all(),
    child: (parent, slot) => child.get({ parent, slot }),
    children: (parent) => children.all({ parent }),
    deleteBelow: (parent) => void deleteBelow.run({ parent }),
    deleteOf: (execution) => void deleteOf.run({ execution }),
  };
}

function paramsOf(thread: Omit<Thread, 'id'>): Params {
  return { ...thread };
}
