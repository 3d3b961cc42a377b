import { mkdtempSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchFolder } from '../../../infra/commands/watch.ts';

let folder: string;
let changes: number;
let stop: () => void;

beforeEach(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'ripen-watch-')), 'workflows');
  await mkdir(join(folder, 'nurture'), { recursive: true });
  await writeFile(join(folder, 'nurture', 'a.yaml'), 'a');
  changes = 0;
  stop = watchFolder(folder, async () => {
    changes++;
  });
});

afterEach(async () => {
  stop();
  await rm(join(folder, '..'), { recursive: true, force: true });
});

/** As many editors save: beside the file first, then over it. */
async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.swap`, text);
  await rename(`${path}.swap`, path);
}

const saw = async (count: number) => {
  await vi.waitFor(() => expect(changes).toBe(count), { timeout: 4000 });
  // What belongs to one save is over by then.
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(changes).toBe(count);
};

test('each save is seen, whether the file is written over or another takes its place', async () => {
  const path = join(folder, 'nurture', 'a.yaml');
  for (const count of [1, 2, 3]) {
    await replace(path, String(count));
    await saw(count);
  }
  await writeFile(path, 'b');
  await saw(4);
});

test('files in a folder that is made or put there later are seen', async () => {
  await mkdir(join(folder, 'emails'));
  await writeFile(join(folder, 'emails', 'a.en.md'), 'a');
  await saw(1);
  await writeFile(join(folder, 'emails', 'a.en.md'), 'b');
  await saw(2);
  await rename(join(folder, 'nurture'), join(folder, 'forms'));
  await saw(3);
  await replace(join(folder, 'forms', 'a.yaml'), 'b');
  await saw(4);
});

test('a folder that another takes the place of is followed', async () => {
  await rm(folder, { recursive: true });
  await mkdir(join(folder, 'nurture'), { recursive: true });
  await vi.waitFor(() => expect(changes).toBeGreaterThan(0), { timeout: 4000 });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const before = changes;
  await replace(join(folder, 'nurture', 'a.yaml'), 'b');
  await vi.waitFor(() => expect(changes).toBe(before + 1), { timeout: 4000 });
});

test('swap files and what is no definition file are left out', async () => {
  for (const name of ['.a.yaml.swp', 'a.yaml~', 'notes.txt']) await writeFile(join(folder, 'nurture', name), 'x');
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(changes).toBe(0);
});

test('a folder that is not there is told at once', () => {
  expect(() => watchFolder(join(folder, 'none'), async () => undefined)).toThrow(
    `the definition folder ${folder}/none`,
  );
});
