/** One mail in one language: front matter between two lines `---`, then Markdown. */
import * as z from 'zod';
import type { EmailText } from './folder.ts';
import { type Known, requireName } from './names.ts';
import { checkShape, mapping } from './shape.ts';
import { bareSource, fail, noteAt, type Source } from './source.ts';
import { told } from './told.ts';
import { line } from './words.ts';
import { readYaml } from './yaml-source.ts';

export const FrontMatter = mapping({
  subject: told(line, 'The subject; Liquid may stand in it.', { example: 'Three places cash leaks' }),
  preheader: told(line.optional(), 'What many programs show behind the subject.', {
    example: 'A five-minute check you can do today.',
    otherwise: 'the beginning of the mail',
  }),
  class: told(z.string(), 'A class of `content` in scoring.yaml, or `transactional` for what was asked for.', {
    example: 'educational',
  }),
  topic: told(z.string().optional(), 'A topic of the settings, of which recipients may choose to get none.', {
    example: 'cash-flow',
    otherwise: 'none',
  }),
});
export type FrontMatter = z.infer<typeof FrontMatter>;

export interface EmailFile {
  name: string;
  language: string;
  /** Of the front matter; its problems are the whole file's. */
  source: Source;
  /** Absent when it is wrong. */
  front?: FrontMatter | undefined;
  body: string;
  /** How many lines of the file come before the body. */
  bodyLine: number;
}

/** Splits and checks a mail's file. */
export function readEmail({ file, name, language, text }: EmailText): EmailFile {
  if (text === undefined) return { name, language, source: bareSource(file), body: '', bodyLine: 0 };
  const match = /^---[ \t]*\n([\s\S]*?)^---[ \t]*$\n?/m.exec(text);
  if (match?.index !== 0) {
    const source = bareSource(file);
    const hint = 'Begin with `---`, then `subject:` and `class:`, then `---`.';
    noteAt('error', source, { line: 1, column: 1 }, { message: 'The mail has no front matter.', hint });
    return { name, language, source, body: '', bodyLine: 0 };
  }
  const source = readYaml(file, match[1] ?? '', 1);
  const front = checkShape(FrontMatter, source);
  const body = text.slice(match[0].length);
  const bodyLine = match[0].split('\n').length - 1;
  if (body.trim() === '') {
    noteAt('error', source, { line: bodyLine + 1, column: 1 }, { message: 'The mail says nothing.' });
  }
  return { name, language, source, front, body, bodyLine };
}

/** Says so when the topic is none of the settings', or the mail one that nobody may choose to do without. */
export function checkTopic({ source, front }: EmailFile, topics: Known): void {
  if (!front || front.topic === undefined) return;
  const spot = { source, path: ['topic'] };
  if (front.class === 'transactional') {
    const hint = 'Leave the topic out: what was asked for goes out whatever topics somebody chose.';
    fail(spot, 'A transactional mail has no topic.', { key: true, hint });
  } else requireName(spot, front.topic, topics);
}

/** Says so when the class is not one that scoring.yaml knows. */
export function checkClass({ source, front }: EmailFile, classes: Known): void {
  if (!front || front.class === 'transactional') return;
  requireName({ source, path: ['class'] }, front.class, {
    ...classes,
    names: new Set([...classes.names, 'transactional']),
  });
}
