/** The marketer's guide, run as it stands: its commands, its files, and what it says that is then to be seen. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Block, missingLines, partsOf } from '../markdown-blocks.ts';
import { linksIn, type Mail } from './system.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(ROOT, 'workflows/GUIDE.md'), 'utf8');
const PERSON = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36' };

/** Where the reader stands, as in a fresh clone; `npx` and `npm` of this folder call the program. */
const folder = mkdtempSync(join(tmpdir(), 'ripen-guide-'));
const env: Record<string, string> = {};
const ports = { system: 0, preview: 0 };
/** What runs until it is ended, the newest last. */
const running: { child: ChildProcess; told: () => string }[] = [];
/** What the last command said, or the page that was looked at last. */
let seen: () => string = () => '';

beforeAll(async () => {
  const bin = join(folder, '.bin');
  mkdirSync(bin);
  const program = `"${process.execPath}" "${join(ROOT, 'infra/ripen.ts')}"`;
  executable(join(bin, 'npx'), `[ "$1" = ripen ] || exit 127\nshift\nexec ${program} "$@"`);
  executable(join(bin, 'npm'), `[ "$1 $2" = "start --" ] || exit 127\nshift 2\nexec ${program} start "$@"`);
  Object.assign(ports, { system: await freePort(), preview: await freePort() });
  Object.assign(env, {
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    PORT: String(ports.system),
    PREVIEW_PORT: String(ports.preview),
    RIPEN_SYSTEM: `http://localhost:${ports.system}`,
    NO_COLOR: '1',
  });
});
afterAll(async () => {
  for (const { child } of running) await end(child);
  rmSync(folder, { recursive: true, force: true });
});

function executable(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** The page says where things are by default; here they are elsewhere. */
const here = (text: string): string =>
  text
    .replaceAll('localhost:8787', `localhost:${ports.system}`)
    .replaceAll('localhost:8788', `localhost:${ports.preview}`);

function shell(text: string): { child: ChildProcess; told: () => string } {
  let output = '';
  const child = spawn('bash', ['-ec', here(text)], { cwd: folder, env: { ...process.env, ...env }, detached: true });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return { child, told: () => output };
}

/** Ends what a block began, with all that it began itself. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGINT');
  await gone;
}

const STAYS = /^(?:npm start|npx ripen preview)\b/;

async function runBlock(text: string, exit: number): Promise<void> {
  for (const [, name = '', value = ''] of text.matchAll(/^export (\w+)=(\S+)$/gm)) env[name] = value;
  const started = shell(text);
  seen = started.told;
  if (STAYS.test(text)) {
    running.push(started);
    return;
  }
  const code = await new Promise((resolve) => started.child.once('close', resolve));
  expect(code, `${text}${started.told()}`).toBe(exit);
}

/** What runs in a terminal of its own says its lines when it is ready; the system stays up, the preview is looked at and ended. */
async function expectLines(text: string): Promise<void> {
  const tries = running.at(-1)?.told === seen ? 600 : 1;
  for (let left = tries; missingLines(here(text), seen()).length > 0 && left > 1; left--) await pause(100);
  expect(missingLines(here(text), seen()), seen()).toEqual([]);
  const last = running.at(-1);
  if (last?.told !== seen || !text.includes('preview of')) return;
  expect((await fetch(`http://localhost:${ports.preview}/`)).status).toBe(200);
  await end(last.child);
}

const at = (path: string): string => `http://localhost:${ports.system}${path}`;
const mailsTo = async (to: string): Promise<Mail[]> => {
  const headers = { accept: 'application/json' };
  const { items } = (await (await fetch(at(`/_local/inbox?to=${to}`), { headers })).json()) as { items: Mail[] };
  return items.sort((a, b) => (a.at < b.at ? 1 : -1));
};
const settle = () => fetch(at('/_local/clock'), { method: 'POST', body: JSON.stringify({ advance: 'PT0S' }) });

/** What the sentences around a remark do in a browser. */
async function browse(what: string, who: string, link: string | undefined): Promise<void> {
  await settle();
  if (what === 'read') return read(who);
  const [mail] = await mailsTo(who);
  if (what === 'confirm') {
    const [button = ''] = linksIn(mail?.html ?? '', '/confirm/');
    expect(await (await fetch(button)).text()).toContain('<button');
    expect((await fetch(button, { method: 'POST' })).status).toBe(200);
  } else if (what === 'click') {
    const links = linksIn(mail?.html ?? '', '/_local/ses/click/');
    const answers = links.map((each) => fetch(each, { redirect: 'manual', headers: PERSON }));
    expect(answers).toHaveLength(1);
    expect((await answers[0])?.headers.get('location')).toContain(link);
  } else throw new Error(`Nobody can ${what} in a browser.`);
}

/** A page as text; a lead's page is found by the address. */
async function read(path: string): Promise<void> {
  const [, email] = /^\/leads\/(.+@.+)$/.exec(path) ?? [];
  const { items } = email
    ? ((await (await fetch(at('/api/leads'))).json()) as { items: { id: string; email: string }[] })
    : { items: [] };
  const lead = items.find((each) => each.email === email)?.id;
  const html = await (await fetch(at(lead ? `/leads/${lead}` : path))).text();
  const text = html.replaceAll(/<style[\s\S]*?<\/style>/g, '').replaceAll(/<[^>]*>/g, ' ');
  seen = () => text;
}

/** A block of a file stands under a sentence that names the file, since only the raw page shows the name beside the block. */
function writeFileOf({ name, text }: Block): void {
  expect(page.slice(0, page.indexOf(text))).toContain(`\`${name}\``);
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

describe("the marketer's guide", () => {
  it('leads from an empty folder to two mails, step by step as it says', { timeout: 300_000 }, async () => {
    let exit = 0;
    for (const part of partsOf(page)) {
      if ('remark' in part) {
        const [, code] = /^exits with (\d)$/.exec(part.remark) ?? [];
        const [, what, who, link] = /^browser: (\w+) (\S+) ?(\S*)$/.exec(part.remark) ?? [];
        if (code) exit = Number(code);
        else if (what && who) await browse(what, who, link);
        else throw new Error(`What is "${part.remark}"?`);
      } else if (part.language === 'sh') {
        await runBlock(part.text, exit);
        exit = 0;
      } else if (part.language === 'text') await expectLines(part.text);
      else writeFileOf(part);
    }
  });
});
