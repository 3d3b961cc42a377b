import { describe, expect, it } from 'vitest';
import { inTurn } from '../../functions/adapters/turn.ts';

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('turns', () => {
  it('run one after the other under one key, in their order, and beside those of another', async () => {
    const log: string[] = [];
    const run = (key: string, name: string, ms: number) =>
      inTurn(key, async () => {
        log.push(`${name} begins`);
        await after(ms);
        log.push(`${name} ends`);
      });
    await Promise.all([run('a', 'a1', 20), run('a', 'a2', 1), run('b', 'b1', 1)]);
    expect(log).toEqual(['a1 begins', 'b1 begins', 'b1 ends', 'a1 ends', 'a2 begins', 'a2 ends']);
  });

  it('go on after one that failed, which fails for its own caller alone', async () => {
    const failing = inTurn('c', () => Promise.reject(new Error('mine')));
    const next = inTurn('c', async () => 'well');
    await expect(failing).rejects.toThrow('mine');
    await expect(next).resolves.toBe('well');
  });
});
