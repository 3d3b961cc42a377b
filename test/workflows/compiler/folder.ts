/** Definition folders for tests: read from the disk, and changed as a test's case file says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../../workflows/compiler/problem.ts';
import type { SourceFile } from '../../../workflows/compiler/read-folder.ts';

export const WORKFLOWS = join(import.meta.dirname, '..');

/** All files below a folder of test/workflows. */
export function filesOf(folder: string): SourceFile[] {
  const root = join(WORKFLOWS, folder);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(root.length + 1).replaceAll('\\', '/'), content: readFileSync(path) }));
}

export interface Case {
  name: string;
  files: SourceFile[];
  /** `file:line:column severity message`, and ` | nearest` where one is meant; the message may be cut short. */
  expected: string[];
}

/**
 * Reads a case: its lines `expect …`, then what differs from the base folder:
 * `== file PATH` the whole file follows; `== remove PATH`; `== change PATH` then a line `- text` and lines `+ text`, which
 * put the second in the place of the first. `\xNN` in a file stands for that byte.
 */
export function readCase(name: string, text: string, base: SourceFile[]): Case {
  const files = new Map(base.map((file) => [file.path, file]));
  const [head = '', ...sections] = text.split(/^== /m);
  for (const section of sections) {
    const [, verb, path = '', body = ''] = /^(\w+) ([^\n]+)\n?([\s\S]*)$/.exec(section) ?? [];
    if (verb === 'remove') files.delete(path);
    else if (verb === 'file') files.set(path, { path, content: bytes(body) });
    else if (verb === 'change') files.set(path, { path, content: changed(files.get(path), body, name) });
    else throw new Error(`${name}: what is "== ${section.split('\n')[0]}"?`);
  }
  const expected = head
    .split('\n')
    .flatMap((line) => (line.startsWith('expect ') ? [line.slice('expect '.length)] : []));
  return { name, files: [...files.values()], expected };
}

const bytes = (text: string) =>
  Buffer.concat(
    text
      .split(/(\\x[0-9a-f]{2})/)
      .map((part) => (/^\\x/.test(part) ? Buffer.from([Number.parseInt(part.slice(2), 16)]) : Buffer.from(part))),
  );

function changed(file: SourceFile | undefined, body: string, name: string): string {
  const text = file ? Buffer.from(file.content).toString() : '';
  const lines = body.trimEnd().split('\n');
  const old = lines.filter((line) => line.startsWith('- ')).map((line) => line.slice(2));
  const made = lines.filter((line) => line.startsWith('+ ')).map((line) => line.slice(2));
  const [found, ...more] = text.split(old.join('\n'));
  if (found === undefined || more.length !== 1) throw new Error(`${name}: "${old[0]}" is not there exactly once.`);
  return [found, ...more].join(made.join('\n'));
}

/** A problem as a case file writes it. */
export const written = ({ file, line, column, severity, message, nearest }: Problem): string =>
  `${file}:${line}:${column} ${severity} ${message}${nearest === undefined ? '' : ` | ${nearest}`}`;
