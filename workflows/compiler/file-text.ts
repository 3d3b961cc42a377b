/** Turns the bytes of a definition file into text. */
import type { Problem } from './problem.ts';
import type { SourceFile } from './read-folder.ts';

/** Larger than any file that a person writes. */
const LARGEST = 1_000_000;

/** The text with plain line ends, or what is wrong with it. */
export function textOf({ path, content, unread }: SourceFile): { text: string } | { problem: Problem } {
  const wrong = (line: number, column: number, message: string, hint: string): { problem: Problem } => ({
    problem: { severity: 'error', file: path, line, column, message, hint },
  });
  if (unread !== undefined) return wrong(1, 1, unread, 'Put a text file there, or take it away.');
  const size = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength;
  if (size > LARGEST) return wrong(1, 1, `The file has ${size} bytes; ${LARGEST} are the most.`, 'Split it.');
  if (typeof content === 'string') return { text: unixLines(content) };
  try {
    return { text: unixLines(new TextDecoder('utf-8', { fatal: true }).decode(content)) };
  } catch {
    const before = new TextDecoder().decode(content).split('\ufffd', 1)[0] ?? '';
    const lines = before.split('\n');
    const message = 'The text is not valid UTF-8.';
    return wrong(lines.length, (lines.at(-1)?.length ?? 0) + 1, message, 'Save the file as UTF-8.');
  }
}

const unixLines = (text: string) => text.replace(/^\ufeff/, '').replaceAll(/\r\n?/g, '\n');
