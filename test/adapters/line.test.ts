import { describe, expect, it } from 'vitest';
import { createLine } from '../../functions/adapters/line.ts';

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a line', () => {
  const served: string[][] = [];
  const line = createLine<string, string>({
    atOnce: 3,
    joins: (entry) => !entry.startsWith('alone'),
    async serve(entries) {
      served.push(entries);
      await after(5);
      if (entries.includes('bad')) throw new Error('bad');
      return entries.map((entry) => entry.toUpperCase());
    },
  });

  it('does the first at once and those that waited together, in their order and not too many', async () => {
    const results = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((entry) => line.stand('one', entry)));
    expect(results).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect(served.splice(0)).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
  });

  it('does alone what must be alone, and keeps the order', async () => {
    await Promise.all(['a', 'b', 'alone', 'c', 'd'].map((entry) => line.stand('one', entry)));
    expect(served.splice(0)).toEqual([['a'], ['b'], ['alone'], ['c', 'd']]);
  });

  it('lets lines of other keys go on beside it', async () => {
    await Promise.all([line.stand('one', 'a'), line.stand('two', 'x')]);
    expect(served.splice(0)).toEqual([['a'], ['x']]);
  });

  it('goes on after a fault, which only those feel that were done with it', async () => {
    const results = await Promise.allSettled(['a', 'b', 'bad', 'c', 'd'].map((entry) => line.stand('one', entry)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected', 'fulfilled']);
    served.splice(0);
  });
});
