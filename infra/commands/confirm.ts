/** Asks the person at the terminal. */
import { createInterface } from 'node:readline/promises';

/** Whether somebody can be asked. */
export const isWatched = (): boolean => Boolean(process.stdin.isTTY && process.stdout.isTTY);

/** @returns whether the answer was yes. */
export async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
