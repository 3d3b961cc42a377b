/**
 * The code of the worker threads as one JavaScript file, made once for each state of its sources: a thread that strips
 * the types itself takes about three times as long to start and 8 MB more.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** @returns the path of the file in `folder`, which is made when missing. */
export async function bundleWorker(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of readdirSync(import.meta.dirname).sort())
    hash.update(readFileSync(join(import.meta.dirname, file)));
  const bundle = join(folder, `worker-${hash.digest('hex').slice(0, 16)}.mjs`);
  if (existsSync(bundle)) return bundle;
  const { build, stop } = await import('esbuild');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unfinished = `${bundle}.new`;
  await build({
    entryPoints: [join(import.meta.dirname, 'worker.ts')],
    outfile: unfinished,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    logLevel: 'silent',
  });
  // Its process would stay.
  await stop();
  renameSync(unfinished, bundle);
  return bundle;
}
