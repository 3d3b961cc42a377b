/** The instant in an id: its first ten characters are milliseconds (see id.ts). */
import type { Instant } from './event.ts';
import { derivedId, type IdPrefix } from './id.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Undefined when the text is none of our ids. */
export function instantIn(id: string): Instant | undefined {
  const time = /^[a-z]+_([0-7][0-9a-hjkmnp-tv-z]{9})[0-9a-hjkmnp-tv-z]{16}$/.exec(id)?.[1];
  if (!time) return undefined;
  const ms = [...time].reduce((sum, character) => sum * 32 + ALPHABET.indexOf(character), 0);
  return new Date(ms).toISOString();
}

/**
 * The same id for the same cause and parts, for ever: its time is the cause's own.
 * @throws RangeError when the cause is none of our ids.
 */
export function idCausedBy(prefix: IdPrefix, cause: string, ...parts: string[]): string {
  const at = instantIn(cause);
  if (!at) throw new RangeError(`An id needs the id of its cause, not ${cause.slice(0, 40)}`);
  return derivedId(prefix, at, ...parts, cause);
}
