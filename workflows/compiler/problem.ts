/** What the compiler has to say about a definition folder. */

export interface Problem {
  /** With an error there is no definition; a warning leaves it usable. */
  severity: 'error' | 'warning';
  /** Path relative to the definition folder, with `/`. */
  file: string;
  /** Counted from 1. */
  line: number;
  /** Counted from 1, in UTF-16 units. */
  column: number;
  message: string;
  /** The right name that is nearest to a wrong one. */
  nearest?: string;
  /** What to do about it. */
  hint?: string;
}
