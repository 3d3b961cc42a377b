/** The compiled definition of a folder, kept in the data folder by its content: compiling mails takes a second, reading one does not. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Compiled } from '../workflows/compiler/compile.ts';
import type { SourceFile } from '../workflows/compiler/read-folder.ts';
import { readDefinitionFolder } from './definition-files.ts';
import type { CheckedFolder } from './definition-folder.ts';

const COMPILER = join(import.meta.dirname, '..', 'workflows', 'compiler');
const LOCK_FILE = join(import.meta.dirname, '..', 'package-lock.json');

/**
 * As `checkFolder`, remembering the last result.
 * @throws Error naming the folder when it cannot be read.
 */
export async function findCompiled(dataDir: string, folder: string, today: string): Promise<CheckedFolder> {
  const files = await readDefinitionFolder(folder);
  const file = join(dataDir, 'compiled.json');
  const key = keyOf(files, today);
  const kept = readKept(file);
  if (kept?.key === key) return { ...kept.compiled, files };
  const { compile } = await import('../workflows/compiler/compile.ts');
  const compiled = await compile(files, { today });
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, JSON.stringify({ key, compiled }));
  return { ...compiled, files };
}

function keyOf(files: SourceFile[], today: string): string {
  const hash = createHash('sha256').update(today);
  for (const { path, content } of files) hash.update(`\0${path}\0`).update(content);
  for (const name of readdirSync(COMPILER).sort()) hash.update(readFileSync(join(COMPILER, name)));
  return hash.update(readFileSync(LOCK_FILE)).digest('hex');
}

/** This program wrote the file: what it holds is what it was, or nothing readable. */
function readKept(file: string): { key: string; compiled: Compiled } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { key: string; compiled: Compiled };
  } catch {
    return undefined;
  }
}
