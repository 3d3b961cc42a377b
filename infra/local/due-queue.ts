/** The moments that something is due at, earliest first; equal ones in the order in which they were queued. */

export interface DueEntry {
  due: number;
  order: number;
  queued: boolean;
  /** Undefined once cancelled. */
  run: (() => void) | undefined;
}

const earlier = (a: DueEntry, b: DueEntry): boolean => a.due < b.due || (a.due === b.due && a.order < b.order);

/** A binary heap. Cancelled entries stay until they surface, or until they are the greater part. */
export function createDueQueue() {
  let heap: DueEntry[] = [];
  let order = 0;
  let cancelled = 0;

  const at = (i: number): DueEntry | undefined => heap[i];
  const less = (i: number, j: number): boolean => {
    const a = at(i);
    const b = at(j);
    return a !== undefined && b !== undefined && earlier(a, b);
  };
  const swap = (i: number, j: number): void => {
    const a = at(i);
    const b = at(j);
    if (!a || !b) return;
    heap[i] = b;
    heap[j] = a;
  };
  const rise = (from: number): void => {
    for (let i = from; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!less(i, parent)) return;
      swap(i, parent);
      i = parent;
    }
  };
  const sink = (from: number): void => {
    for (let i = from; ; ) {
      const left = 2 * i + 1;
      const child = less(left + 1, left) ? left + 1 : left;
      if (!less(child, i)) return;
      swap(i, child);
      i = child;
    }
  };
  const pop = (): void => {
    const first = heap[0];
    const last = heap.pop();
    if (first) first.queued = false;
    if (!last || last === first) return;
    heap[0] = last;
    sink(0);
  };
  const compact = (): void => {
    if (cancelled < 1024 || cancelled < heap.length / 2) return;
    heap = heap.filter((entry) => entry.run !== undefined).sort((a, b) => (earlier(a, b) ? -1 : 1));
    cancelled = 0;
  };
  const peek = (): DueEntry | undefined => {
    for (let first = heap[0]; first; first = heap[0]) {
      if (first.run) return first;
      pop();
      cancelled -= 1;
    }
    return undefined;
  };

  return {
    /** The earliest entry, which stays in the queue. */
    peek,
    /** Queues `run` for `due` (ms). Returns the cancel, which also holds for an entry that was taken but has not run. */
    add(due: number, run: () => void): () => void {
      const entry: DueEntry = { due, order: order++, queued: true, run };
      heap.push(entry);
      rise(heap.length - 1);
      return () => {
        if (!entry.run) return;
        entry.run = undefined;
        if (!entry.queued) return;
        cancelled += 1;
        compact();
      };
    },
    /** How many entries are held, cancelled ones that have not been cleared away included. */
    size: (): number => heap.length,
    /** Takes what is due at `until`, earliest first. */
    takeAll(until: number): DueEntry[] {
      const taken: DueEntry[] = [];
      for (let first = peek(); first && first.due <= until; first = peek()) {
        pop();
        taken.push(first);
      }
      return taken;
    },
  };
}
