/** One function: its thread, started at the first invocation and again after a crash or a timeout. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { AwsError } from '../part.ts';
import type { FunctionSpec } from './function-spec.ts';
import type { WorkerSetup } from './message.ts';
import { type Outcome, startThread, type Thread } from './thread.ts';

export interface LocalFunction {
  readonly spec: FunctionSpec;
  /** Whether another invocation may begin now, by its reserved concurrency. */
  hasRoom(): boolean;
  /**
   * Runs the handler on a JSON text.
   * @throws AwsError TooManyRequestsException when its reserved concurrency is used up; a failure of the handler is an outcome.
   */
  invoke(payload: string, requestId?: string): Promise<Outcome>;
  close(): Promise<void>;
}

/** What all functions of an engine share. */
export interface Surroundings {
  /** The bundled code of the worker threads, a path. */
  workerCode: string;
  clock: SharedArrayBuffer;
  region: string;
  /** For the SDKs: the engine itself, and DynamoDB. */
  endpoints: { aws: string; dynamodb: string };
  outbound: { port: number; token: string };
  logDir: string;
  onErrorLine(function_: string, line: string): void;
}

/** An unused thread gives its memory back, as Lambda does with an environment; one that works each minute stays. */
const IDLE_MS = 90_000;

export function createFunction(spec: FunctionSpec, around: Surroundings): LocalFunction {
  const setup = setupOf(spec, around);
  const env = environmentOf(spec, around);
  const threads = new Set<Thread>();
  let current: Thread | undefined;
  let running = 0;
  let idle: NodeJS.Timeout | undefined;

  const start = (): Thread => {
    const thread = startThread({
      code: around.workerCode,
      setup,
      env,
      timeoutMs: spec.timeoutMs,
      onErrorLine: (line) => around.onErrorLine(spec.name, line),
      onGone() {
        if (current === thread) current = undefined;
        if (thread.pending() === 0) threads.delete(thread);
      },
    });
    threads.add(thread);
    current = thread;
    return thread;
  };
  const rest = (): void => {
    idle ??= setTimeout(() => {
      idle = undefined;
      if (running === 0) current?.retire();
      else rest();
    }, IDLE_MS);
    idle.unref();
  };
  const hasRoom = (): boolean => spec.reserved === undefined || running < spec.reserved;

  return {
    spec,
    hasRoom,
    async invoke(payload, requestId = randomUUID()) {
      if (!hasRoom()) throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
      running += 1;
      idle?.refresh();
      const thread = current ?? start();
      try {
        return await thread.invoke({ requestId, payload });
      } finally {
        running -= 1;
        if (thread !== current && thread.pending() === 0) threads.delete(thread);
        if (running === 0) rest();
      }
    },
    async close() {
      clearTimeout(idle);
      await Promise.all([...threads].map((thread) => thread.end()));
    },
  };
}

function setupOf(spec: FunctionSpec, around: Surroundings): WorkerSetup {
  return {
    functionName: spec.name,
    functionArn: spec.arn,
    bundle: spec.bundle,
    handler: spec.handler,
    memoryMb: spec.memoryMb,
    clock: around.clock,
    logFile: join(around.logDir, `${spec.name}.log`),
    reachable: Object.values(around.endpoints).map((url) => new URL(url).hostname),
    outbound: around.outbound,
  };
}

/**
 * Its own variables, and those that Lambda sets and code may rely on.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
function environmentOf(spec: FunctionSpec, { region, endpoints }: Surroundings): Record<string, string> {
  return {
    ...spec.environment,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpoints.aws,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    // The developer's own profiles must not reach in.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: spec.bundle,
    _HANDLER: spec.handler,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}
