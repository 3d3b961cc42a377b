/** Memory of a process that stays. */

/** V8's space for young objects, in MB, of each thread: by default it grows to many times that, for the same speed. */
const YOUNG = '--max-semi-space-size=2';

/**
 * Begins the process anew, as the same one, with what counts only at a process's beginning: a small space for young
 * objects, and two of glibc's arenas in place of eight a core, each of which keeps what was freed in it. Of the local run
 * under load that is a third. Returns where that cannot be (Windows, Node.js before 22.15) or is so already.
 */
export function beginFrugally(): void {
  const { execArgv, execPath, argv, env, platform } = process;
  if (platform === 'win32' || typeof process.execve !== 'function' || execArgv.includes(YOUNG)) return;
  process.execve(execPath, [execPath, ...execArgv, YOUNG, ...argv.slice(1)], { MALLOC_ARENA_MAX: '2', ...env });
}
