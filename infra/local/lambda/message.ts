/** What the engine and a function's worker thread tell each other. Payloads stay JSON text: parsed once, by who reads them. */

export interface WorkerSetup {
  functionName: string;
  functionArn: string;
  /** The folder of the bundle. */
  bundle: string;
  /** As in the template: `index.handler`. */
  handler: string;
  memoryMb: number;
  /** The engine's offset, see `Clock.shared`. */
  clock: SharedArrayBuffer;
  logFile: string;
  /** Hosts beside loopback that requests may go to. */
  reachable: readonly string[];
  /** Where requests to any other host go instead. */
  outbound: { port: number; token: string };
}

export interface Invocation {
  id: number;
  requestId: string;
  payload: string;
  timeoutMs: number;
}

export type Report =
  | { kind: 'ready' }
  /** `payload` is the answer, or Lambda's error payload, as JSON. */
  | { kind: 'answer'; id: number; ok: boolean; payload: string }
  /** The module could not be loaded, or has no such handler. */
  | { kind: 'unloadable'; payload: string }
  /** A log line of level ERROR or above. */
  | { kind: 'error-line'; line: string };

/** Lambda's error payload, as its Node.js runtime makes it. */
export function toErrorPayload(error: unknown): string {
  if (!(error instanceof Error)) {
    return JSON.stringify({ errorType: typeof error, errorMessage: String(error), trace: [] });
  }
  const trace = error.stack?.split('\n') ?? [];
  return JSON.stringify({ errorType: error.name, errorMessage: error.message, trace });
}
