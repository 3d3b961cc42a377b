/** `ripen new`: begins a form, a workflow or a mail, as a commented file that checks. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { lackingFiles } from '../../workflows/compiler/base-files.ts';
import { compile } from '../../workflows/compiler/compile.ts';
import { formatProblems } from '../../workflows/compiler/format.ts';
import { NEW_FILES, type NewKind, newFiles } from '../../workflows/compiler/new-files.ts';
import { isName, NAME_RULE } from '../../workflows/compiler/words.ts';
import { readDefinitionFolder } from '../definition-files.ts';
import { jsonOption, workflowsOption } from './options.ts';

interface Options {
  workflows: string;
  json?: true;
}

export const newCommand = (): Command =>
  new Command('new')
    .description(
      'begin a form, a workflow or a mail: writes a commented file that checks, and what an empty folder needs',
    )
    .argument('<kind>', `what to begin: ${NEW_FILES.join(', ')}`, kindOf)
    .argument('<name>', 'its name, which is also that of its file', nameOf)
    .addOption(workflowsOption())
    .addOption(jsonOption())
    .action(begin);

function kindOf(text: string): NewKind {
  const kind = NEW_FILES.find((each) => each === text);
  if (!kind) throw new InvalidArgumentError(`It is one of ${NEW_FILES.join(', ')}.`);
  return kind;
}

function nameOf(text: string): string {
  if (!isName(text)) throw new InvalidArgumentError(NAME_RULE);
  return text;
}

/** @throws Error when a file is there already, or the folder has errors that the new file cannot stand beside. */
async function begin(kind: NewKind, name: string, { workflows, json }: Options): Promise<void> {
  await mkdir(workflows, { recursive: true });
  const before = await readDefinitionFolder(workflows);
  const base = lackingFiles(before);
  const beside = base.map(({ path, text }) => ({ path, content: text }));
  const files = [...base, ...newFiles(kind, name, [...before, ...beside])];
  const taken = files.find(({ path }) => before.some((file) => file.path === path));
  if (taken) throw new Error(`${join(workflows, taken.path)} is there already: nothing was written.`);
  for (const { path, text } of files) await writeNew(join(workflows, path), text);
  const written = files.map(({ path }) => join(workflows, path));
  if (json) console.log(JSON.stringify({ written }));
  else console.log([...written, '', await checked(workflows, files)].join('\n'));
}

/** Never over a file that came meanwhile. */
async function writeNew(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { flag: 'wx' });
}

/** What the checks say of the new files, with the rest of the folder beside them. */
async function checked(workflows: string, made: { path: string }[]): Promise<string> {
  const files = await readDefinitionFolder(workflows);
  const { problems } = await compile(files);
  const own = problems.filter(({ file }) => made.some(({ path }) => path === file));
  return formatProblems(own, files, { prefix: `${workflows}/` });
}
