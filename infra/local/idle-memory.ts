/**
 * Gives memory back when nothing is going on. V8 lets a heap grow while there is work, which makes the work quick, and
 * shrinks it only under pressure; a dozen threads that did something once would keep all they ever used.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const IDLE_MS = 1500;

/** Collects this thread's garbage, once it has been idle for a while. */
export interface IdleMemory {
  /** Work begins: what was planned is off. */
  busy(): void;
  /** Work has ended. */
  idle(): void;
}

/** For the thread that calls it. */
export function createIdleMemory(): IdleMemory {
  setFlagsFromString('--expose-gc');
  const gc: (how: { type: 'major'; flavor: 'last-resort' }) => void = runInNewContext('gc');
  // The one that gives pages back to the system.
  const collect = () => gc({ type: 'major', flavor: 'last-resort' });
  let planned: NodeJS.Timeout | undefined;
  return {
    busy: () => clearTimeout(planned),
    idle() {
      clearTimeout(planned);
      planned = setTimeout(collect, IDLE_MS).unref();
    },
  };
}
