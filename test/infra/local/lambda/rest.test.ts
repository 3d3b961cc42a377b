import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { createActivity } from '../../../../infra/local/activity.ts';
import { createAsyncEvents } from '../../../../infra/local/lambda/async-events.ts';

/** When each of three events begins, in real milliseconds after the first. */
async function beginnings(rest: number): Promise<number[]> {
  const began: number[] = [];
  const work = createActivity();
  const found = {
    hasRoom: () => true,
    invoke: async () => {
      began.push(performance.now());
      return { ok: true, payload: 'null' };
    },
  };
  const events = createAsyncEvents({
    db: new DatabaseSync(':memory:'),
    clock: { now: () => 0, at: () => undefined } as never,
    work,
    find: () => found as never,
    limit: () => 1,
    rest: () => rest,
    sendMessage: () => true as never,
    report: () => undefined,
  });
  for (let n = 0; n < 3; n++) events.accept('quick', '{}');
  while (began.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  await work.idle();
  return began.map((at) => at - (began[0] ?? 0));
}

test('a queue that rests begins no event sooner than its rest after the one before', async () => {
  const [, second = 0, third = 0] = await beginnings(40);
  // Node's timers may fire up to a millisecond early.
  expect([second >= 39, third - second >= 39]).toEqual([true, true]);
});

test('a queue that need not rest loses nothing, and ends', async () => {
  expect(await beginnings(0)).toHaveLength(3);
});
