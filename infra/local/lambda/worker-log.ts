/** What a function prints, as JSON lines in its log file: the shape of Lambda's JSON log format. */
import { fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { format } from 'node:util';

/** At this size the file becomes `<name>.1` and a new one begins: 16 MB each, two of them. */
const FULL = 16 * 1024 * 1024;

const LEVELS = {
  trace: 'TRACE',
  debug: 'DEBUG',
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
} as const;

/** An append-only file that starts anew when it is full. */
function openLog(path: string): (line: string) => void {
  let fd = openSync(path, 'a', 0o600);
  let size = fstatSync(fd).size;
  return (line) => {
    if (size > FULL) {
      renameSync(path, `${path}.1`);
      fd = openSync(path, 'a', 0o600);
      size = 0;
    }
    size += writeSync(fd, `${line}\n`);
  };
}

const plain = (value: unknown): unknown =>
  value instanceof Error
    ? { errorType: value.name, errorMessage: value.message, stackTrace: value.stack?.split('\n') }
    : value;

function messageOf(args: unknown[]): unknown {
  const [only] = args;
  if (args.length !== 1 || typeof only !== 'object' || only === null) return format(...args);
  try {
    const value = plain(only);
    JSON.stringify(value);
    return value;
  } catch {
    return format(only);
  }
}

/**
 * Sends `console` and everything written to stdout and stderr to the log file.
 * @param requestId of the invocation that is printing, if any.
 * @param onError gets each line of level ERROR or above.
 */
export function redirectOutput(
  path: string,
  requestId: () => string | undefined,
  onError: (line: string) => void,
): void {
  const append = openLog(path);
  const print = (level: string, message: unknown): void => {
    const line = JSON.stringify({ timestamp: new Date().toISOString(), level, requestId: requestId(), message });
    append(line);
    if (level === 'ERROR') onError(line);
  };
  for (const [method, level] of Object.entries(LEVELS)) {
    Object.defineProperty(console, method, {
      value: (...args: unknown[]) => print(level, messageOf(args)),
      writable: true,
    });
  }
  const write = (level: string) => (chunk: unknown) => {
    const text = chunk instanceof Uint8Array ? new TextDecoder().decode(chunk) : String(chunk);
    for (const line of text.split('\n')) {
      if (line === '') continue;
      // A logger that writes JSON lines by itself is taken at its word.
      if (!line.startsWith('{')) print(level, line);
      else {
        append(line);
        if (/"level":"(ERROR|FATAL|CRITICAL)"/.test(line)) onError(line);
      }
    }
    return true;
  };
  Object.defineProperty(process.stdout, 'write', { value: write('INFO') });
  Object.defineProperty(process.stderr, 'write', { value: write('WARN') });
}
