/** All that is on disk, in one object. */
import type { DatabaseSync } from 'node:sqlite';
import { createExecutions, type Executions } from './executions.ts';
import { createHistory, type History } from './history.ts';
import { createMachines, type Machines } from './machines.ts';
import { createNotices, type Notices } from './notices.ts';
import { createTransact, type Transact } from './statement.ts';
import { createTables } from './tables.ts';
import { createTags, type Tags } from './tags.ts';
import { createThreads, type Threads } from './threads.ts';

export interface Store {
  transact: Transact;
  machines: Machines;
  executions: Executions;
  threads: Threads;
  history: History;
  notices: Notices;
  tags: Tags;
}

export function createStore(db: DatabaseSync): Store {
  createTables(db);
  return {
    transact: createTransact(db),
    machines: createMachines(db),
    executions: createExecutions(db),
    threads: createThreads(db),
    history: createHistory(db),
    notices: createNotices(db),
    tags: createTags(db),
  };
}
