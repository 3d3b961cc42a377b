/** Status changes on the default bus: "Step Functions Execution Status Change" (AWS developer guide). */
import type { BusEntry } from '../../part.ts';
import type { Execution } from '../storage/executions.ts';

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

/** AWS can start a failed execution again at the state that failed; this engine cannot, and says so. */
export const NO_REDRIVE = 'The local engine does not redrive executions';

/** The event of an execution that has just started or ended. */
export function statusChange(execution: Execution): BusEntry {
  const { status, output, error, cause, started, stopped, version } = execution;
  return {
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [execution.arn],
    time: new Date(stopped ?? started).toISOString(),
    detail: {
      executionArn: execution.arn,
      stateMachineArn: execution.machine,
      name: execution.name,
      status,
      startDate: started,
      stopDate: stopped,
      ...dataOf(execution.input, output),
      stateMachineVersionArn: version === null ? null : `${execution.machine}:${version}`,
      stateMachineAliasArn: null,
      redriveCount: 0,
      redriveDate: null,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: NO_REDRIVE,
      error: status === 'TIMED_OUT' ? 'States.Timeout' : error,
      cause,
    },
  };
}
