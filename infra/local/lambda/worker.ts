/** A function's worker thread: one process of Lambda, in which concurrent invocations interleave. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { createCollector } from '../collector.ts';
import { type Invocation, type Report, toErrorPayload, type WorkerSetup } from './message.ts';
import { moveDate } from './worker-date.ts';
import { redirectOutput } from './worker-log.ts';
import { captureNetwork } from './worker-network.ts';

const port = parentPort;
if (!port) throw new Error('worker.ts runs in a worker thread.');
const setup: WorkerSetup = workerData;
const current = new AsyncLocalStorage<string>();
const report = (message: Report): void => port.postMessage(message);
const collector = createCollector();

moveDate(setup.clock);
redirectOutput(
  setup.logFile,
  () => current.getStore(),
  (line) => report({ kind: 'error-line', line }),
);
captureNetwork(setup);

/** `folder/file.export`: the file's name has no dot, the export may have. */
async function loadHandler(): Promise<(event: unknown, context: unknown) => unknown> {
  const [, path, name = ''] = /^(.*?[^/.]+)\.(.+)$/.exec(setup.handler) ?? [];
  const file = ['.mjs', '.js', '.cjs'].map((ending) => join(setup.bundle, `${path}${ending}`)).find(existsSync);
  if (!file) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${path}'`);
  const loaded: unknown = await import(pathToFileURL(file).href);
  const handler = find(loaded, name) ?? find(find(loaded, 'default'), name);
  if (typeof handler !== 'function')
    throw named('Runtime.HandlerNotFound', `${setup.handler} is undefined or not exported`);
  return (event, context) => Reflect.apply(handler, undefined, [event, context]);
}

function find(value: unknown, path: string): unknown {
  let found = value;
  for (const key of path.split('.')) {
    if ((typeof found !== 'object' && typeof found !== 'function') || found === null) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

function contextOf({ requestId, timeoutMs }: Invocation): object {
  // Real time: the timeout is measured on it.
  const deadline = performance.now() + timeoutMs;
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: false,
    functionName: setup.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: setup.functionArn,
    logGroupName: `/aws/lambda/${setup.functionName}`,
    logStreamName: 'local',
    memoryLimitInMB: String(setup.memoryMb),
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
  };
}

let inFlight = 0;

async function answer(handler: (event: unknown, context: unknown) => unknown, invocation: Invocation): Promise<void> {
  const { id } = invocation;
  if (inFlight++ === 0) collector.busy();
  try {
    const event: unknown = JSON.parse(invocation.payload);
    const result = await handler(event, contextOf(invocation));
    report({ kind: 'answer', id, ok: true, payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    console.error(error);
    report({ kind: 'answer', id, ok: false, payload: toErrorPayload(error) });
  } finally {
    if (--inFlight === 0) collector.idle();
  }
}

try {
  const handler = await loadHandler();
  port.on('message', (invocation: Invocation) => current.run(invocation.requestId, answer, handler, invocation));
  report({ kind: 'ready' });
} catch (error) {
  console.error(error);
  report({ kind: 'unloadable', payload: toErrorPayload(error) });
}
