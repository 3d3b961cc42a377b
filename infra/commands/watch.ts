/** Watches a folder of definition files. */
import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Editors save in several steps: what comes within this belongs together. */
const TOGETHER_MS = 150;
/** How often it is looked whether the folder itself was put in another's place, which nothing tells. */
const LOOK_MS = 1000;

/**
 * Calls `changed` after files were saved, one call at a time; what is saved meanwhile makes it be called once more.
 * @returns what stops it.
 * @throws Error naming the folder when it cannot be read.
 */
export function watchFolder(folder: string, changed: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  const run = (): void => {
    if (running) {
      timer = setTimeout(run, TOGETHER_MS);
      return;
    }
    running = changed().finally(() => {
      running = undefined;
    });
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(run, TOGETHER_MS);
  };
  const stop = watchFiles(folder, soon);
  return () => {
    clearTimeout(timer);
    stop();
  };
}

interface Watched {
  /** Of the folder on the disk: another one may come to have its name. */
  inode: number;
  watcher: FSWatcher;
}

/**
 * Watches each folder for itself: node's own way to watch a whole tree loses a file on Linux once an editor has put a new
 * one in its place, and so sees the first save alone.
 */
function watchFiles(root: string, saved: () => void): () => void {
  const watched = new Map<string, Watched>();
  /** Keeps up with folders that come and go. */
  const follow = (): void => {
    const found = foldersOf(root);
    for (const [path, { inode, watcher }] of watched) {
      if (found.get(path) === inode) continue;
      watcher.close();
      watched.delete(path);
      saved();
    }
    for (const [path, inode] of found) {
      const watcher = watched.has(path) ? undefined : watchOne(path, onEvent);
      if (watcher) watched.set(path, { inode, watcher });
    }
  };
  const onEvent = (file: string | null): void => {
    const before = new Set(watched.keys());
    follow();
    const isNew = [...watched.keys()].some((path) => !before.has(path));
    if (isNew || file === null || isDefinition(file)) saved();
  };
  follow();
  if (watched.size === 0) throw new Error(`Cannot read the definition folder ${root}.`);
  const timer = setInterval(() => onEvent(''), LOOK_MS).unref();
  return () => {
    clearInterval(timer);
    for (const { watcher } of watched.values()) watcher.close();
  };
}

/** Undefined where the folder has gone meanwhile. */
function watchOne(path: string, onEvent: (file: string | null) => void): FSWatcher | undefined {
  try {
    const watcher = watch(path, (_, file) => onEvent(file));
    // A folder that goes away is said by whoever reads it next.
    return watcher.on('error', () => undefined);
  } catch {
    return undefined;
  }
}

/** A folder and all in it, with their inodes. One that cannot be read has none in it. */
function foldersOf(path: string): Map<string, number> {
  try {
    const within = readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
      .flatMap(({ name }) => [...foldersOf(join(path, name))]);
    return new Map([[path, statSync(path).ino], ...within]);
  } catch {
    return new Map();
  }
}

/** No swap file of an editor, and nothing else beside the definition. */
const isDefinition = (file: string): boolean => !/^\.|~$/.test(file) && /\.(ya?ml|md|mjml)$/.test(file);
