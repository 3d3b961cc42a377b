/** Watches a folder of definition files. */
import { watch } from 'node:fs';
import { sep } from 'node:path';

/** Editors save in several steps: what comes within this belongs together. */
const TOGETHER_MS = 150;

/**
 * Calls `changed` after files were saved, one call at a time; what is saved meanwhile makes it be called once more.
 * @returns what stops it.
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
  const watcher = watch(folder, { recursive: true }, (_, file) => {
    if (file !== null && isBeside(file)) return;
    clearTimeout(timer);
    timer = setTimeout(run, TOGETHER_MS);
  });
  // A folder that goes away is said by whoever reads it next.
  watcher.on('error', () => undefined);
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}

/** Swap files of editors, and what is no definition file. */
const isBeside = (file: string): boolean =>
  file.split(sep).some((part) => part.startsWith('.') || part.endsWith('~')) || !/\.(ya?ml|md|mjml)$/.test(file);
