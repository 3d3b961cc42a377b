/** One run at a time on one data folder. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Takes the folder for this process, made where it is not there; a lock whose process is gone is taken over.
 * @returns what gives it back.
 * @throws Error naming the process that holds it, or saying why there can be no such folder.
 */
export function lockFolder(folder: string): () => void {
  makeFolder(folder);
  const file = join(folder, 'lock');
  const holder = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (holder !== process.pid && isRunning(holder)) {
    throw new Error(
      `The data folder ${folder} is in use by process ${holder}: stop that run, or set RIPEN_DATA to another folder.`,
    );
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const isFile = code === 'EEXIST' || code === 'ENOTDIR';
    const why = isFile ? 'there is a file in its place' : error instanceof Error ? error.message : String(error);
    throw new Error(`No data can be kept in ${folder}: ${why}. Give another folder with --data or RIPEN_DATA.`);
  }
}

function isRunning(pid: number): boolean {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    // A reused process id is no run of ours; where /proc tells, ask it.
    const commandLine = `/proc/${pid}/cmdline`;
    return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes('ripen');
  } catch {
    return false;
  }
}
