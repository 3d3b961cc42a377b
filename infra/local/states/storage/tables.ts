/**
 * The tables of the state machines. Times are milliseconds of the engine's clock, JSON is text.
 *
 * - machines, revisions, versions, tags: what Create, Update and Publish made. An execution keeps its revision.
 * - executions: one row each, until 90 days after its end.
 * - threads: where each running execution stands; one row for its main line and one for each branch of a Parallel and
 *   each iteration of a Map. A closed execution has none.
 * - history: the events of one transition are one row; those of a closed execution are one row, packed.
 */
import type { DatabaseSync } from 'node:sqlite';

const TABLES = `
CREATE TABLE IF NOT EXISTS states_machines (
  arn TEXT PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL, revision INTEGER NOT NULL,
  created INTEGER NOT NULL, last_version INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS states_revisions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, machine TEXT NOT NULL, revision_id TEXT, definition TEXT NOT NULL,
  role TEXT NOT NULL, logging TEXT NOT NULL, tracing TEXT NOT NULL, updated INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS states_revisions_machine ON states_revisions (machine);
CREATE TABLE IF NOT EXISTS states_versions (
  machine TEXT NOT NULL, number INTEGER NOT NULL, revision INTEGER NOT NULL, description TEXT, created INTEGER NOT NULL,
  PRIMARY KEY (machine, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS states_tags (
  arn TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (arn, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS states_executions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL UNIQUE, name TEXT NOT NULL, machine TEXT NOT NULL,
  version INTEGER, revision INTEGER NOT NULL, input TEXT NOT NULL, status TEXT NOT NULL, started INTEGER NOT NULL,
  stopped INTEGER, output TEXT, error TEXT, cause TEXT, events INTEGER NOT NULL, due INTEGER
);
CREATE INDEX IF NOT EXISTS states_executions_machine ON states_executions (machine, id);
CREATE INDEX IF NOT EXISTS states_executions_revision ON states_executions (revision);
CREATE INDEX IF NOT EXISTS states_executions_due ON states_executions (due) WHERE due IS NOT NULL;
CREATE INDEX IF NOT EXISTS states_executions_stopped ON states_executions (stopped) WHERE stopped IS NOT NULL;
CREATE TABLE IF NOT EXISTS states_threads (
  id INTEGER PRIMARY KEY AUTOINCREMENT, execution INTEGER NOT NULL, parent INTEGER, slot INTEGER NOT NULL,
  version INTEGER NOT NULL, phase TEXT NOT NULL, scope TEXT NOT NULL, state TEXT NOT NULL, input TEXT NOT NULL,
  variables TEXT NOT NULL, work TEXT, token TEXT, entered INTEGER NOT NULL, entered_event INTEGER NOT NULL,
  last_event INTEGER NOT NULL, retries INTEGER NOT NULL, attempts TEXT NOT NULL, due INTEGER, timeout INTEGER,
  heartbeat INTEGER, total INTEGER NOT NULL, begun INTEGER NOT NULL, pending INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS states_threads_execution ON states_threads (execution);
CREATE INDEX IF NOT EXISTS states_threads_parent ON states_threads (parent, slot) WHERE parent IS NOT NULL;
CREATE INDEX IF NOT EXISTS states_threads_due ON states_threads (due) WHERE due IS NOT NULL;
CREATE TABLE IF NOT EXISTS states_history (
  execution INTEGER NOT NULL, first INTEGER NOT NULL, events BLOB NOT NULL, PRIMARY KEY (execution, first)
) WITHOUT ROWID;
`;

export function createTables(db: DatabaseSync): void {
  db.exec(TABLES);
}
