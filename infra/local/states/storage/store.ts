/** All that is on disk, in one object. */
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '../../transaction.ts';
import { createExecutions, type Executions } from './executions.ts';
import { createHistory, type History } from './history.ts';
import { createMachines, type Machines } from './machines.ts';
import { createTables } from './tables.ts';
import { createTags, type Tags } from './tags.ts';
import { createThreads, type Threads } from './threads.ts';

export interface Store {
  /** Runs `work` in one transaction. Everything in it is synchronous. */
  transact<Result>(work: () => Result): Result;
  machines: Machines;
  executions: Executions;
  threads: Threads;
  history: History;
  tags: Tags;
}

export function createStore(db: DatabaseSync): Store {
  createTables(db);
  return {
    transact: (work) => inTransaction(db, work),
    machines: createMachines(db),
    executions: createExecutions(db),
    threads: createThreads(db),
    history: createHistory(db),
    tags: createTags(db),
  };
}
