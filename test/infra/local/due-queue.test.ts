import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDueQueue } from '../../../infra/local/due-queue.ts';

test('gives what is due in order of due time, then of queueing, without what was cancelled', () => {
  const entry = fc.record({ due: fc.integer({ min: 0, max: 20 }), cancelled: fc.boolean() });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 60 }), fc.integer({ min: 0, max: 20 }), (entries, until) => {
      const queue = createDueQueue();
      const ran: number[] = [];
      const cancels = entries.map(({ due }, i) => queue.add(due, () => ran.push(i)));
      for (const [i, { cancelled }] of entries.entries()) if (cancelled) cancels[i]?.();
      for (const taken of queue.takeAll(until)) taken.run?.();
      const expected = entries
        .map((each, i) => ({ ...each, i }))
        .filter(({ due, cancelled }) => due <= until && !cancelled)
        .sort((a, b) => a.due - b.due || a.i - b.i);
      expect(ran).toEqual(expected.map(({ i }) => i));
    }),
  );
});

test('forgets cancelled entries long before they are due', () => {
  const queue = createDueQueue();
  for (let i = 0; i < 100_000; i++) queue.add(1e15 + i, () => {})();
  expect(queue.size()).toBeLessThan(2048);
});

test('a callback cancels one that was taken with it', () => {
  const queue = createDueQueue();
  const ran: string[] = [];
  let cancel = () => {};
  queue.add(1, () => {
    ran.push('first');
    cancel();
  });
  cancel = queue.add(1, () => ran.push('second'));
  for (const entry of queue.takeAll(1)) entry.run?.();
  expect(ran).toEqual(['first']);
});
