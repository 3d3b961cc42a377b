/**
 * Crowds: one address with one agent on mails of five or more leads within ten minutes is a gateway that looks into mail,
 * however much its agent looks like a browser. An office behind one address stays below that unless five of its people
 * read at the same time with the same browser.
 */
import type { Instant } from './event.ts';

/** A click of that address and agent: whose mail, and which act on it. */
export interface Seen {
  leadId: string;
  messageId: string;
  actId: string;
  at: Instant;
}

/** So many leads are a crowd. */
export const FEWEST = 5;
export const WITHIN_MS = 10 * 60_000;
/** In a crowd of so many all that came before have been told, some of them several times. */
const ALL_TOLD = 10;

/** Addresses of the own machine and of private networks tell nobody apart (RFC 1918, RFC 4193, RFC 5735). */
export const isPublic = (ip: string): boolean =>
  !/^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd][0-9a-f]{2}:)/i.test(ip);

const leadsIn = (seen: readonly Seen[]): number => new Set(seen.map(({ leadId }) => leadId)).size;

export interface Crowd {
  /** Whether the act itself is part of a crowd. */
  own: boolean;
  /** Others that are part of one with it, and may not know it yet. */
  tell: Seen[];
}

/** The crowd around an act, which is one of those `seen`. */
export const crowdAround = (act: Seen, seen: readonly Seen[]): Crowd => {
  const at = Date.parse(act.at);
  const near = seen.filter((other) => Math.abs(Date.parse(other.at) - at) <= WITHIN_MS);
  const windows = near
    .map((first) => Date.parse(first.at))
    .filter((from) => from <= at && at - from <= WITHIN_MS)
    .map((from) => near.filter((other) => Date.parse(other.at) >= from && Date.parse(other.at) - from <= WITHIN_MS))
    .filter((window) => leadsIn(window) >= FEWEST);
  const news = windows.filter((window) => leadsIn(window) < ALL_TOLD).flat();
  const tell = new Map(news.filter(({ actId }) => actId !== act.actId).map((other) => [other.actId, other]));
  return { own: windows.length > 0, tell: [...tell.values()] };
};
