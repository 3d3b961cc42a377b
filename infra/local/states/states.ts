/**
 * Step Functions on this machine: Standard state machines in JSONata mode, durable, on the engine's clock. What is
 * accepted is on disk before it is answered; executions go on after a kill.
 */
import { AwsError, type JsonService, type Parts } from '../part.ts';
import { createCatalog } from './api/catalog.ts';
import { apiNames, Logging, loggingText, tracingText } from './api/configuration.ts';
import { createStart, executionOperations } from './api/execution-operations.ts';
import { machineOperations } from './api/machine-operations.ts';
import type { Operations } from './api/operation.ts';
import { parseRequest } from './api/request.ts';
import { tagOperations } from './api/tag-operations.ts';
import { tokenOperations } from './api/token-operations.ts';
import { versionOperations } from './api/version-operations.ts';
import { lambdaInvoke } from './resources/lambda-invoke.ts';
import { putEvents } from './resources/put-events.ts';
import type { Resource } from './resources/resource.ts';
import { startExecution } from './resources/start-execution.ts';
import { createInterpreter, type Interpreter } from './run/interpreter.ts';
import { createStore } from './storage/store.ts';

export interface Options {
  /** From 0 to 1, for the jitter of retries. */
  random?: () => number;
}

/** A state machine of the template. */
export interface MachineDefinition {
  name: string;
  arn: string;
  /** Amazon States Language, parsed or as text. */
  definition: object | string;
  roleArn?: string;
  /** LoggingConfiguration, as CloudFormation or as the API writes it. */
  logging?: unknown;
}

export interface States {
  /** `X-Amz-Target: AWSStepFunctions.<operation>`. */
  service: JsonService;
  /** Adds a machine, or gives it another definition; running executions keep theirs. @throws AwsError InvalidDefinition */
  define(machine: MachineDefinition): void;
  /** After a start of the engine: runs again what was in flight, and expects what is due. */
  resume(): void;
  /** Starts nothing more, and discards what comes back; the next engine goes on from the disk. */
  stop(): void;
  list(): { name: string; arn: string; status: string }[];
}

export function createStates(parts: Parts, { random = Math.random }: Options = {}): States {
  const { clock, buses, region, account } = parts;
  const store = createStore(parts.db);
  const resources = new Map<string, Resource>();
  const catalog = createCatalog(store, clock, resources, (revisions) => interpreter.dropDefinitions(revisions));
  const interpreter: Interpreter = createInterpreter({
    parts,
    store,
    resources,
    random,
    isDeleting: catalog.isDeleting,
    executionClosed: catalog.executionClosed,
  });
  const start = createStart(store, catalog, () => interpreter, clock);
  for (const resource of [
    lambdaInvoke(parts.lambda, false),
    lambdaInvoke(parts.lambda, true),
    putEvents(buses),
    startExecution(start),
  ]) {
    resources.set(resource.arn, resource);
  }
  const operations: Operations = {
    ...machineOperations(store, catalog, (name) => `arn:aws:states:${region}:${account}:stateMachine:${name}`),
    ...versionOperations(store, catalog),
    ...executionOperations(store, interpreter, start),
    ...tokenOperations(store, interpreter),
    ...tagOperations(store),
  };
  return {
    service: { handle: (operation, input) => operationOf(operations, operation)(input) },
    define({ name, arn, definition, roleArn, logging }) {
      const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
      catalog.check(text);
      const content = {
        definition: text,
        role: roleArn ?? `arn:aws:iam::${account}:role/${name}`,
        logging: loggingText(parseRequest(Logging.optional(), apiNames(logging))),
        tracing: tracingText(undefined),
      };
      store.transact(() => {
        if (store.machines.get(arn)) catalog.revise(catalog.active(arn), content);
        else catalog.add(arn, name, content);
      });
    },
    resume: () => interpreter.resume(),
    stop: () => interpreter.stop(),
    list: () => store.machines.list().map(({ name, arn, status }) => ({ name, arn, status })),
  };
}

function operationOf(operations: Operations, name: string) {
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!operation)
    throw new AwsError('UnknownOperationException', `The local engine does not do AWSStepFunctions.${name}`);
  return operation;
}
