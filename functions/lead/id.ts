/**
 * Ids: `<prefix>_` and 26 characters of a ULID in lower-case Crockford base 32, so that they sort by time.
 * The layout is that of the ULID specification: 48 bits of milliseconds, then 80 bits.
 */
import { createHash } from 'node:crypto';
import type { Instant } from './event.ts';

export type IdPrefix = 'lead' | 'evt' | 'sub' | 'enr' | 'snd' | 'hnd' | 'msg';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_CHARACTERS = 10;
const RANDOM_BYTES = 10;
const LATEST = 2 ** 48 - 1;

const encodeTime = (ms: number): string => {
  if (!Number.isInteger(ms) || ms < 0 || ms > LATEST)
    throw new RangeError(`An id needs a time of 0 to 2^48-1 ms, not ${ms}`);
  let rest = ms;
  let text = '';
  for (let place = 0; place < TIME_CHARACTERS; place++) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
};

const encodeBytes = (bytes: Uint8Array): string => {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((held >> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  return text;
};

/** A new id. `atMs` is the time in epoch milliseconds; `random` must hold exactly 10 bytes, else a RangeError. */
export const newId = (prefix: IdPrefix, atMs: number, random: Uint8Array): string => {
  if (random.length !== RANDOM_BYTES)
    throw new RangeError(`An id needs ${RANDOM_BYTES} random bytes, not ${random.length}`);
  return `${prefix}_${encodeTime(Math.trunc(atMs))}${encodeBytes(random)}`;
};

/** The same id for the same arguments, for ever: the time part from `at`, the rest from SHA-256 over the parts. */
export const derivedId = (prefix: IdPrefix, at: Instant, ...parts: string[]): string => {
  // JSON keeps the parts apart: ('a', 'bc') is not ('ab', 'c').
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return newId(prefix, Date.parse(at), digest.subarray(0, RANDOM_BYTES));
};

/** Whether a text that came from outside is the id of a lead, known or not. Others are none, and far too long as a key. */
export const isLeadId = (text: string): boolean => /^lead_[0-9a-z]{26}$/.test(text);
