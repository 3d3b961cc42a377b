/** Prints problems: for people, for machines, and as annotations on GitHub. */
import { textOf } from './file-text.ts';
import type { Problem } from './problem.ts';
import type { SourceFile } from './read-folder.ts';

/** Colours by ANSI codes; without them plain text. */
export interface Paint {
  error(text: string): string;
  warning(text: string): string;
  dim(text: string): string;
}
export const PLAIN: Paint = { error: (text) => text, warning: (text) => text, dim: (text) => text };
const ansi = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;
export const COLOURED: Paint = { error: ansi(31), warning: ansi(33), dim: ansi(2) };

/**
 * All problems as text: place and message, the line with a caret under the column, the nearest name and the hint.
 * `prefix` is put before the file names, so that a terminal can open them: `workflows/`.
 */
export function formatProblems(problems: Problem[], files: SourceFile[], { paint = PLAIN, prefix = '' } = {}): string {
  const lines = new Map<string, string[]>();
  for (const file of files) {
    const text = textOf(file);
    if ('text' in text) lines.set(file.path, text.text.split('\n'));
  }
  const printed = problems.map((problem) => formatProblem(problem, lines.get(problem.file), paint, prefix));
  return [...printed, summary(problems)].join('\n\n');
}

function formatProblem(problem: Problem, lines: string[] | undefined, paint: Paint, prefix: string): string {
  const { severity, file, line, column, message, nearest, hint } = problem;
  const head = `${prefix}${file}:${line}:${column} ${paint[severity](severity)} ${message}`;
  const meant = nearest === undefined ? [] : [`  Did you mean \`${nearest}\`?`];
  return [head, ...excerpt(lines?.[line - 1], line, column, paint), ...meant, ...(hint ? [`  ${hint}`] : [])].join(
    '\n',
  );
}

const WIDEST = 110;

/** The line, cut around the column, with a caret below. */
function excerpt(text: string | undefined, line: number, column: number, paint: Paint): string[] {
  if (text === undefined || text.trim() === '') return [];
  const begin = column > WIDEST - 10 ? column - 40 : 0;
  const shown = text.slice(begin, begin + WIDEST).trimEnd();
  const before = text.slice(begin, Math.min(column - 1, text.length));
  // Tabs stay tabs, wide letters count double and marks that stand on others not at all: the caret stands under its letter.
  const under = before.replaceAll(/[^\t]/gu, (letter) => ' '.repeat(width(letter)));
  const gutter = `  ${String(line).padStart(4)} | `;
  return [paint.dim(gutter) + shown, `${paint.dim(`${' '.repeat(gutter.length - 2)}| `)}${under}^`];
}

const width = (letter: string): number => {
  if (/\p{Mark}/u.test(letter)) return 0;
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/u.test(letter) ? 2 : 1;
};

/** "1 error, 3 warnings", or "no problems". */
export function summary(problems: Problem[]): string {
  const count = (severity: Problem['severity']) => problems.filter((each) => each.severity === severity).length;
  const counted = (number: number, word: string) =>
    number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`];
  return [...counted(count('error'), 'error'), ...counted(count('warning'), 'warning')].join(', ') || 'no problems';
}

/** The problems as workflow commands of GitHub, one a line, which shows them beside the change. */
export function githubAnnotations(problems: Problem[], prefix = ''): string {
  return problems
    .map(({ severity, file, line, column, message, nearest, hint }) => {
      const text = [message, nearest === undefined ? '' : `Did you mean \`${nearest}\`?`, hint ?? '']
        .filter(Boolean)
        .join(' ');
      const place = `file=${property(prefix + file)},line=${line},col=${column}`;
      return `::${severity} ${place}::${data(text)}`;
    })
    .join('\n');
}

const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
