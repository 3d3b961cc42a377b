/** Reads a definition folder from the disk; what the files mean is the compiler's matter. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface SourceFile {
  /** Relative to the definition folder, with `/`: `nurture/guide-to-demo.yaml`. */
  path: string;
  /** As on the disk, so that invalid UTF-8 can be told; text is taken as it is. */
  content: Uint8Array | string;
}

/** Beside the definition, never part of it: the compiler itself, and the schemas for editors. */
const BESIDE = new Set(['compiler', 'plan', 'simulator', 'schema', 'node_modules']);

/**
 * All files of a definition folder, sorted by path. Hidden files are left out.
 * @throws Error (ENOENT, ENOTDIR) when the folder cannot be read.
 */
export async function readFolder(path: string): Promise<SourceFile[]> {
  const files = await filesBelow(path, '');
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return files;
}

async function filesBelow(root: string, folder: string): Promise<SourceFile[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const found = entries.map(async (entry): Promise<SourceFile[]> => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.name.startsWith('.') || (folder === '' && BESIDE.has(entry.name))) return [];
    if (entry.isDirectory()) return filesBelow(root, path);
    return [{ path, content: await readFile(join(root, path)) }];
  });
  return (await Promise.all(found)).flat();
}
