/**
 * Acts on one lead that come at once to this process stand in a line: one commit at a time, so that they need not collide
 * in the table, and those that have waited go into the next commit together.
 */

interface Place<T, R> {
  entry: T;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

export interface Line<T, R> {
  /** Does the entry, alone or with others, after all that came before under its key. */
  stand(key: string, entry: T): Promise<R>;
}

export interface LineOptions<T, R> {
  /** How many entries are done at once. */
  atOnce: number;
  /** Whether the entry may be done together with others. */
  joins(entry: T): boolean;
  /** One result for each entry, in their order. What it throws, all of these entries throw. */
  serve(entries: T[]): Promise<R[]>;
}

export function createLine<T, R>({ atOnce, joins, serve }: LineOptions<T, R>): Line<T, R> {
  const lines = new Map<string, Place<T, R>[]>();

  function next(line: Place<T, R>[]): Place<T, R>[] {
    const [first] = line;
    if (!first || !joins(first.entry)) return line.splice(0, 1);
    const stop = line.findIndex(({ entry }) => !joins(entry));
    return line.splice(0, Math.min(atOnce, stop < 0 ? line.length : stop));
  }

  async function work(key: string, line: Place<T, R>[]): Promise<void> {
    while (line.length > 0) {
      const places = next(line);
      try {
        const results = await serve(places.map(({ entry }) => entry));
        for (const [i, { resolve }] of places.entries()) resolve(results[i] as R);
      } catch (error) {
        for (const { reject } of places) reject(error);
      }
    }
    lines.delete(key);
  }

  return {
    stand(key, entry) {
      const { promise, resolve, reject } = Promise.withResolvers<R>();
      const place = { entry, resolve, reject };
      const line = lines.get(key);
      if (line) line.push(place);
      else {
        const begun = [place];
        lines.set(key, begun);
        void work(key, begun);
      }
      return promise;
    },
  };
}
