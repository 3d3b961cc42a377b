/** The data folder of a run: made where it is not there, held by one run at a time. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lockFolder } from '../../../infra/commands/lock.ts';

const place = mkdtempSync(join(tmpdir(), 'ripen-lock-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

describe('a data folder', () => {
  it('is made, and held until it is given back', () => {
    const folder = join(place, 'a', 'b');
    const unlock = lockFolder(folder);
    expect(readFileSync(join(folder, 'lock'), 'utf8')).toBe(String(process.pid));
    unlock();
    expect(() => readFileSync(join(folder, 'lock'))).toThrow();
  });

  it.each(['file', 'file/below'])('that is a file, or lies below one, is told in words: %s', (name) => {
    writeFileSync(join(place, 'file'), '');
    const folder = join(place, name);
    expect(() => lockFolder(folder)).toThrow(
      `No data can be kept in ${folder}: there is a file in its place. Give another folder with --data or RIPEN_DATA.`,
    );
  });
});
