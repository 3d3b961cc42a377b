import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createActivity } from '../../../infra/local/activity.ts';
import { createAdvance } from '../../../infra/local/advance.ts';
import { createClock, realNow } from '../../../infra/local/clock.ts';
import { openStore } from '../../../infra/local/store.ts';
import { temporaryFolder } from './assembly-of.ts';

const HOUR = 3_600_000;

function start(folder = temporaryFolder()) {
  mkdirSync(folder, { recursive: true });
  const db = openStore(folder);
  const clock = createClock(db);
  const activity = createActivity();
  let open = true;
  const stop = () => {
    clock.stop();
    if (open) db.close();
    open = false;
  };
  onTestFinished(stop);
  return { clock, activity, advance: createAdvance(clock, activity), stop, folder };
}

test('goes from due moment to due moment, each at its own time and after what came of the one before', async () => {
  const { clock, activity, advance } = start();
  const begin = clock.now();
  const seen: [string, number][] = [];
  const note = (name: string) => seen.push([name, Math.round((clock.now() - begin) / HOUR)]);
  clock.at(begin + 3 * HOUR, () => note('third'));
  clock.at(begin + HOUR, () => {
    note('first');
    const slow = sleep(20).then(() => {
      note('work of the first');
      clock.at(clock.now() + HOUR, () => note('second, queued by the first'));
    });
    void activity.track(slow);
  });
  clock.at(begin + 9 * HOUR, () => note('too late'));
  await advance(5 * HOUR);
  expect(seen).toEqual([
    ['first', 1],
    ['work of the first', 1],
    ['second, queued by the first', 2],
    ['third', 3],
  ]);
  expect(clock.now() - begin).toBeGreaterThanOrEqual(5 * HOUR);
  expect(clock.now() - begin).toBeLessThan(5 * HOUR + 2000);
});

test('settles work in flight before it moves', async () => {
  const { clock, activity, advance } = start();
  const begin = clock.now();
  let finishedAt = 0;
  void activity.track(sleep(30).then(() => (finishedAt = clock.now() - begin)));
  await advance(HOUR);
  expect(finishedAt).toBeGreaterThan(0);
  expect(finishedAt).toBeLessThan(HOUR);
});

test('moves that are asked for at once follow each other', async () => {
  const { clock, advance } = start();
  const begin = clock.now();
  await Promise.all([advance(HOUR), advance(HOUR), advance(HOUR)]);
  expect(clock.now() - begin).toBeGreaterThanOrEqual(3 * HOUR);
});

test('runs what is due when real time comes to it, the past at once', async () => {
  const { clock } = start();
  const ran: string[] = [];
  clock.at(clock.now() + 30, () => ran.push('soon'));
  clock.at(clock.now() - 1000, () => ran.push('past'));
  clock.at(clock.now() + 30, () => ran.push('never'))();
  expect(ran).toEqual([]);
  await expect.poll(() => ran).toContain('soon');
  // Whatever else was due by then has had its turn.
  await sleep(10);
  expect(ran).toEqual(['past', 'soon']);
});

test('a callback that queues itself for now does not hold the others up', async () => {
  const { clock } = start();
  let turns = 0;
  const again = () => {
    turns += 1;
    if (turns < 1e6) clock.at(clock.now(), again);
  };
  clock.at(clock.now(), again);
  await sleep(30);
  expect(turns).toBeGreaterThan(0);
  expect(turns).toBeLessThan(1e6);
});

test('keeps its offset on disk, shares it, and never goes back', async () => {
  const first = start();
  await first.advance(48 * HOUR);
  const { clock: before } = first;
  before.moveTo(before.now() - HOUR);
  expect(before.offset()).toBeGreaterThanOrEqual(48 * HOUR);
  expect(Number(new BigInt64Array(before.shared)[0])).toBe(before.offset());
  first.stop();
  const { clock } = start(first.folder);
  expect(clock.offset()).toBe(before.offset());
  const real = realNow();
  expect(clock.now() - real).toBeGreaterThanOrEqual(48 * HOUR);
});

test('one run at a time has the data directory', () => {
  const { folder, stop } = start();
  expect(() => openStore(folder)).toThrow(`Another run is using the data directory ${folder}.`);
  stop();
  openStore(join(folder)).close();
});

test('counts work that has ended, whether well or not', async () => {
  const activity = createActivity();
  const end = activity.begin();
  void activity.track(Promise.reject(new Error('no'))).catch(() => {});
  void activity.track(Promise.resolve());
  end();
  end();
  await activity.idle();
  expect(activity.done).toBe(3);
});
