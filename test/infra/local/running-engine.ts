/** An engine on a small assembly, ended with the test. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Engine, type EngineOptions, startEngine } from '../../../infra/local/engine.ts';
import { type Template, temporaryFolder, writeAssembly } from './assembly-of.ts';

export interface Running extends Engine {
  folder: string;
  log: string[];
}

/** @param folder of an earlier engine, to go on with its data. */
export async function runEngine(
  template: Template,
  bundles: Record<string, string> = {},
  options: Partial<EngineOptions> & { folder?: string } = {},
): Promise<Running> {
  const { folder = temporaryFolder(), ...rest } = options;
  const log: string[] = [];
  const engine = await startEngine({
    assembly: writeAssembly(folder, template, bundles),
    dataDir: join(folder, 'data'),
    port: 0,
    onLog: (line) => log.push(line),
    ...rest,
  });
  onTestFinished(() => engine.close());
  return { ...engine, folder, log };
}

/** The payload that a function answered. @throws Error with the function's error. */
export async function answerOf(engine: Engine, function_: string, payload: unknown = {}): Promise<unknown> {
  const result = await engine.invoke(function_, payload);
  if (!result.ok) throw new Error(`${result.error.errorType}: ${result.error.errorMessage}`);
  return result.payload;
}
