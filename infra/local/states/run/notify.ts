/** Puts status changes on the default bus: "Step Functions Execution Status Change" (AWS developer guide). */
import type { BusEntry, Buses } from '../../part.ts';
import type { Execution, Status } from '../storage/executions.ts';
import type { Store } from '../storage/store.ts';

/**
 * Sends what is recorded and not sent yet. A notice is deleted after the bus took it, so that a kill in between sends
 * it twice rather than never; AWS promises no more.
 */
export function sendNotices(store: Store, buses: Buses): void {
  for (let notices = store.notices.list(); notices.length > 0; notices = store.notices.list()) {
    const entries = notices.flatMap(({ execution: id, status }) => {
      const execution = store.executions.get(id);
      return execution ? [entryOf(execution, status)] : [];
    });
    if (entries.length > 0) buses.put(entries);
    store.transact(() => {
      for (const { id } of notices) store.notices.delete(id);
    });
  }
}

/** An event of EventBridge holds 256 KiB; AWS leaves out the input first, then the output. */
const DATA_LIMIT = 248 * 1024;

function dataOf(input: string, output: string | null) {
  const outputSize = escapedSize(output ?? '');
  const withOutput = outputSize <= DATA_LIMIT;
  const withInput = escapedSize(input) + (withOutput ? outputSize : 0) <= DATA_LIMIT;
  return {
    input: withInput ? input : null,
    inputDetails: { included: withInput },
    output: withOutput ? output : null,
    outputDetails: output === null ? null : { included: withOutput },
  };
}

function escapedSize(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

function entryOf(execution: Execution, status: Status): BusEntry {
  const closed = status !== 'RUNNING';
  const output = closed ? execution.output : null;
  const redrivable = status === 'FAILED' || status === 'TIMED_OUT' || status === 'ABORTED';
  return {
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [execution.arn],
    time: new Date(execution.stopped !== null && closed ? execution.stopped : execution.started).toISOString(),
    detail: {
      executionArn: execution.arn,
      stateMachineArn: execution.machine,
      name: execution.name,
      status,
      startDate: execution.started,
      stopDate: closed ? execution.stopped : null,
      ...dataOf(execution.input, output),
      stateMachineVersionArn: execution.version === null ? null : `${execution.machine}:${execution.version}`,
      stateMachineAliasArn: null,
      redriveCount: 0,
      redriveDate: null,
      redriveStatus: redrivable ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
      redriveStatusReason: redrivable ? null : `Execution is ${status} and cannot be redriven`,
      error: status === 'TIMED_OUT' ? 'States.Timeout' : closed ? execution.error : null,
      cause: closed ? execution.cause : null,
    },
  };
}
