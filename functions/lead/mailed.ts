/** The ledger of a lead's recent marketing mails, over all workflows: what caps and sunset count. */
import type { Instant } from './event.ts';
import { mailsInSilence, SLOW_MS, type Sunset } from './sunset.ts';

export interface Mailed {
  /** Raised by one at each change: of two mails that claim at once, one counts the other. */
  version: number;
  /** When each went out, by the send's id. */
  sent: Record<string, Instant>;
}

const DAY_MS = 86_400_000;
/** What any cap or slowing down may ask for: the longest of them, and a calendar day more. */
const KEPT_MS = SLOW_MS + DAY_MS;

/** When the others went out: a mail that is tried again does not stand in its own way. */
export const sentBeside = (mailed: Mailed | undefined, sendId: string): Instant[] =>
  Object.entries(mailed?.sent ?? {}).flatMap(([id, at]) => (id === sendId ? [] : [at]));

/**
 * The ledger with one more mail, without those that nobody asks for any more.
 * @param actedAt when the person did something last.
 */
export const withMail = (
  mailed: Mailed | undefined,
  mail: { sendId: string; at: Instant },
  sunset: Sunset | undefined,
  actedAt: Instant | undefined,
): Mailed => {
  const all = Object.entries({ ...mailed?.sent, [mail.sendId]: mail.at }).sort(([, a], [, b]) => (a < b ? 1 : -1));
  const recent = new Date(Date.parse(mail.at) - KEPT_MS).toISOString();
  const isSilent = (at: Instant): boolean => mailsInSilence([at], actedAt) > 0;
  const kept = all.filter(([, at], place) => at > recent || (place < (sunset?.stopAfter ?? 0) && isSilent(at)));
  return { version: (mailed?.version ?? 0) + 1, sent: Object.fromEntries(kept) };
};
