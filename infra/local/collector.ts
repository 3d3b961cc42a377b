/**
 * Keeps a thread's memory small. V8 lets a heap grow while there is work, and shrinks it only under pressure: under load the
 * engine's own thread would pile up 160 MB of garbage before it collects once, and a dozen threads that did something once
 * would keep all they ever used.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const IDLE_MS = 1500;
/** How often a busy thread looks at its heap, and by how much that may have grown since it was last collected. */
const LOOK_MS = 500;
const MOST_GARBAGE = 16 * 2 ** 20;

/** Collects this thread's garbage: once it has been idle for a while, and under load when there is much. */
export interface Collector {
  /** Work begins: what was planned for an idle thread is off. */
  busy(): void;
  /** Work has ended. */
  idle(): void;
}

/** The heap of a thread. */
export interface Heap {
  /** Bytes, garbage and what hangs on it included. */
  used(): number;
  /** `all`: takes longer, and gives pages back to the system. */
  collect(how: 'garbage' | 'all'): void;
}

/** For the thread that calls it. */
export function createCollector(heap: Heap = ownHeap()): Collector {
  let kept = heap.used();
  let looking: NodeJS.Timeout | undefined;
  let planned: NodeJS.Timeout | undefined;
  const collect = (how: 'garbage' | 'all'): void => {
    heap.collect(how);
    kept = heap.used();
  };
  const look = (): void => {
    if (heap.used() - kept >= MOST_GARBAGE) collect('garbage');
  };
  return {
    busy() {
      clearTimeout(planned);
      looking ??= setInterval(look, LOOK_MS).unref();
    },
    idle() {
      clearTimeout(planned);
      planned = setTimeout(() => {
        clearInterval(looking);
        looking = undefined;
        collect('all');
      }, IDLE_MS).unref();
    },
  };
}

function ownHeap(): Heap {
  setFlagsFromString('--expose-gc');
  const gc: (how: { type: 'major'; flavor: 'regular' | 'last-resort' }) => void = runInNewContext('gc');
  return {
    used: () => {
      const { used_heap_size: objects, external_memory: buffers } = getHeapStatistics();
      return objects + buffers;
    },
    collect: (how) => gc({ type: 'major', flavor: how === 'all' ? 'last-resort' : 'regular' }),
  };
}
