/** The DynamoDB server: a process of its own, on a loopback port of its own, with its data under the data directory. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerProcess {
  url: string;
  pid: number;
  close(): Promise<void>;
}

/** A busy machine may take seconds to start a process. */
const READY_WITHIN_MS = 20_000;
const ENDS_WITHIN_MS = 3000;
/** A server that ends by itself is started again, but no more often than this within a minute: then it cannot run here. */
const MOST_RESTARTS = 5;
const RESTARTS_WITHIN_MS = 60_000;

/** @throws Error saying what to do where the server does not exist for this machine. */
export function findServer(): string {
  const package_ = `@dynoxide/${process.platform}-${process.arch}`;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${package_}/package.json`));
    return join(folder, process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide');
  } catch {
    throw new Error(
      `The package ${package_}, the local DynamoDB, is not installed on this machine. Install it ("npm install --no-save ${package_}"), ` +
        'or run any other DynamoDB-compatible server and name it in AWS_ENDPOINT_URL_DYNAMODB, as in AWS_ENDPOINT_URL_DYNAMODB=http://localhost:8000.',
    );
  }
}

/** Starts the server, after ending one that a killed run of the same data directory left behind. */
export async function startServer(dataDir: string, report: (line: string) => void): Promise<ServerProcess> {
  const binary = findServer();
  const folder = join(dataDir, 'dynamodb');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = join(folder, 'data.db');
  const pidFile = join(folder, 'pid');
  const logFile = join(folder, 'server.log');
  await endLeftover(pidFile, database);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let closing = false;
  let restarts: number[] = [];

  const start = (): ChildProcess => {
    const log = openSync(logFile, 'a', 0o600);
    const args = ['serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', database];
    const started = spawn(binary, args, { stdio: ['ignore', log, log], env: {} });
    closeSync(log);
    if (started.pid) writeFileSync(pidFile, String(started.pid));
    started.on('error', (error) => report(`The local DynamoDB does not start: ${error.message}`));
    started.on('exit', (code, signal) => {
      if (closing) return;
      report(`The local DynamoDB ended by itself (${signal ?? code}).`);
      const at = performance.now();
      restarts = restarts.filter((before) => at - before < RESTARTS_WITHIN_MS);
      if (restarts.length === MOST_RESTARTS) {
        report(
          `The local DynamoDB ended too often and is not started again: nothing can be read or stored. ${logFile} may tell why; then stop this run and start it anew.`,
        );
        return;
      }
      restarts.push(at);
      child = start();
    });
    return started;
  };
  let child = start();
  try {
    await untilReady(url);
  } catch (error) {
    closing = true;
    child.kill('SIGKILL');
    throw error;
  }
  return {
    url,
    get pid() {
      return child.pid ?? 0;
    },
    async close() {
      closing = true;
      await end(child);
      rmSync(pidFile, { force: true });
    },
  };
}

/** The process whose id is in the file is ended, if it is such a server on this very database. */
async function endLeftover(pidFile: string, database: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  if (Number.isInteger(pid) && pid > 1 && isServerOf(pid, database)) {
    process.kill(pid, 'SIGTERM');
    for (let waited = 0; isServerOf(pid, database); waited += 10) {
      if (waited === ENDS_WITHIN_MS) process.kill(pid, 'SIGKILL');
      await sleep(10);
    }
  }
  rmSync(pidFile, { force: true });
}

/** By its command line: process ids are used again. */
function isServerOf(pid: number, database: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(database);
  } catch {
    // No such process; or no /proc to ask, and then nothing is ended on a guess.
    return false;
  }
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('There is no free port.'));
      });
    });
  });
}

async function untilReady(url: string): Promise<void> {
  for (let waited = 0; waited < READY_WITHIN_MS; waited += 5) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(5);
  }
  throw new Error(`The local DynamoDB was not ready within ${READY_WITHIN_MS / 1000} s.`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
  await ended;
  clearTimeout(patience);
}
