/** Status changes on their way to the default bus: written with the change itself, deleted once the bus has them. */
import type { DatabaseSync } from 'node:sqlite';
import type { Status } from './executions.ts';
import { statement } from './statement.ts';

export interface Notice {
  id: number;
  execution: number;
  status: Status;
}

export interface Notices {
  add(execution: number, status: Status): void;
  list(): Notice[];
  delete(id: number): void;
}

export function createNotices(db: DatabaseSync): Notices {
  const add = statement(db, 'INSERT INTO states_notices (execution, status) VALUES (:execution, :status)');
  const list = statement<Notice>(db, 'SELECT id, execution, status FROM states_notices ORDER BY id LIMIT 1000');
  const remove = statement(db, 'DELETE FROM states_notices WHERE id = :id');
  return {
    add: (execution, status) => void add.run({ execution, status }),
    list: () => list.all(),
    delete: (id) => void remove.run({ id }),
  };
}
