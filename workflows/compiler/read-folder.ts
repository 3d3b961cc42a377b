/** Reads a definition folder from the disk; what the files mean is the compiler's matter. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface SourceFile {
  /** Relative to the definition folder, with `/`: `nurture/guide-to-demo.yaml`. */
  path: string;
  /** As on the disk, so that invalid UTF-8 can be told; text is taken as it is. */
  content: Uint8Array | string;
  /** Why there is no content, where a file's name stands for something else. */
  unread?: string;
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

/** So a folder in the place of a file is told, and not taken for a folder of files. */
const NAME_OF_FILE = /\.(?:yaml|md|mjml)$/;
/** Read no further than the compiler takes: nobody wants gigabytes in memory to be told that they are too many. */
const MOST_BYTES = 10_000_000;

/** A link is followed; what is no plain file, or cannot be read, is told by the compiler. */
async function fileAt(root: string, path: string): Promise<SourceFile> {
  const none = (unread: string): SourceFile => ({ path, content: '', unread });
  try {
    const found = await stat(join(root, path));
    if (found.isDirectory()) return none('This is a folder, where a file should be.');
    // A pipe would be waited for without end.
    if (!found.isFile()) return none('This is no plain file.');
    if (found.size > MOST_BYTES) return none(`The file has ${found.size} bytes; 1000000 are the most.`);
    return { path, content: await readFile(join(root, path)) };
  } catch (error) {
    return none(`The file cannot be read: ${error instanceof Error && 'code' in error ? error.code : 'unknown'}.`);
  }
}

async function filesBelow(root: string, folder: string): Promise<SourceFile[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const found = entries.map(async (entry): Promise<SourceFile[]> => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.name.startsWith('.') || (folder === '' && BESIDE.has(entry.name))) return [];
    return entry.isDirectory() && !NAME_OF_FILE.test(path) ? filesBelow(root, path) : [await fileAt(root, path)];
  });
  return (await Promise.all(found)).flat();
}
