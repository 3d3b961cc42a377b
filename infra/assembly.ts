/** The synthesised stack for the local run, kept by the hash of what it is made from. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
/** Parts of `infra/` that no template depends on. */
const BESIDE = ['local', 'commands', 'pages'];

/**
 * The folder of the assembly, synthesised first when its sources changed.
 * @param onSynthesis called when that takes a while.
 * @throws Error with the output of the CDK app when it fails.
 */
export async function findAssembly(dataDir: string, onSynthesis: () => void): Promise<string> {
  const assemblies = join(dataDir, 'assembly');
  const folder = join(assemblies, sourceHash());
  if (existsSync(folder)) return folder;
  onSynthesis();
  mkdirSync(assemblies, { recursive: true });
  const unfinished = `${folder}.${process.pid}`;
  await synthesise(unfinished);
  // Older ones are of sources that are gone.
  for (const old of readdirSync(assemblies)) {
    if (join(assemblies, old) !== unfinished) rmSync(join(assemblies, old), { recursive: true, force: true });
  }
  renameSync(unfinished, folder);
  return folder;
}

/** The hash of all that a template and its bundles are made from. */
function sourceHash(): string {
  const hash = createHash('sha256');
  const files = [
    ...sourcesBelow('infra', BESIDE),
    ...sourcesBelow('functions', []),
    ...sourcesBelow('web', []),
    'package-lock.json',
  ];
  for (const file of files.sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  return hash.digest('hex').slice(0, 16);
}

function sourcesBelow(folder: string, beside: string[]): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return beside.includes(entry.name) ? [] : sourcesBelow(path, []);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

/** Runs the CDK app as the CDK's program would, without a definition: the local run publishes by itself. */
function synthesise(outdir: string): Promise<void> {
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ workflows: 'none' }) };
  const child = spawn(process.execPath, [join(ROOT, 'infra', 'app.ts')], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve();
      rmSync(outdir, { recursive: true, force: true });
      reject(new Error(`The stack could not be synthesised:\n${output}`));
    });
  });
}
