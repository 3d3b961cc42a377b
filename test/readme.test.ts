/** What the README and the marketer's guide say is there: samples that compile, commands, calls, links, files, the runbook. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { signature } from '../functions/adapters/webhook.ts';
import { RUNBOOK } from '../infra/alarms.ts';
import { readDefinitionFolder } from '../infra/definition-files.ts';
import { compile } from '../workflows/compiler/compile.ts';
import { blocksOf } from './markdown-blocks.ts';

const ROOT = join(import.meta.dirname, '..');
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const PAGES = ['README.md', 'workflows/GUIDE.md', 'workflows/REFERENCE.md'];
const readme = textOf('README.md');

/** Commands by name, as the program has them. */
const commands = new Map<string, Command>();
beforeAll(async () => {
  const folder = join(ROOT, 'infra/commands');
  for (const file of readdirSync(folder)) {
    for (const [name, made] of Object.entries(await import(join(folder, file)))) {
      if (!name.endsWith('Command') || typeof made !== 'function') continue;
      const command = made() as Command;
      commands.set(command.name(), command);
    }
  }
});

/** Every call of the program that a page shows, in a block or in a line: `plan --to VERSION`. */
const callsIn = (page: string): string[] =>
  [...page.matchAll(/npx ripen ([^`\n|]*)/g)].map(([, call = '']) => call.trim());

describe.each(PAGES)('%s', (path) => {
  const page = textOf(path);

  it('names commands and options that there are', () => {
    const wrong = callsIn(page).filter((call) => {
      const command = commands.get(call.split(/\s/)[0] ?? '');
      const options = new Set([...(command?.options.map(({ long }) => long) ?? []), '--help']);
      return !command || (call.match(/--[a-z][a-z-]*/g) ?? []).some((option) => !options.has(option));
    });
    expect(wrong).toEqual([]);
  });

  it('links to files and headings that there are', () => {
    const links = [...page.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
    const broken = links.filter(([, file = '', anchor]) => {
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchorsOf(textOf(target)).has(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names scripts of npm that there are', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const named = [...page.matchAll(/npm run ([a-z]+)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
  });
});

/** As GitHub makes them of headings. */
const anchorsOf = (page: string): Set<string> => {
  const plain = page.replaceAll(/^```[\s\S]*?^```/gm, '');
  const headings = [...plain.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
};

describe('the README', () => {
  it('lists every command', () => {
    const [, table = ''] = /^## Commands\n([\s\S]*?)^## /m.exec(readme) ?? [];
    const listed = callsIn(table).map((call) => call.split(' ')[0]);
    expect(listed.sort()).toEqual([...commands.keys()].sort());
  });

  it('shows a form and a workflow that check beside the sample', async () => {
    const samples = blocksOf(readme).filter(({ name }) => name.startsWith('workflows/'));
    expect(samples.map(({ name }) => name)).toEqual([
      'workflows/forms/newsletter.yaml',
      'workflows/nurture/welcome.yaml',
    ]);
    const files = await readDefinitionFolder(join(ROOT, 'workflows'));
    const own = samples.map(({ name, text }) => ({ path: name.replace('workflows/', ''), content: text }));
    const { definition, problems } = await compile([...files, ...own]);
    expect(problems.filter(({ file }) => own.some(({ path }) => path === file))).toEqual([]);
    expect(definition).toBeDefined();
  });

  it('shows a form in HTML with the fields and the words of the sample', () => {
    const html = blocksOf(readme).find(({ language }) => language === 'html')?.text ?? '';
    const form = blocksOf(readme).find(({ name }) => name.endsWith('newsletter.yaml'))?.text ?? '';
    expect(html).toContain('action="https://YOUR-API/forms/newsletter"');
    for (const [, name = ''] of html.matchAll(/name="(\w+)"/g)) expect(form).toMatch(new RegExp(`\\b${name}\\b`));
    expect(html).toContain(/^ +en: (.*)$/m.exec(form)?.[1]);
  });

  it('shows a check of webhooks that takes what Ripen signs, fresh, and nothing else', async () => {
    const code = blocksOf(readme).find(({ name }) => name === 'verify.mjs')?.text ?? '';
    const { isFromRipen } = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`);
    const at = '2027-03-01T02:00:00.000Z';
    const now = Date.parse(at) / 1000;
    const signed = Object.entries(signature('shh', 'hnd_1', '{"name":"Hương"}', at));
    const headers = Object.fromEntries(signed.map(([name, value]) => [name.toLowerCase(), value]));
    const body = Buffer.from('{"name":"Hương"}');
    expect(isFromRipen(headers, body, 'shh', now + 300)).toBe(true);
    expect(isFromRipen(headers, body, 'shh', now + 301)).toBe(false);
    expect(isFromRipen(headers, body, 'another', now)).toBe(false);
    expect(isFromRipen(headers, Buffer.from('{}'), 'shh', now)).toBe(false);
    expect(isFromRipen({ ...headers, 'ripen-id': 'hnd_2' }, body, 'shh', now)).toBe(false);
    expect(isFromRipen({}, body, 'shh', now)).toBe(false);
  });

  it('lists every call over HTTP', () => {
    const routes = readdirSync(join(ROOT, 'infra'))
      .filter((file) => file.endsWith('.ts'))
      .flatMap(
        (file) =>
          textOf(`infra/${file}`).match(
            /(?<=')\/(?:api|forms|visits|ripen|confirm|unsubscribe|preferences|handoffs)[^' ]*(?=')/g,
          ) ?? [],
      );
    const [, table = ''] = /^## HTTP\n([\s\S]*?)^## /m.exec(readme) ?? [];
    const listed = [...table.matchAll(/(?:GET|POST|PATCH|DELETE) (\/[^`?]*)/g)].map(([, route]) => route);
    expect([...new Set(listed)].sort()).toEqual([...new Set(routes)].sort());
  });

  it('has an entry of the runbook for each kind of alarm, which says what it is, where to look and what to do', () => {
    const [, runbook = ''] = /^## Runbook\n([\s\S]*?)^## /m.exec(readme) ?? [];
    const entries = new Map(
      runbook
        .split(/^### /m)
        .slice(1)
        .map((entry) => [entry.split('\n')[0], entry]),
    );
    expect([...entries.keys()].sort()).toEqual(Object.values(RUNBOOK).sort());
    for (const entry of entries.values())
      expect(entry).toMatch(/\*Description:\*[\s\S]*\*Investigation:\*[\s\S]*\*Resolution:\*/);
    expect(Object.keys(RUNBOOK).filter((anchor) => !anchorsOf(readme).has(anchor))).toEqual([]);
  });

  it('tells of folders that there are, and of every one that holds code', () => {
    const [, layout = ''] = /^## How the code is laid out\n([\s\S]*)/m.exec(readme) ?? [];
    const named = [...layout.matchAll(/`([\w/-]+)\/`/g)]
      .map(([, folder = '']) => folder)
      .filter((folder) => folder !== 'commands' && folder !== 'schema' && folder !== 'bench');
    expect(named.filter((folder) => !existsSync(join(ROOT, folder)))).toEqual([]);
    const holdsCode = ['functions', 'infra', 'workflows', 'web', 'test'];
    expect(holdsCode.filter((folder) => !named.includes(folder))).toEqual([]);
  });
});
