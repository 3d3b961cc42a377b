/** What is previewed: the folder as it was saved last, read anew after each change. */
import type { Definition } from '../../functions/definition/definition.ts';
import { formatProblems } from '../../workflows/compiler/format.ts';
import type { Problem } from '../../workflows/compiler/problem.ts';
import type { SampleLead } from '../../workflows/compiler/sample-leads.ts';
import { watchFolder } from '../commands/watch.ts';
import { type CheckedFolder, checkFolder } from '../definition-folder.ts';
import { defaultSamples } from './samples.ts';

export type Shown = Omit<Definition, 'machines'>;

export interface Snapshot {
  /** Counts the changes. */
  number: number;
  /** The files as they are; where they have errors, what they said before. Absent when nothing can be read. */
  definition?: Shown;
  /** Whether the files as they are now have errors. */
  isFaulty: boolean;
  samples: SampleLead[];
  problems: Problem[];
  /** A problem with its lines of the file and a caret. */
  excerptOf(problem: Problem): string;
}

export interface PreviewState {
  current(): Promise<Snapshot>;
  /** Resolves with the number of changes once it is not `known`, or after so many ms at the latest. */
  change(known: number, waitMs: number): Promise<number>;
  close(): void;
}

/** Watches a folder. @throws Error naming the folder when it cannot be read. */
export function watchPreview(folder: string): PreviewState {
  let number = 1;
  let last: Shown | undefined;
  let reading: Promise<Snapshot> | undefined;
  const waiting = new Set<() => void>();

  async function read(): Promise<Snapshot> {
    const checked = await checkFolder(folder).catch(unreadable);
    last = checked.definition ?? (checked.draft ? overlaid(last, checked.draft, `draft ${number}`) : last);
    return {
      number,
      ...(last ? { definition: last } : {}),
      isFaulty: !checked.definition,
      samples: checked.samples ?? (last ? defaultSamples(last) : []),
      problems: checked.problems,
      // What follows the last empty line is the sum of them all.
      excerptOf: (problem) => formatProblems([problem], checked.files).split('\n\n').slice(0, -1).join('\n\n'),
    };
  }

  const stop = watchFolder(folder, async () => {
    number++;
    reading = undefined;
    for (const tell of [...waiting]) tell();
  });
  return {
    current() {
      reading ??= read();
      return reading;
    },
    async change(known, waitMs) {
      if (number === known) await nextChange(waiting, waitMs);
      return number;
    },
    close: stop,
  };
}

/** What can be read of faulty files over what was there before: a mail that has no error is shown as it is. */
function overlaid(last: Shown | undefined, draft: Omit<Shown, 'hash'>, hash: string): Shown {
  const names = new Set([...Object.keys(last?.emails ?? {}), ...Object.keys(draft.emails)]);
  const emails = [...names].map((name) => [name, { ...last?.emails[name], ...draft.emails[name] }]);
  const workflows = { ...last?.workflows, ...draft.workflows };
  return { ...draft, hash, workflows, emails: Object.fromEntries(emails) };
}

function nextChange(waiting: Set<() => void>, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const tell = () => {
      clearTimeout(timer);
      waiting.delete(tell);
      resolve();
    };
    // Nobody is kept from leaving by a page that waits.
    const timer = setTimeout(tell, waitMs).unref();
    waiting.add(tell);
  });
}

/** A folder that went away is a problem like others, until it is back. */
function unreadable(error: unknown): CheckedFolder {
  const message = error instanceof Error ? error.message : String(error);
  return { problems: [{ severity: 'error', file: '.', line: 1, column: 1, message }], files: [] };
}
