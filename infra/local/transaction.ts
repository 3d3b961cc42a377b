import type { DatabaseSync } from 'node:sqlite';

let depth = 0;

/**
 * Runs `run` in one transaction: all of its writes, or none when it throws. Inside a transaction it becomes a
 * part of that one (a savepoint), so that parts of the engine can commit together. `run` must be synchronous.
 */
export function inTransaction<T>(db: DatabaseSync, run: () => T): T {
  const nested = db.isTransaction;
  const point = `part_${++depth}`;
  db.exec(nested ? `SAVEPOINT ${point}` : 'BEGIN IMMEDIATE');
  try {
    const result = run();
    db.exec(nested ? `RELEASE ${point}` : 'COMMIT');
    return result;
  } catch (error) {
    db.exec(nested ? `ROLLBACK TO ${point}; RELEASE ${point}` : 'ROLLBACK');
    throw error;
  } finally {
    depth -= 1;
  }
}
