/** Starts an execution: its row, its first state and its first events are one transaction. */
import type { Machine } from '../machine/machine.ts';
import type { MachineRow, Revision } from '../storage/machines.ts';
import type { Store } from '../storage/store.ts';
import { FRESH } from '../storage/threads.ts';
import { inputDetails } from './event.ts';
import type { Interpreter } from './interpreter.ts';
import { noEffects, wake, wakeAt } from './page.ts';
import { statusChange } from './status-change.ts';
import { entering, stateOf } from './transition.ts';

/** No execution may run longer than a year (AWS service quotas). */
const LONGEST_MS = 365 * 86_400_000;

export interface StartRequest {
  arn: string;
  name: string;
  machine: MachineRow;
  version: number | null;
  revision: Revision;
  input: string;
  at: number;
}

/** The caller has checked that the name is free. */
export function startExecution(store: Store, interpreter: Interpreter, request: StartRequest): void {
  const { machine, version, revision, input, at } = request;
  const definition = interpreter.definition(revision.id).machine;
  const effects = noEffects();
  store.transact(() => {
    const execution = {
      arn: request.arn,
      name: request.name,
      machine: machine.arn,
      version,
      revision: revision.id,
      input,
      status: 'RUNNING' as const,
      started: at,
      stopped: null,
      output: null,
      error: null,
      cause: null,
      events: 0,
      due: dueOf(definition, at),
    };
    const id = store.executions.insert(execution);
    const page = { at, execution: { ...execution, id }, chapter: store.history.open(id, 0, at), effects };
    page.chapter.add({ type: 'ExecutionStarted', details: startedDetails(request) }, 0);
    const first = stateOf(definition, '', definition.scopes.get('')?.startAt ?? '');
    const root = { ...FRESH, execution: id, parent: null, slot: 0, version: 1, scope: '', variables: '{}' };
    const thread = store.threads.insert({ ...root, ...entering(page, first, input, 0) });
    store.executions.setEvents(id, page.chapter.write());
    interpreter.announce(statusChange(page.execution));
    wake(page, thread);
    wakeAt(page, execution.due);
  });
  interpreter.follow(effects);
}

function dueOf({ timeoutSeconds }: Machine, at: number): number {
  return at + Math.min(LONGEST_MS, timeoutSeconds === undefined ? LONGEST_MS : timeoutSeconds * 1000);
}

function startedDetails({ input, revision, machine, version }: StartRequest) {
  const details = { ...inputDetails(input), roleArn: revision.role };
  return version === null ? details : { ...details, stateMachineVersionArn: `${machine.arn}:${version}` };
}
