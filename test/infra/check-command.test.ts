/** `ripen check` and `ripen new`, as somebody calls them. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ripen-check-'));
  cpSync(join(ROOT, 'test/workflows/invalid/base'), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the program prints and its exit code. */
async function ripen(args: string[], env: Record<string, string> = {}) {
  const options = { env: { PATH: process.env.PATH ?? '', ...env }, cwd: ROOT };
  const call = run(process.execPath, [join(ROOT, 'infra/ripen.ts'), ...args, '--workflows', folder], options);
  return call.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  );
}

const misspell = () => {
  const file = join(folder, 'nurture/welcome.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('send: story', 'send: stroy'));
};

describe('ripen check', () => {
  it('shows the line, a caret, the nearest right name, and exits with 1', async () => {
    misspell();
    const { code, stdout } = await ripen(['check']);
    expect(code).toBe(1);
    expect(stdout).toContain('nurture/welcome.yaml:11:15 error There is no email `stroy`.');
    expect(stdout).toContain('  11 |       - send: stroy\n       |               ^\n  Did you mean `story`?');
  });

  it('prints JSON for machines', async () => {
    misspell();
    const [one, two] = await Promise.all([ripen(['check', '--json']), ripen(['check', '--format', 'json'])]);
    expect(JSON.parse(one.stdout)).toMatchObject({ problems: [{ line: 11, column: 15, nearest: 'story' }] });
    expect(two).toEqual(one);
  });

  it('prints annotations on GitHub: alone when asked, beside the text by itself', async () => {
    misspell();
    const line = `::error file=${folder}/nurture/welcome.yaml,line=11,col=15::There is no email`;
    const [asked, found] = await Promise.all([
      ripen(['check', '--format', 'github']),
      ripen(['check'], { GITHUB_ACTIONS: 'true' }),
    ]);
    expect(asked.stdout.startsWith(line)).toBe(true);
    expect(found.stdout).toContain(`\n${line}`);
    expect(found.stdout).toContain('Did you mean');
  });
});

describe('ripen new', () => {
  it('begins a mail in each language, a workflow and a form, and all of them check', { timeout: 60_000 }, async () => {
    for (const [kind, files] of [
      ['email', ['emails/spring.en.md', 'emails/spring.vi.md']],
      ['workflow', ['nurture/spring.yaml']],
      ['form', ['forms/spring.yaml']],
    ] as const) {
      const { code, stdout } = await ripen(['new', kind, 'spring', '--json']);
      expect([code, JSON.parse(stdout)]).toEqual([0, { written: files.map((file) => join(folder, file)) }]);
    }
    expect(readFileSync(join(folder, 'forms/spring.yaml'), 'utf8')).toMatch(/^# yaml-language-server: \$schema=/);
    expect(await ripen(['check'])).toMatchObject({ code: 0 });
  });

  it('writes into a folder that is not there yet what a definition cannot do without, such that it checks', {
    timeout: 60_000,
  }, async () => {
    rmSync(folder, { recursive: true });
    const first = await ripen(['new', 'form', 'spring', '--json']);
    const base = ['settings.yaml', 'scoring.yaml', 'handoff.yaml'].map((file) => join(folder, file));
    expect(JSON.parse(first.stdout)).toEqual({ written: [...base, join(folder, 'forms/spring.yaml')] });
    const second = await ripen(['new', 'email', 'spring', '--json']);
    expect(JSON.parse(second.stdout)).toEqual({ written: [join(folder, 'emails/spring.en.md')] });
    await ripen(['new', 'workflow', 'spring']);
    const { stdout } = await ripen(['check']);
    expect(stdout).toContain('1 warning\n\nThe definition checks');
    expect(stdout).toContain('There is no postal address');
  });

  it.each([
    [['form', '../../etc/passwd'], /A name has small letters/],
    [['form', 'Spring'], /A name has small letters/],
    [['letter', 'spring'], /one of form, workflow, email/],
    [['workflow', 'welcome'], /is there already: nothing was written/],
    [['email', 'story'], /is there already: nothing was written/],
  ])('refuses %j', async (args, why) => {
    const { code, stderr } = await ripen(['new', ...args]);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(why);
  });
});
