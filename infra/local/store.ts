/** The engine's own storage: one SQLite file under the data directory. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Opens (or makes) `engine.sqlite`. Each statement is its own transaction unless the caller opens one, and survives
 * `kill -9` of this process as soon as it returns: the write has reached the kernel. It is not synced to the disk, so a
 * power cut may lose the last moments.
 * @throws Error when another run has the same data directory open.
 */
export function openStore(dataDir: string): DatabaseSync {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(join(dataDir, 'engine.sqlite'));
  try {
    // The exclusive lock falls with the process, so a killed run leaves nothing to clear away.
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = NORMAL');
    db.exec('PRAGMA foreign_keys = ON');
    db.exec('PRAGMA temp_store = MEMORY');
    // Pages of 4 kB; 4 MB of cache is enough for queues that are read in order.
    db.exec('PRAGMA cache_size = -4096');
    // A checkpoint syncs, and under load every thousand pages is every second: 32 MB of log between two of them.
    db.exec('PRAGMA wal_autocheckpoint = 8000');
    db.exec('PRAGMA journal_size_limit = 33554432');
    db.exec('CREATE TABLE IF NOT EXISTS opened (id INTEGER PRIMARY KEY CHECK (id = 1), times INTEGER NOT NULL)');
    db.exec('INSERT INTO opened VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET times = times + 1');
    return db;
  } catch (error) {
    db.close();
    if (error instanceof Error && /database is locked/.test(error.message)) {
      throw new Error(
        `Another run is using the data directory ${dataDir}. Stop it first, or choose another directory.`,
      );
    }
    throw error;
  }
}
