/** The compiler's entry: a folder of definition files becomes a definition, or the list of what is wrong with it. */
import type { Definition } from '../../functions/definition/definition.ts';
import type { Problem } from './problem.ts';
import type { SourceFile } from './read-folder.ts';

export interface Compiled {
  /** Absent when there is an error. */
  definition?: Definition;
  /** Errors and warnings, by file and line. */
  problems: Problem[];
}

export interface CompileOptions {
  /** The day that `reviewBy` is compared with: YYYY-MM-DD. Without it nothing is overdue. */
  today?: string;
}

/** Checks and compiles. Reads no disk, no clock and no network; asynchronous because MJML is. Never throws on bad input. */
export async function compile(_folder: SourceFile[], _options: CompileOptions = {}): Promise<Compiled> {
  return { problems: [] };
}
