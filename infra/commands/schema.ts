/** `ripen schema`: writes the schemas for editors and the reference page, as this version reads the files. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { FILE_KINDS, jsonSchemaOf } from '../../workflows/compiler/json-schema.ts';
import { referencePage } from '../../workflows/compiler/reference.ts';
import { jsonOption, workflowsOption } from './options.ts';

export const schemaCommand = (): Command =>
  new Command('schema')
    .description('write the JSON Schemas for editors and the reference page into the definition folder')
    .addOption(workflowsOption())
    .addOption(jsonOption())
    .action(writeSchemas);

/** What the folder should hold, by path. */
export function generatedFiles(): Record<string, string> {
  const schemas = FILE_KINDS.map((kind) => [`schema/${kind}.json`, `${JSON.stringify(jsonSchemaOf(kind), null, 2)}\n`]);
  return { ...Object.fromEntries(schemas), 'REFERENCE.md': referencePage() };
}

async function writeSchemas({ workflows, json }: { workflows: string; json?: true }): Promise<void> {
  const files = generatedFiles();
  await mkdir(join(workflows, 'schema'), { recursive: true });
  for (const [path, text] of Object.entries(files)) await writeFile(join(workflows, path), text);
  const written = Object.keys(files).map((path) => join(workflows, path));
  console.log(json ? JSON.stringify({ written }) : written.join('\n'));
}
