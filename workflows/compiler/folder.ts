/** Sorts the files of a folder into the parts of a definition, by their names alone. */

import { nearest } from '../../functions/lead/nearest.ts';
import { textOf } from './file-text.ts';
import type { Problem } from './problem.ts';
import type { SourceFile } from './read-folder.ts';
import type { Source } from './source.ts';
import { isName, NAME_RULE } from './words.ts';
import { readYaml } from './yaml-source.ts';

export interface EmailText {
  file: string;
  name: string;
  language: string;
  /** Absent when it cannot be read, which is said already. */
  text?: string | undefined;
}

export interface Folder {
  scoring?: Source;
  handoff?: Source;
  settings?: Source;
  /** By the name in the file's name. */
  forms: Map<string, Source>;
  workflows: Map<string, Source>;
  emails: EmailText[];
  layout?: { file: string; text: string };
  problems: Problem[];
}

const SINGLE = ['scoring.yaml', 'handoff.yaml', 'settings.yaml'] as const;
const BESIDE =
  /^(?:compiler|plan|simulator|schema)\/|(?:^|\/)\.[^./]|^(?:(?:README|REFERENCE|GUIDE)\.md|preview\.yaml)$/;
const EMAIL = /^emails\/([^/]+)\.([A-Za-z0-9-]+)\.md$/;
const NAMED = /^(forms|nurture)\/([^/]+)\.yaml$/;

/** Reads what is a definition file, and says which files are none. The order of the files does not matter. */
export function sortFolder(files: SourceFile[]): Folder {
  const folder: Folder = { forms: new Map(), workflows: new Map(), emails: [], problems: [] };
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (BESIDE.test(file.path)) continue;
    const text = isPlainPath(file.path) ? textOf(file) : { problem: oddPath(file.path) };
    if ('problem' in text) folder.problems.push(text.problem);
    place(file.path, 'text' in text ? text.text : undefined, folder);
  }
  return folder;
}

/** A file whose text cannot be read takes its place all the same, so that its name is known. */
function place(path: string, text: string | undefined, folder: Folder): void {
  const single = SINGLE.find((each) => each === path);
  const [, kind, name] = NAMED.exec(path) ?? [];
  const [, email, language] = EMAIL.exec(path) ?? [];
  if (single) folder[SECTION[single]] = read(path, text);
  else if (name !== undefined) {
    checkName(name, path, folder);
    (kind === 'forms' ? folder.forms : folder.workflows).set(name, read(path, text));
  } else if (email !== undefined && language !== undefined) {
    checkName(email, path, folder);
    folder.emails.push({ file: path, name: email, language, text });
  } else if (path === 'emails/layout.mjml') folder.layout = { file: path, text: text ?? '' };
  else if (text !== undefined) folder.problems.push(stranger(path));
}

const SECTION = { 'scoring.yaml': 'scoring', 'handoff.yaml': 'handoff', 'settings.yaml': 'settings' } as const;

function read(path: string, text: string | undefined): Source {
  if (text !== undefined) return readYaml(path, text);
  return { file: path, raw: undefined, sound: false, place: () => ({ line: 1, column: 1 }), problems: [] };
}

const isPlainPath = (path: string): boolean => !/[\\:*?"<>|]|(?:^|\/)\.\.?(?:\/|$)|^\/|\/\//.test(path);

const problem = (
  severity: Problem['severity'],
  file: string,
  message: string,
  extra: Partial<Problem> = {},
): Problem => ({
  severity,
  file,
  line: 1,
  column: 1,
  message,
  ...extra,
});

const oddPath = (path: string): Problem =>
  problem('error', path, "The file's name has characters that mean something in a path.", { hint: NAME_RULE });

function checkName(name: string, path: string, folder: Folder): void {
  if (isName(name) || !isPlainPath(path)) return;
  folder.problems.push(problem('error', path, `\`${name}\` is not a usable name.`, { hint: NAME_RULE }));
}

/** What to say of a file that has no place in a definition. */
function stranger(path: string): Problem {
  if (/\.yml$/.test(path)) {
    return problem('error', path, 'The file would not be read.', { nearest: path.replace(/yml$/, 'yaml') });
  }
  if (/^emails\/[^/]+\.md$/.test(path)) {
    return problem('error', path, 'The name of a mail says its language.', { nearest: path.replace(/md$/, 'en.md') });
  }
  const near = nearest(path, SINGLE) ?? nearestFolder(path);
  const isDefinition = /\.(?:yaml|md|mjml)$/.test(path);
  const message = 'The file is no part of a definition: it is left out.';
  return problem(isDefinition && near ? 'error' : 'warning', path, message, near ? { nearest: near } : {});
}

function nearestFolder(path: string): string | undefined {
  const [folder = '', ...rest] = path.split('/');
  const near = rest.length > 0 ? nearest(folder, ['forms', 'nurture', 'emails']) : undefined;
  return near && [near, ...rest].join('/');
}
