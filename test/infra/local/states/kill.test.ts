import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const KILLS = 6;
const EXECUTIONS = 120;
const script = fileURLToPath(new URL('killed-run.ts', import.meta.url));

/** Runs until it ends by itself, or kills it -9 so many milliseconds after the first execution was accepted. */
function run(folder: string, killAfter: number | undefined): Promise<string[]> {
  const child = spawn(process.execPath, [script, folder, String(EXECUTIONS)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let armed = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (killAfter === undefined || armed) return;
    armed = true;
    setTimeout(() => child.kill('SIGKILL'), killAfter);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    // The kill may have cut the last line short.
    child.on('close', () => resolve(output.split('\n').slice(0, -1)));
  });
}

it('loses no accepted execution and no step of one when it is killed again and again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'killed-'));
  const lines: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) lines.push(...(await run(folder, 40 + Math.random() * 400)));
  lines.push(...(await run(folder, undefined)));
  rmSync(folder, { recursive: true, force: true });

  const accepted = new Set(lines.flatMap((line) => /^accepted (\w+)$/.exec(line)?.[1] ?? []));
  const closed: { name: string; status: string; output: string }[] = JSON.parse(
    lines.find((line) => line.startsWith('closed '))?.slice(7) ?? '[]',
  );
  expect(accepted.size).toBe(EXECUTIONS);
  expect(new Set(closed.map(({ name }) => name))).toEqual(accepted);
  expect(new Set(closed.map(({ status, output }) => `${status} ${output}`))).toEqual(
    new Set(['SUCCEEDED {"said":"onetwoleftright"}']),
  );
  const calls = lines.filter((line) => line.startsWith('called '));
  expect(new Set(calls).size).toBe(EXECUTIONS * 4);
  // A kill may repeat what was in flight, and nothing else: 128 calls at most each time.
  expect(calls.length).toBeLessThanOrEqual(EXECUTIONS * 4 + KILLS * 128);
}, 120_000);
