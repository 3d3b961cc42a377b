/**
 * Sunset: who does nothing about one marketing mail after another gets them seldom, then none. An open does not count,
 * mail programs do that by themselves; any act of the person does, on the site too.
 */
import type { Settings } from '../definition/settings.ts';
import type { Instant } from './event.ts';

export type Sunset = NonNullable<Settings['sunset']>;

/** When mail has slowed down: one in this time. */
export const SLOW_MS = 14 * 86_400_000;

/** @param actedAt when the person did something last. */
export const mailsInSilence = (sent: readonly Instant[], actedAt: Instant | undefined): number =>
  sent.filter((at) => actedAt === undefined || at > actedAt).length;

/**
 * What sunset says of one more mail: `stop` and why; or the first instant, `at` or later, at which it may go.
 * @param sent when marketing mails went out, in any order; at least those since the person's last act.
 */
export const afterSilence = (
  at: Instant,
  sunset: Sunset,
  sent: readonly Instant[],
  actedAt: Instant | undefined,
): { stop: string } | { from: Instant } => {
  const count = mailsInSilence(sent, actedAt);
  if (count >= sunset.stopAfter) return { stop: `no sign of life in ${count} mails` };
  const last = [...sent].sort().at(-1);
  if (count < sunset.slowAfter || last === undefined) return { from: at };
  const next = new Date(Date.parse(last) + SLOW_MS).toISOString();
  return { from: next > at ? next : at };
};
