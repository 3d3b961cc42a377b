/** Bundles every Lambda of `functions/` with esbuild: one folder per function, the SDK in, one file and its source map. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';

export const FUNCTIONS_FOLDER = join(import.meta.dirname, '..', 'functions');

/** Files of `functions/` that are read by Lambdas but are none. */
const NOT_LAMBDAS = ['env', 'clock'];

/** The names of all Lambdas: the files directly in `functions/`. */
export const lambdaNames = (): string[] =>
  readdirSync(FUNCTIONS_FOLDER)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))
    .filter((name) => !NOT_LAMBDAS.includes(name));

/**
 * Writes `<folder>/<name>/index.mjs` for each Lambda.
 * @returns the folder of each Lambda's bundle, by name.
 */
export function bundleLambdas(folder: string, names: string[] = lambdaNames()): Record<string, string> {
  buildSync(bundling(folder, names));
  return Object.fromEntries(names.map((name) => [name, join(folder, name)]));
}

/** The script of `GET /ripen.js`, minified, for browsers of the last years. */
export function ripenScript(): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(FUNCTIONS_FOLDER, '..', 'web', 'ripen.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    // A classic script in the page's own way: nothing of this repository's compiler settings goes into it.
    tsconfigRaw: '{}',
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

/** How a Lambda is bundled, for esbuild. */
export const bundling = (folder: string, names: string[]) =>
  ({
    entryPoints: names.map((name) => ({ in: join(FUNCTIONS_FOLDER, `${name}.ts`), out: `${name}/index` })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    define: { RIPEN_SCRIPT: JSON.stringify(ripenScript()) },
    sourcemap: true,
    sourcesContent: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': join(import.meta.dirname, 'lambda-credentials.ts') },
    // Some dependencies are CommonJS and call require for Node's own modules.
    banner: { js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);" },
    logLevel: 'error',
  }) satisfies BuildOptions;
