/** The import rules, so that the listing stays true: who may know whom. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lambdaNames } from '../infra/bundle.ts';

const ROOT = join(import.meta.dirname, '..');

const sources = ['functions', 'infra', 'workflows/compiler', 'workflows/plan', 'workflows/simulator']
  .flatMap((folder) => filesBelow(folder))
  .map((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    return { file, text, imports: importsOf(file, text) };
  });

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(path) : path.endsWith('.ts') ? [path] : [];
  });
}

/** Paths from the root for own files, package names for others. */
function importsOf(file: string, text: string): string[] {
  const found = text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;]*?from\s+'([^']+)'|import\('([^']+)'\)/g);
  return [...found].map(([, from, lazy]) => {
    const name = (from ?? lazy) as string;
    return name.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), name)) : name;
  });
}

interface Rule {
  who: string;
  files: (file: string) => boolean;
  may: (imported: string) => boolean;
}

const under =
  (...folders: string[]) =>
  (path: string) =>
    folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
const isLambda = (file: string) => lambdaNames().some((name) => file === `functions/${name}.ts`);
const isPackage = (name: string) => !under('functions', 'infra', 'workflows', 'web', 'test')(name);
const isAws = (name: string) => name.startsWith('@aws-sdk/') || name.startsWith('@smithy/');

const RULES: Rule[] = [
  {
    who: 'the domain knows itself, the definition and small libraries, never AWS or the wire',
    files: under('functions/lead', 'functions/definition'),
    may: (name) =>
      under('functions/lead', 'functions/definition')(name) ||
      (isPackage(name) && !isAws(name) && !name.startsWith('hono')),
  },
  {
    who: 'a Lambda knows the domain, the adapters and the wire, never another Lambda',
    files: isLambda,
    may: (name) =>
      under('functions/lead', 'functions/definition', 'functions/adapters', 'functions/http')(name) ||
      ['functions/env.ts', 'functions/clock.ts'].includes(name) ||
      (isPackage(name) && !isAws(name)),
  },
  {
    who: 'the wire knows no AWS client',
    files: under('functions/http'),
    may: (name) => (under('functions')(name) ? !isLambda(name) : isPackage(name) && !isAws(name)),
  },
  {
    who: 'an adapter knows no Lambda',
    files: under('functions/adapters'),
    may: (name) => isPackage(name) || (under('functions')(name) && !isLambda(name)),
  },
  {
    who: 'the compiler knows itself and what the domain means',
    files: under('workflows/compiler'),
    may: (name) =>
      under('workflows/compiler', 'functions/lead', 'functions/definition')(name) || (isPackage(name) && !isAws(name)),
  },
  {
    who: 'the plan and the simulator know the compiler and what the domain means, never AWS',
    files: under('workflows/plan', 'workflows/simulator'),
    may: (name) =>
      under(
        'workflows/plan',
        'workflows/simulator',
        'workflows/compiler',
        'functions/lead',
        'functions/definition',
      )(name) ||
      (isPackage(name) && !isAws(name)),
  },
  {
    who: 'the local engine knows nothing of the product',
    files: under('infra/local'),
    may: (name) => under('infra/local')(name) || isPackage(name),
  },
  {
    who: 'the preview shows what the compiler and the domain make, and knows no Lambda and no adapter',
    files: under('infra/preview'),
    may: (name) =>
      isPackage(name) ||
      under('infra', 'workflows/compiler', 'functions/definition', 'functions/lead')(name) ||
      name === 'functions/http/diagram.ts',
  },
  {
    who: 'the stack and the local pages know the compiler, the simulator and names that they share with functions',
    files: (file) => under('infra')(file) && !under('infra/local', 'infra/commands', 'infra/preview')(file),
    may: (name) =>
      isPackage(name) ||
      under('infra', 'workflows/compiler', 'workflows/simulator', 'functions/definition')(name) ||
      ['functions/env.ts', 'functions/lead/message.ts', 'functions/http/log-lines.ts'].includes(name),
  },
];

describe('the code', () => {
  it.each(RULES)('$who', ({ files, may }) => {
    const looked = sources.filter(({ file }) => files(file));
    expect(looked.length).toBeGreaterThan(0);
    const broken = looked.flatMap(({ file, imports }) =>
      imports.filter((name) => !may(name)).map((name) => `${file} imports ${name}`),
    );
    expect(broken).toEqual([]);
  });

  it('reads process.env in functions/ in one file only', () => {
    const readers = sources.filter(({ file, text }) => under('functions')(file) && /process\.env/.test(code(text)));
    expect(readers.map(({ file }) => file)).toEqual(['functions/env.ts']);
  });

  it('reads the wall clock in functions/ in one file only', () => {
    const readers = sources.filter(
      ({ file, text }) => under('functions')(file) && /Date\.now\(|new Date\(\)/.test(code(text)),
    );
    expect(readers.map(({ file }) => file)).toEqual(['functions/clock.ts']);
  });

  it('has no drawer: no file that is named after nothing', () => {
    const drawers = /\/(utils?|helpers?|common|types|misc|index|shared)\.ts$/;
    expect(sources.filter(({ file }) => drawers.test(file)).map(({ file }) => file)).toEqual([]);
  });

  it('keeps files short enough to be read', () => {
    const long = sources.filter(({ text }) => text.split('\n').length > 301).map(({ file }) => file);
    expect(long).toEqual([]);
  });
});

/** The text without its comments. */
const code = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
