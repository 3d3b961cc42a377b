/**
 * Calls that come at once to this process go out together: the cost of a call is mostly the call itself. Where a process
 * serves one request at a time, as Lambda's own do, each call is alone and goes out at once, as it is.
 */

export interface Gathering<T, R> {
  /** Calls in flight at once; those that come meanwhile wait for the next. */
  atOnce: number;
  /** The most that goes together, counted by `size`. */
  most: number;
  /** How much an entry counts; 1 unless told. */
  size?(entry: T): number;
  /** What must not come twice in one call: entries that share one of these go one after the other. */
  apart?(entry: T): string[];
  /** One promise for each entry, in their order. */
  serve(entries: T[]): Promise<R>[];
}

interface Place<T, R> {
  entry: T;
  resolve(result: Promise<R>): void;
  reject(error: unknown): void;
}

/**
 * A function that does one entry, alone or with others that wait. An entry larger than `most` goes alone. Mark the call as
 * pure, so that a bundle without use for it does not carry the commands that it would send.
 */
export function gather<T, R>(gathering: Gathering<T, R>): (entry: T) => Promise<R> {
  const waiting: Place<T, R>[] = [];
  let inFlight = 0;

  // After the turn that asks, so that what is asked for in one breath goes together.
  const plan = (): void => {
    inFlight += 1;
    queueMicrotask(serveNext);
  };

  async function serveNext(): Promise<void> {
    const places = takeTogether(waiting, gathering);
    try {
      const results = places.length === 0 ? [] : gathering.serve(places.map(({ entry }) => entry));
      for (const [i, { resolve }] of places.entries()) resolve(results[i] as Promise<R>);
      await Promise.allSettled(results);
    } catch (error) {
      for (const { reject } of places) reject(error);
    } finally {
      inFlight -= 1;
      if (waiting.length > 0) plan();
    }
  }

  return (entry) => {
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    waiting.push({ entry, resolve, reject });
    if (inFlight < gathering.atOnce) plan();
    return promise;
  };
}

/** Takes the first and all that follow it as long as they fit. */
function takeTogether<T, R>(waiting: Place<T, R>[], { most, size = () => 1, apart }: Gathering<T, R>): Place<T, R>[] {
  const taken = new Set<string>();
  let sum = 0;
  const end = waiting.findIndex(({ entry }, i) => {
    sum += size(entry);
    const own = apart?.(entry) ?? [];
    const fits = i === 0 || (sum <= most && !own.some((key) => taken.has(key)));
    for (const key of own) taken.add(key);
    return !fits;
  });
  return waiting.splice(0, end < 0 ? waiting.length : end);
}
