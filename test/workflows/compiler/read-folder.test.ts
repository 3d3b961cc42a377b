import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compile } from '../../../workflows/compiler/compile.ts';
import { readFolder } from '../../../workflows/compiler/read-folder.ts';
import { WORKFLOWS, written } from './folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ripen-folder-'));
  cpSync(join(WORKFLOWS, 'invalid/base'), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const errors = async () => {
  const { definition, problems } = await compile(await readFolder(folder), { today: '2027-01-01' });
  const told = problems.filter(({ severity }) => severity === 'error').map(written);
  expect(definition === undefined).toBe(told.length > 0);
  return told;
};

describe('a folder on the disk', () => {
  it('is read as it is', async () => {
    expect(await errors()).toEqual([]);
  });

  it('has a folder where a file should be', async () => {
    rmSync(join(folder, 'nurture/digest.yaml'));
    mkdirSync(join(folder, 'nurture/digest.yaml'));
    expect(await errors()).toEqual(['nurture/digest.yaml:1:1 error This is a folder, where a file should be.']);
  });

  it('has a mail that cannot be read, and says that alone', async () => {
    writeFileSync(join(folder, 'emails/story.en.md'), Buffer.from('---\nsubject: \xff', 'latin1'));
    expect(await errors()).toEqual(['emails/story.en.md:2:10 error The text is not valid UTF-8.']);
  });

  it('has a link that leads nowhere', async () => {
    rmSync(join(folder, 'nurture/digest.yaml'));
    symlinkSync(join(folder, 'gone.yaml'), join(folder, 'nurture/digest.yaml'));
    expect(await errors()).toEqual(['nurture/digest.yaml:1:1 error The file cannot be read: ENOENT.']);
  });

  it('has a pipe, and does not wait for it', async () => {
    rmSync(join(folder, 'nurture/digest.yaml'));
    execFileSync('mkfifo', [join(folder, 'nurture/digest.yaml')]);
    expect(await errors()).toEqual(['nurture/digest.yaml:1:1 error This is no plain file.']);
  });

  it.each([5_000_000, 12_000_000])('has a file of %d bytes', async (size) => {
    writeFileSync(join(folder, 'nurture/digest.yaml'), `# ${'x'.repeat(size - 3)}\n`);
    expect(await errors()).toEqual([`nurture/digest.yaml:1:1 error The file has ${size} bytes; 1000000 are the most.`]);
  });
});
