/** Compiles a folder of definition files from the disk. */
import type { Definition } from '../functions/definition/definition.ts';
import { type Compiled, compile } from '../workflows/compiler/compile.ts';
import type { SourceFile } from '../workflows/compiler/read-folder.ts';
import { readSamples, type SampleLead } from '../workflows/compiler/sample-leads.ts';
import { readDefinitionFolder } from './definition-files.ts';

export interface CheckedFolder extends Compiled {
  files: SourceFile[];
  /** The leads of preview.yaml. A wrong one keeps no definition from being used. */
  samples?: SampleLead[];
}

/**
 * Checks and compiles the files of a folder as they are now.
 * @throws Error naming the folder when it cannot be read.
 */
export async function checkFolder(folder: string, { deployed = false } = {}): Promise<CheckedFolder> {
  const files = await readDefinitionFolder(folder);
  const today = new Date().toISOString().slice(0, 10);
  const compiled = await compile(files, { today, deployed });
  const read = compiled.definition ?? compiled.draft;
  const { samples, problems } = read ? readSamples(files, read) : { samples: undefined, problems: [] };
  return { ...compiled, problems: [...compiled.problems, ...problems], files, ...(samples ? { samples } : {}) };
}

/**
 * The definition in a folder, for whoever cannot go on without one.
 * @throws Error listing what is wrong.
 */
export async function compileFolder(folder: string, options: { deployed?: boolean } = {}): Promise<Definition> {
  const { definition, problems } = await checkFolder(folder, options);
  if (definition) return definition;
  const wrong = problems.filter((problem) => problem.severity === 'error');
  const lines = wrong.map(({ file, line, column, message }) => `  ${file}:${line}:${column} ${message}`);
  throw new Error(`The definition in ${folder} has errors; "npx ripen check" shows them:\n${lines.join('\n')}`);
}
