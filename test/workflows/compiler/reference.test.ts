import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { compile } from '../../../workflows/compiler/compile.ts';
import type { FileKind } from '../../../workflows/compiler/json-schema.ts';
import type { SourceFile } from '../../../workflows/compiler/read-folder.ts';
import { type Row, type Section, sections } from '../../../workflows/compiler/reference.ts';
import { isMapping } from '../../../workflows/compiler/source.ts';
import { filesOf, written } from './folder.ts';

/** A folder in which every key of the language stands somewhere. */
const base = filesOf('valid/whole-language');

const HOMES: Record<FileKind, RegExp> = {
  nurture: /^nurture\//,
  form: /^forms\//,
  scoring: /^scoring\.yaml$/,
  handoff: /^handoff\.yaml$/,
  settings: /^settings\.yaml$/,
  preview: /^preview\.yaml$/,
  email: /^emails\/.*\.md$/,
};

/** A file's values: of a mail those of its front matter. */
const read = ({ content }: SourceFile) => {
  const text = Buffer.from(content).toString();
  const [, front, body] = /^---\n([\s\S]*?)^---\n([\s\S]*)$/m.exec(text) ?? [];
  return { value: parse(front ?? text) as unknown, body };
};
const write = (value: unknown, body: string | undefined) =>
  body === undefined ? stringify(value) : `---\n${stringify(value)}---\n${body}`;

/** Names join those that are there, since other files speak of them; in steps an example stands for itself. */
function joined(value: unknown, example: unknown): unknown {
  if (!isMapping(value) || !isMapping(example)) return example;
  const own = Object.entries(example).map(([key, each]) => [key, joined(value[key], each)]);
  return { ...value, ...Object.fromEntries(own) };
}

/** Puts the example where the key stands; undefined when it stands nowhere below. */
function placed(value: unknown, path: string[], example: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return example;
  if (Array.isArray(value)) {
    if (key !== '[]') return undefined;
    const index = value.findIndex((each) => placed(each, rest, example) !== undefined);
    return index < 0 ? undefined : value.with(index, placed(value[index], rest, example));
  }
  // One value may stand where a list may.
  if (key === '[]') return placed(value, rest, example);
  if (!isMapping(value)) return undefined;
  // The last ones: the address of a form is what it must be.
  const names = key === 'NAME' ? Object.keys(value).reverse() : Object.keys(value).filter((name) => name === key);
  for (const name of names) {
    const made = placed(value[name], rest, example);
    if (made !== undefined) return { ...value, [name]: made };
  }
  return undefined;
}

/** What stands where `placed` would put the example. */
function found(value: unknown, path: string[]): unknown {
  let there: unknown;
  const mark = {};
  const marked = placed(value, path, mark);
  (function look(made: unknown, old: unknown): void {
    if (made === mark) there = old;
    else if (Array.isArray(made)) for (const [i, each] of made.entries()) look(each, Array.isArray(old) ? old[i] : old);
    else if (isMapping(made))
      for (const [key, each] of Object.entries(made)) look(each, isMapping(old) ? old[key] : undefined);
  })(marked, value);
  return there;
}

/** Puts the example into the first step that has the key of the kind, at whatever depth. */
function placedInStep(value: unknown, kind: string, path: string[], example: unknown): unknown {
  if (Array.isArray(value)) {
    const index = value.findIndex((each) => placedInStep(each, kind, path, example) !== undefined);
    return index < 0 ? undefined : value.with(index, placedInStep(value[index], kind, path, example));
  }
  if (!isMapping(value)) return undefined;
  const own = kind in value ? placed(value, path, example) : undefined;
  if (own !== undefined) return own;
  for (const [name, inside] of Object.entries(value)) {
    const made = placedInStep(inside, kind, path, example);
    if (made !== undefined) return { ...value, [name]: made };
  }
  return undefined;
}

const withSteps = (value: unknown, steps: unknown) => (isMapping(value) && steps ? { ...value, steps } : undefined);

/** The base folder with the row's example in it. */
function folderWith({ of }: Section, { path, example }: Row): SourceFile[] | undefined {
  const home = 'file' in of ? HOMES[of.file] : HOMES.nurture;
  for (const file of base.filter((each) => home.test(each.path))) {
    const { value, body } = read(file);
    const steps = isMapping(value) ? value.steps : undefined;
    const before = 'file' in of && of.file !== 'nurture' ? found(value, path) : undefined;
    const made =
      'file' in of
        ? placed(value, path, joined(before, example))
        : 'step' in of
          ? steps && withSteps(value, placedInStep(steps, of.step, path, example))
          : steps && placed(value, ['exit', '[]', 'when'], { [path[0] ?? '']: example });
    if (made === undefined) continue;
    return base.map((each) => (each === file ? { path: each.path, content: write(made, body) } : each));
  }
  return undefined;
}

/** A file is named after what it defines: with another name under its key, its file is another one. */
const rows = sections().flatMap((section) =>
  section.rows.map((row) => ({ section, row, name: `${section.title} ${row.path.join('.')}` })),
);

describe('the reference', () => {
  it('tells of every key what it means, and gives an example', () => {
    expect(rows.length).toBeGreaterThan(120);
    expect(rows.filter(({ row }) => row.is === '' || row.example === undefined).map(({ name }) => name)).toEqual([]);
  });

  it.each(rows)('gives an example that compiles: $name', async ({ section, row }) => {
    const files = folderWith(section, row);
    if (!files) throw new Error('The key stands nowhere in the folder of valid files.');
    const { problems } = await compile(files);
    expect(problems.filter(({ severity }) => severity === 'error').map(written)).toEqual([]);
  });
});
