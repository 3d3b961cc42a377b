/** Each function's bundle, and what importing it costs beside the bare SDK clients that it uses. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleLambdas } from '../../infra/bundle.ts';
import type { Figures } from './run.ts';

export async function bundleSizes(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'ripen-bundles-'));
  try {
    return Object.entries(bundleLambdas(folder)).map(([name, bundle]): [string, string] => {
      const file = join(bundle, 'index.mjs');
      const clients = clientsIn(`${file}.map`);
      const bare = bareClients(folder, clients);
      const size = `${(statSync(file).size / 1000).toFixed(0)} kB`;
      return [
        `${name} (${clients.join(', ') || 'no client'})`,
        `${size}, import ${importTime(file)} ms, bare clients ${bare} ms`,
      ];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const clientsIn = (map: string): string[] => [
  ...new Set(
    [...readFileSync(map, 'utf8').matchAll(/@aws-sdk\/client-([a-z0-9]+(?:-[a-z]+)*)\//g)].map(
      ([, name]) => name as string,
    ),
  ),
];

const measured = new Map<string, number>();

function bareClients(folder: string, clients: string[]): number {
  const key = clients.join('+');
  const known = measured.get(key);
  if (known !== undefined) return known;
  const entry = join(folder, `bare-${measured.size}.ts`);
  writeFileSync(
    entry,
    clients.map((name) => `export * as c${name.replaceAll('-', '')} from '@aws-sdk/client-${name}';`).join('\n'),
  );
  const outfile = entry.replace('.ts', '.mjs');
  const banner = { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" };
  const nodePaths = [join(import.meta.dirname, '..', '..', 'node_modules')];
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner,
    nodePaths,
  });
  const time = importTime(outfile);
  measured.set(key, time);
  return time;
}

/** The median of five imports, each in a fresh process, in milliseconds. */
function importTime(file: string): number {
  const script = `const s=performance.now();await import(${JSON.stringify(file)});console.log(performance.now()-s)`;
  const env = { ...process.env, AWS_REGION: 'us-east-1', TABLE_NAME: 't', BUS_NAME: 'b' };
  const times = Array.from({ length: 5 }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { env })),
  );
  return Math.round(times.sort((a, b) => a - b)[2] as number);
}
