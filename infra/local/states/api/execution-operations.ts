/** StartExecution, DescribeExecution, ListExecutions, GetExecutionHistory, StopExecution. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError, type Clock } from '../../part.ts';
import { isTooLarge } from '../json.ts';
import { RETENTION_MS } from '../run/closing.ts';
import type { Interpreter } from '../run/interpreter.ts';
import { startExecution } from '../run/start.ts';
import { NO_REDRIVE } from '../run/status-change.ts';
import type { Execution } from '../storage/executions.ts';
import type { Store } from '../storage/store.ts';
import type { Catalog } from './catalog.ts';
import { historyEvent } from './history-event.ts';
import type { Operations } from './operation.ts';
import {
  checkName,
  noSuchExecution,
  noSuchMachine,
  pageOf,
  pageToken,
  paging,
  parseMachineArn,
  parseRequest,
  seconds,
} from './request.ts';

const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'] as const;

const Start = z.strictObject({
  stateMachineArn: z.string(),
  name: z.string().optional(),
  input: z.string().optional(),
  traceHeader: z.string().optional(),
});
const List = z.strictObject({
  stateMachineArn: z.string(),
  statusFilter: z.enum(STATUSES).optional(),
  ...paging,
});
const HistoryRequest = z.strictObject({
  executionArn: z.string(),
  reverseOrder: z.boolean().optional(),
  includeExecutionData: z.boolean().optional(),
  ...paging,
});
const Stop = z.strictObject({
  executionArn: z.string(),
  error: z.string().max(256).optional(),
  cause: z.string().max(32_768).optional(),
});
const Named = z.strictObject({
  executionArn: z.string(),
  includedData: z.enum(['ALL_DATA', 'METADATA_ONLY']).optional(),
});

/** Starts an execution of what the ARN points to. @throws AwsError */
export type StartExecution = (request: { machine: string; name: string; input: string }) => {
  arn: string;
  started: number;
};

export function createStart(
  store: Store,
  catalog: Catalog,
  interpreter: () => Interpreter,
  clock: Clock,
): StartExecution {
  return ({ machine: arn, name, input }) => {
    checkName(name);
    checkInput(input);
    const { machine, version, revision } = catalog.find(arn);
    catalog.active(machine.arn);
    const executionArn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const at = clock.now();
    const earlier = store.executions.byArn(executionArn);
    if (earlier?.status === 'RUNNING' && earlier.input === input)
      return { arn: executionArn, started: earlier.started };
    if (earlier && !isForgotten(earlier, at)) {
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
    }
    if (earlier) interpreter().closing.forget(earlier.id);
    const request = { arn: executionArn, name, machine, version: version?.number ?? null, revision, input, at };
    startExecution(store, interpreter(), request);
    return { arn: executionArn, started: at };
  };
}

function isForgotten({ stopped }: Execution, at: number): boolean {
  return stopped !== null && stopped < at - RETENTION_MS;
}

function checkInput(input: string): void {
  const refuse = (why: string) =>
    new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${why}'`);
  if (input.trim() === '') throw refuse('Invalid execution input.');
  if (isTooLarge(input)) throw refuse('The input is larger than 262144 bytes.');
  try {
    JSON.parse(input);
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}

export function executionOperations(store: Store, interpreter: Interpreter, start: StartExecution): Operations {
  function find(arn: string): Execution {
    const execution = store.executions.byArn(arn);
    if (!execution) throw noSuchExecution(arn);
    return execution;
  }

  return {
    StartExecution(request) {
      const { stateMachineArn, name = randomUUID(), input = '{}' } = parseRequest(Start, request);
      const { arn, started } = start({ machine: stateMachineArn, name, input });
      return { executionArn: arn, startDate: seconds(started) };
    },

    DescribeExecution(request) {
      const execution = find(parseRequest(Named, request).executionArn);
      const { input, output, error, cause } = execution;
      return {
        ...summaryOf(execution),
        input,
        inputDetails: { included: true },
        ...(output !== null && { output, outputDetails: { included: true } }),
        ...(error !== null && { error }),
        ...(cause !== null && { cause }),
        redriveCount: 0,
        redriveStatus: 'NOT_REDRIVABLE',
        redriveStatusReason: NO_REDRIVE,
      };
    },

    ListExecutions(request) {
      const { stateMachineArn, statusFilter = null, ...page } = parseRequest(List, request);
      const { machine, version = null } = parseMachineArn(stateMachineArn);
      if (!store.machines.get(machine)) throw noSuchMachine(stateMachineArn);
      const { limit, after = Number.MAX_SAFE_INTEGER } = pageOf(page);
      const rows = store.executions.list({ machine, version, status: statusFilter, below: after, limit: limit + 1 });
      const last = rows[limit - 1];
      return {
        executions: rows.slice(0, limit).map(summaryOf),
        ...(rows.length > limit && last && { nextToken: pageToken(last.id) }),
      };
    },

    GetExecutionHistory(request) {
      const {
        executionArn,
        reverseOrder,
        includeExecutionData = true,
        ...page
      } = parseRequest(HistoryRequest, request);
      const events = store.history.read(find(executionArn).id);
      if (reverseOrder) events.reverse();
      const { limit, after = 0 } = pageOf(page);
      return {
        events: events.slice(after, after + limit).map((event) => historyEvent(event, includeExecutionData)),
        ...(after + limit < events.length && { nextToken: pageToken(after + limit) }),
      };
    },

    StopExecution(request) {
      const { executionArn, error, cause } = parseRequest(Stop, request);
      const { id } = find(executionArn);
      interpreter.pages.write(id, (page) => interpreter.closing.abort(page, { error, cause }));
      return { stopDate: seconds(find(executionArn).stopped ?? 0) };
    },
  };
}

function summaryOf({ arn, machine, version, name, status, started, stopped }: Execution) {
  return {
    executionArn: arn,
    stateMachineArn: machine,
    ...(version !== null && { stateMachineVersionArn: `${machine}:${version}` }),
    name,
    status,
    startDate: seconds(started),
    ...(stopped !== null && { stopDate: seconds(stopped) }),
  };
}
