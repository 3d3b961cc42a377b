/** The rows of `states_executions`. */
import type { DatabaseSync } from 'node:sqlite';
import { statement } from './statement.ts';

export type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface Execution {
  id: number;
  arn: string;
  name: string;
  /** ARN of the machine, without a version. */
  machine: string;
  /** The version it was started by, if it was. */
  version: number | null;
  revision: number;
  input: string;
  status: Status;
  started: number;
  stopped: number | null;
  output: string | null;
  error: string | null;
  cause: string | null;
  /** Events in its history. */
  events: number;
  /** When it is timed out. */
  due: number | null;
}

export interface Ending {
  status: Exclude<Status, 'RUNNING'>;
  output?: string | undefined;
  error?: string | undefined;
  cause?: string | undefined;
}

/** Which executions ListExecutions asks for, newest first. */
export interface Page {
  machine: string;
  version: number | null;
  status: string | null;
  below: number;
  limit: number;
}

export interface Executions {
  get(id: number): Execution | undefined;
  byArn(arn: string): Execution | undefined;
  insert(execution: Omit<Execution, 'id'>): number;
  setEvents(id: number, events: number): void;
  close(id: number, at: number, ending: Ending): void;
  list(page: Page): Execution[];
  due(now: number, limit: number): Execution[];
  nextDue(): number | undefined;
  hasRunning(machine: string): boolean;
  stoppedBefore(time: number, limit: number): number[];
  delete(id: number): void;
}

export function createExecutions(db: DatabaseSync): Executions {
  const one = statement<Execution>(db, 'SELECT * FROM states_executions WHERE id = :id');
  const byArn = statement<Execution>(db, 'SELECT * FROM states_executions WHERE arn = :arn');
  const add = statement(
    db,
    `INSERT INTO states_executions
       (arn, name, machine, version, revision, input, status, started, stopped, output, error, cause, events, due)
     VALUES
       (:arn, :name, :machine, :version, :revision, :input, :status, :started, :stopped, :output, :error, :cause,
        :events, :due)`,
  );
  const setEvents = statement(db, 'UPDATE states_executions SET events = :events WHERE id = :id');
  const close = statement(
    db,
    `UPDATE states_executions SET status = :status, stopped = :at, output = :output, error = :error, cause = :cause,
       due = NULL WHERE id = :id`,
  );
  const list = statement<Execution>(
    db,
    `SELECT * FROM states_executions
     WHERE machine = :machine AND id < :below AND (:version IS NULL OR version = :version)
       AND (:status IS NULL OR status = :status)
     ORDER BY id DESC LIMIT :limit`,
  );
  const due = statement<Execution>(
    db,
    'SELECT * FROM states_executions WHERE due <= :now ORDER BY due, id LIMIT :limit',
  );
  const next = statement<{ due: number | null }>(
    db,
    'SELECT min(due) AS due FROM states_executions WHERE due IS NOT NULL',
  );
  const running = statement<{ id: number }>(
    db,
    "SELECT id FROM states_executions WHERE machine = :machine AND status = 'RUNNING' LIMIT 1",
  );
  const old = statement<{ id: number }>(
    db,
    'SELECT id FROM states_executions WHERE stopped < :time ORDER BY stopped LIMIT :limit',
  );
  const remove = statement(db, 'DELETE FROM states_executions WHERE id = :id');
  return {
    get: (id) => one.get({ id }),
    byArn: (arn) => byArn.get({ arn }),
    insert: (execution) => add.insert({ ...execution }),
    setEvents: (id, events) => void setEvents.run({ id, events }),
    close(id, at, { status, output = null, error = null, cause = null }) {
      close.run({ id, at, status, output, error, cause });
    },
    list: (page) => list.all({ ...page }),
    due: (now, limit) => due.all({ now, limit }),
    nextDue: () => next.get()?.due ?? undefined,
    hasRunning: (machine) => running.get({ machine }) !== undefined,
    stoppedBefore: (time, limit) => old.all({ time, limit }).map(({ id }) => id),
    delete: (id) => void remove.run({ id }),
  };
}
