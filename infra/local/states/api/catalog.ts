/** State machines with their revisions and versions: what Create, Update, Publish and Delete mean. */
import { randomUUID } from 'node:crypto';
import { AwsError, type Clock } from '../../part.ts';
import { compileMachine } from '../machine/compile.ts';
import type { Diagnostic } from '../machine/field.ts';
import type { Resources } from '../resources/resource.ts';
import type { MachineRow, Revision, Version } from '../storage/machines.ts';
import type { Store } from '../storage/store.ts';
import { noSuchMachine, parseMachineArn } from './request.ts';

export interface Content {
  definition: string;
  role: string;
  /** JSON texts. */
  logging: string;
  tracing: string;
}

export interface Catalog {
  /** @throws AwsError InvalidDefinition */
  check(definition: string): void;
  diagnose(definition: string): Diagnostic[];
  /** Adds a machine. The caller has checked that there is none. */
  add(arn: string, name: string, content: Content): MachineRow;
  /** Gives the machine another revision, unless the content is the same. */
  revise(machine: MachineRow, content: Content): MachineRow;
  /** @throws AwsError StateMachineDoesNotExist, StateMachineDeleting */
  active(arn: string): MachineRow;
  /** What an ARN, with or without a version, points to. @throws AwsError StateMachineDoesNotExist */
  find(arn: string): { machine: MachineRow; version: Version | undefined; revision: Revision };
  revision(machine: MachineRow): Revision;
  /** The version of the current revision: an existing one, or the next. */
  publish(machine: MachineRow, description: string | null): Version;
  delete(machine: MachineRow): void;
  isDeleting(arn: string): boolean;
  /** An execution of this machine has ended. */
  executionClosed(arn: string): void;
}

export function createCatalog(
  store: Store,
  clock: Clock,
  resources: Resources,
  dropped: (revisions: number[]) => void,
): Catalog {
  const { machines, executions } = store;
  const deleting = new Set(machines.list().flatMap(({ arn, status }) => (status === 'DELETING' ? [arn] : [])));

  function addRevision(machine: string, content: Content, revision_id: string | null): number {
    return machines.addRevision({ machine, revision_id, ...content, updated: clock.now() });
  }

  function revision({ arn, revision: id }: MachineRow): Revision {
    const found = machines.revision(id);
    if (!found) throw noSuchMachine(arn);
    return found;
  }

  function find(arn: string) {
    const reference = parseMachineArn(arn);
    const machine = machines.get(reference.machine);
    if (!machine) throw noSuchMachine(arn);
    if (reference.version === undefined) return { machine, version: undefined, revision: revision(machine) };
    const version = machines.version(machine.arn, reference.version);
    const pinned = version && machines.revision(version.revision);
    if (!pinned) throw noSuchMachine(arn);
    return { machine, version, revision: pinned };
  }

  function remove(arn: string): void {
    machines.delete(arn);
    store.tags.delete(
      arn,
      store.tags.list(arn).map(({ key }) => key),
    );
    deleting.delete(arn);
    dropped(machines.deleteUnusedRevisions());
  }

  return {
    check(definition) {
      const { diagnostics } = compileMachine(definition, resources);
      if (diagnostics.length > 0) throw invalidDefinition(diagnostics);
    },
    diagnose: (definition) => compileMachine(definition, resources).diagnostics,
    add(arn, name, content) {
      const machine: MachineRow = {
        arn,
        name,
        status: 'ACTIVE',
        revision: addRevision(arn, content, null),
        created: clock.now(),
        last_version: 0,
      };
      machines.insert(machine);
      return machine;
    },
    revise(machine, content) {
      if (sameContent(revision(machine), content)) return machine;
      const revised = { ...machine, revision: addRevision(machine.arn, content, randomUUID()) };
      machines.update(revised);
      dropped(machines.deleteUnusedRevisions());
      return revised;
    },
    active(arn) {
      const machine = machines.get(arn);
      if (!machine) throw noSuchMachine(arn);
      if (machine.status === 'DELETING')
        throw new AwsError('StateMachineDeleting', `State Machine is deleting: '${arn}'`);
      return machine;
    },
    find,
    revision,
    publish(machine, description) {
      const existing = machines.versions(machine.arn).find((version) => version.revision === machine.revision);
      if (existing) return existing;
      const number = machine.last_version + 1;
      const version = { machine: machine.arn, number, revision: machine.revision, description, created: clock.now() };
      machines.addVersion(version);
      machines.update({ ...machine, last_version: number });
      return version;
    },
    delete(machine) {
      if (!executions.hasRunning(machine.arn)) return remove(machine.arn);
      machines.update({ ...machine, status: 'DELETING' });
      deleting.add(machine.arn);
    },
    isDeleting: (arn) => deleting.has(arn),
    executionClosed(arn) {
      if (deleting.has(arn) && !executions.hasRunning(arn)) remove(arn);
    },
  };
}

export function sameContent(revision: Content, content: Content): boolean {
  return (['definition', 'role', 'logging', 'tracing'] as const).every((part) => revision[part] === content[part]);
}

/** AWS lists all faults in one message. */
export function invalidDefinition(diagnostics: readonly Diagnostic[]): AwsError {
  const faults = diagnostics.map(({ code, message, location }) => `${code}: ${message} at ${location}`);
  return new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${faults.join(', ')}'`);
}
