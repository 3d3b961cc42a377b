/** Prepared statements with the type of their rows. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

export type Params = Record<string, SQLInputValue>;

export interface Statement<Row> {
  get(params?: Params): Row | undefined;
  all(params?: Params): Row[];
  /** The number of rows changed. */
  run(params?: Params): number;
  /** Runs an INSERT and gives the new row's id. */
  insert(params?: Params): number;
}

/** `Row` is what the query selects; the tables are this folder's own (`tables.ts`), so it is known and not parsed again. */
export function statement<Row = never>(db: DatabaseSync, sql: string): Statement<Row> {
  const prepared = db.prepare(sql);
  return {
    get: (params = {}) => prepared.get(params) as Row | undefined,
    all: (params = {}) => prepared.all(params) as Row[],
    run: (params = {}) => Number(prepared.run(params).changes),
    insert: (params = {}) => Number(prepared.run(params).lastInsertRowid),
  };
}
