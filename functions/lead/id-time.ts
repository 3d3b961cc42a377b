/** The instant in an id: its first ten characters are milliseconds (see id.ts). */
import type { Instant } from './event.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Undefined when the text is none of our ids. */
export function instantIn(id: string): Instant | undefined {
  const time = /^[a-z]+_([0-7][0-9a-hjkmnp-tv-z]{9})[0-9a-hjkmnp-tv-z]{16}$/.exec(id)?.[1];
  if (!time) return undefined;
  const ms = [...time].reduce((sum, character) => sum * 32 + ALPHABET.indexOf(character), 0);
  return new Date(ms).toISOString();
}
