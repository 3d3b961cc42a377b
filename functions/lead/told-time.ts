/** When something happened, as others tell it. */
import type { Instant } from './event.ts';

/** An instant with a zone. Without one it would mean another time wherever it is read. */
const WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/i;
/** Clocks differ by minutes; what lies further ahead is a mistake. */
const AHEAD_MS = 5 * 60_000;

/** `Date` takes the 31st of November for the 1st of December. */
const isDay = (day: string): boolean => {
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
};

/** ISO 8601 with a zone, as an instant; undefined: it is none. */
export const instantOf = (text: string): Instant | undefined => {
  const ms = WITH_ZONE.test(text) && isDay(text.slice(0, 10)) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
};

/** The member `at` of a body: now where it is missing; `oldest` in milliseconds, and in words. Why not, in a sentence. */
export const readAt = (
  text: string | undefined,
  now: Instant,
  oldest: { ms: number; words: string },
): { at: Instant } | { refused: string } => {
  if (text === undefined) return { at: now };
  const at = instantOf(text);
  if (at === undefined) return { refused: '“at” must be ISO 8601 with a zone, such as 2027-03-01T09:00:00+07:00.' };
  const age = Date.parse(now) - Date.parse(at);
  if (age < -AHEAD_MS) return { refused: '“at” lies in the future.' };
  return age > oldest.ms ? { refused: `“at” lies more than ${oldest.words} back.` } : { at };
};
