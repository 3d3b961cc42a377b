/** One worker thread of one function, and the invocations in flight in it. */
import { Worker } from 'node:worker_threads';
import type { Invocation, Report, WorkerSetup } from './message.ts';

/** What an invocation came to; `payload` is JSON: the answer, or Lambda's error payload. */
export interface Outcome {
  ok: boolean;
  payload: string;
}

export interface Thread {
  /** Never rejects: an error is an outcome. */
  invoke(invocation: Omit<Invocation, 'id' | 'timeoutMs'>): Promise<Outcome>;
  /** How many invocations are in flight. */
  pending(): number;
  /** Takes no more invocations; the thread ends with its last one. */
  retire(): void;
  end(): Promise<void>;
}

export interface ThreadOptions {
  /** The bundled code of `worker.ts`. */
  code: string;
  setup: WorkerSetup;
  env: Record<string, string>;
  timeoutMs: number;
  /** The thread can serve nobody any more: it ended, could not load its handler, or one of its invocations timed out. */
  onGone(): void;
  onErrorLine(line: string): void;
}

interface Pending {
  requestId: string;
  settle(outcome: Outcome): void;
  timer?: NodeJS.Timeout;
}

/** How long Lambda lets a function load. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const LOADING_MS = 10_000;
/** Three semi-spaces of the 2 MB that `ripen start` gives its main thread. More made no post quicker, and adds up. */
const YOUNG_MB = 6;

const failure = (errorType: string, errorMessage: string): Outcome => ({
  ok: false,
  payload: JSON.stringify({ errorType, errorMessage }),
});

export function startThread({ code, setup, env, timeoutMs, onGone, onErrorLine }: ThreadOptions): Thread {
  const pending = new Map<number, Pending>();
  let nextId = 0;
  let isReady = false;
  let isGone = false;
  const worker = new Worker(code, {
    workerData: setup,
    env,
    name: setup.functionName,
    // Nothing of the host's own flags; output goes to the function's log file.
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: Math.max(setup.memoryMb, 64) },
  });

  const gone = (): void => {
    if (isGone) return;
    isGone = true;
    onGone();
  };
  const retire = (): void => {
    gone();
    if (pending.size === 0) void worker.terminate();
  };
  const settle = (id: number, outcome: Outcome): void => {
    const found = pending.get(id);
    if (!found) return;
    pending.delete(id);
    clearTimeout(found.timer);
    found.settle(outcome);
    if (isGone && pending.size === 0) void worker.terminate();
  };
  const settleAll = (outcomeOf: (requestId: string) => Outcome): void => {
    for (const [id, { requestId }] of [...pending]) settle(id, outcomeOf(requestId));
  };
  const timeOut = (id: number, requestId: string): void => {
    const seconds = (timeoutMs / 1000).toFixed(2);
    const message = `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`;
    onErrorLine(JSON.stringify({ level: 'ERROR', requestId, message }));
    // The invocation may still hold the thread: others in flight may finish, new ones go to a new thread.
    gone();
    settle(id, failure('Sandbox.Timedout', message));
  };
  const watch = (id: number, entry: Pending): void => {
    entry.timer = setTimeout(timeOut, timeoutMs, id, entry.requestId);
  };
  const loading = setTimeout(() => {
    onErrorLine(JSON.stringify({ level: 'ERROR', message: `${setup.functionName} took more than 10 seconds to load` }));
    void worker.terminate();
  }, LOADING_MS);
  loading.unref();

  worker.on('message', (report: Report) => {
    switch (report.kind) {
      case 'answer':
        return settle(report.id, { ok: report.ok, payload: report.payload });
      case 'error-line':
        return onErrorLine(report.line);
      case 'ready':
        clearTimeout(loading);
        isReady = true;
        for (const [id, entry] of pending) watch(id, entry);
        return;
      case 'unloadable':
        gone();
        settleAll(() => ({ ok: false, payload: report.payload }));
        return retire();
    }
  });
  worker.on('error', (error) => {
    onErrorLine(
      JSON.stringify({ level: 'ERROR', message: `Uncaught: ${error instanceof Error ? error.stack : String(error)}` }),
    );
  });
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', (code) => {
      clearTimeout(loading);
      gone();
      settleAll((requestId) =>
        failure('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited with error: exit status ${code}`),
      );
      resolve();
    });
  });

  return {
    pending: () => pending.size,
    retire,
    invoke: ({ requestId, payload }) =>
      new Promise((resolve) => {
        const id = nextId++;
        const entry: Pending = { requestId, settle: resolve };
        pending.set(id, entry);
        if (isReady) watch(id, entry);
        const invocation: Invocation = { id, requestId, payload, timeoutMs };
        worker.postMessage(invocation);
      }),
    async end() {
      await worker.terminate();
      await ended;
    },
  };
}
