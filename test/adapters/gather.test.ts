import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gather } from '../../functions/adapters/gather.ts';

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const collecting = (options: { atOnce?: number; most?: number; apart?: (entry: string) => string[] } = {}) => {
  const served: string[][] = [];
  const call = gather<string, string>({
    atOnce: 1,
    most: 3,
    ...options,
    serve(entries) {
      served.push(entries);
      if (entries.includes('mad')) throw new Error('mad');
      const all = after(1);
      return entries.map(async (entry) => {
        await all;
        if (entry === 'bad') throw new Error('bad');
        return entry.toUpperCase();
      });
    },
  });
  return { served, call };
};

describe('gathering', () => {
  it('sends together what comes in one breath, and what comes while that is under way', async () => {
    const { served, call } = collecting();
    const first = ['a', 'b'].map(call);
    await Promise.resolve();
    expect(await Promise.all([...first, ...['c', 'd', 'e', 'f'].map(call)])).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
    expect(served).toEqual([['a', 'b'], ['c', 'd', 'e'], ['f']]);
  });

  it('sends what comes one after the other each at once', async () => {
    const { served, call } = collecting();
    for (const entry of ['a', 'b']) await call(entry);
    expect(served).toEqual([['a'], ['b']]);
  });

  it('keeps apart what must not meet in one call', async () => {
    const { served, call } = collecting({ apart: (entry) => [entry[0] as string] });
    await Promise.all(['a1', 'b1', 'a2', 'b2'].map(call));
    expect(served).toEqual([
      ['a1', 'b1'],
      ['a2', 'b2'],
    ]);
  });

  it.each([
    ['of one entry be felt by that one alone', 'bad', ['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']],
    ['of the call by those that went together', 'mad', ['rejected', 'rejected', 'rejected', 'fulfilled', 'fulfilled']],
  ])('lets a fault %s, and goes on', async (_, faulty, expected) => {
    const { call } = collecting();
    const results = await Promise.allSettled(['a', faulty, 'b', 'c', 'd'].map(call));
    expect(results.map(({ status }) => status)).toEqual(expected);
  });

  it('sends an entry that is larger than the most alone', async () => {
    const served: number[][] = [];
    const call = gather<number, number>({
      atOnce: 1,
      most: 10,
      size: (entry) => entry,
      serve(entries) {
        served.push(entries);
        return entries.map(async (entry) => entry);
      },
    });
    await Promise.all([12, 4, 5, 6].map(call));
    expect(served).toEqual([[12], [4, 5], [6]]);
  });

  it('serves every entry once, in order, never more than the most and never what must be apart, whatever comes', async () => {
    const entries = fc.array(fc.record({ key: fc.integer({ min: 0, max: 4 }), size: fc.integer({ min: 1, max: 5 }) }));
    await fc.assert(
      fc.asyncProperty(entries, fc.integer({ min: 1, max: 3 }), async (all, atOnce) => {
        const calls: (typeof all)[] = [];
        const call = gather<(typeof all)[number], (typeof all)[number]>({
          atOnce,
          most: 8,
          size: ({ size }) => size,
          apart: ({ key }) => [String(key)],
          serve(together) {
            calls.push(together);
            return together.map(async (entry) => entry);
          },
        });
        expect(await Promise.all(all.map(call))).toEqual(all);
        expect(calls.flat()).toEqual(all);
        for (const together of calls) {
          expect(together.length === 1 || together.reduce((sum, { size }) => sum + size, 0) <= 8).toBe(true);
          expect(new Set(together.map(({ key }) => key)).size).toBe(together.length);
        }
      }),
    );
  });
});
