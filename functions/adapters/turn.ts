/** One after the other within this process: acts on one lead that come at once need not collide in the table. */

const turns = new Map<string, Promise<unknown>>();

/** Runs when all that came before under this key has ended, well or not. */
export async function inTurn<T>(key: string, run: () => Promise<T>): Promise<T> {
  const before = turns.get(key) ?? Promise.resolve();
  const mine = before.then(run);
  const ended = mine.catch(() => undefined);
  turns.set(key, ended);
  try {
    return await mine;
  } finally {
    if (turns.get(key) === ended) turns.delete(key);
  }
}
