/** State machines, their revisions and versions, and tags. */
import type { DatabaseSync } from 'node:sqlite';
import { statement } from './statement.ts';

export interface MachineRow {
  arn: string;
  name: string;
  status: 'ACTIVE' | 'DELETING';
  /** The revision that StartExecution takes without a version. */
  revision: number;
  created: number;
  last_version: number;
}

export interface Revision {
  id: number;
  machine: string;
  /** null for the first, as on AWS. */
  revision_id: string | null;
  definition: string;
  role: string;
  /** JSON of loggingConfiguration and tracingConfiguration. */
  logging: string;
  tracing: string;
  updated: number;
}

export interface Version {
  machine: string;
  number: number;
  revision: number;
  description: string | null;
  created: number;
}

export interface Machines {
  get(arn: string): MachineRow | undefined;
  list(): MachineRow[];
  insert(machine: MachineRow): void;
  update(machine: MachineRow): void;
  delete(arn: string): void;
  revision(id: number): Revision | undefined;
  addRevision(revision: Omit<Revision, 'id'>): number;
  /** Deletes the revisions that no machine, version or execution has. Gives their ids. */
  deleteUnusedRevisions(): number[];
  version(machine: string, number: number): Version | undefined;
  versions(machine: string): Version[];
  addVersion(version: Version): void;
  deleteVersion(machine: string, number: number): void;
}

export function createMachines(db: DatabaseSync): Machines {
  const get = statement<MachineRow>(db, 'SELECT * FROM states_machines WHERE arn = :arn');
  const list = statement<MachineRow>(db, 'SELECT * FROM states_machines ORDER BY name');
  const put = statement(
    db,
    `INSERT OR REPLACE INTO states_machines (arn, name, status, revision, created, last_version)
     VALUES (:arn, :name, :status, :revision, :created, :last_version)`,
  );
  const remove = statement(db, 'DELETE FROM states_machines WHERE arn = :arn');
  const removeVersions = statement(db, 'DELETE FROM states_versions WHERE machine = :arn');
  return {
    get: (arn) => get.get({ arn }),
    list: () => list.all(),
    insert: (machine) => void put.run({ ...machine }),
    update: (machine) => void put.run({ ...machine }),
    delete(arn) {
      remove.run({ arn });
      removeVersions.run({ arn });
    },
    ...revisions(db),
    ...versions(db),
  };
}

function revisions(db: DatabaseSync) {
  const get = statement<Revision>(db, 'SELECT * FROM states_revisions WHERE id = :id');
  const add = statement(
    db,
    `INSERT INTO states_revisions (machine, revision_id, definition, role, logging, tracing, updated)
     VALUES (:machine, :revision_id, :definition, :role, :logging, :tracing, :updated)`,
  );
  const unused = statement<{ id: number }>(
    db,
    `SELECT id FROM states_revisions r
     WHERE NOT EXISTS (SELECT 1 FROM states_machines WHERE revision = r.id)
       AND NOT EXISTS (SELECT 1 FROM states_versions WHERE machine = r.machine AND revision = r.id)
       AND NOT EXISTS (SELECT 1 FROM states_executions WHERE revision = r.id)`,
  );
  const remove = statement(db, 'DELETE FROM states_revisions WHERE id = :id');
  return {
    revision: (id: number) => get.get({ id }),
    addRevision: (revision: Omit<Revision, 'id'>) => add.insert({ ...revision }),
    deleteUnusedRevisions() {
      const ids = unused.all().map(({ id }) => id);
      for (const id of ids) remove.run({ id });
      return ids;
    },
  };
}

function versions(db: DatabaseSync) {
  const get = statement<Version>(db, 'SELECT * FROM states_versions WHERE machine = :machine AND number = :number');
  const list = statement<Version>(db, 'SELECT * FROM states_versions WHERE machine = :machine ORDER BY number DESC');
  const add = statement(
    db,
    `INSERT INTO states_versions (machine, number, revision, description, created)
     VALUES (:machine, :number, :revision, :description, :created)`,
  );
  const remove = statement(db, 'DELETE FROM states_versions WHERE machine = :machine AND number = :number');
  return {
    version: (machine: string, number: number) => get.get({ machine, number }),
    versions: (machine: string) => list.all({ machine }),
    addVersion: (version: Version) => void add.run({ ...version }),
    deleteVersion: (machine: string, number: number) => void remove.run({ machine, number }),
  };
}
