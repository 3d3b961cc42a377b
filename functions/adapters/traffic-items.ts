/**
 * Keys of evidence about engagement. Unlike elsewhere in the table, attributes stand beside each other and not in `body`:
 * they are added to one by one, by several at once, and an update answers with all that is known.
 *
 * - `TRAFFIC#<message id>` in the lead's partition: all acts on one mail, each as JSON in `act_<id>`; which of them were judged,
 *   and which were part of a crowd; which the lead proved to be a person's, in `proven_<version of the lead>`; `n` counts the
 *   steps. Addresses and agents stand here alone, for 30 days.
 * - `CROWD#<hash of address and agent>#<hour>`: on whose mails they were seen.
 * - `RATES#<day>`, `<email>#<shard>`: of the mails of that day, how many arrived, were opened, were clicked.
 */
import type { Instant } from '../lead/event.ts';
import { type Key, leadPk, sha256, ttlAt } from './table.ts';

export const TRAFFIC = 'TRAFFIC#';
export const trafficKey = (leadId: string, messageId: string): Key => ({
  pk: leadPk(leadId),
  sk: `${TRAFFIC}${messageId}`,
});
/** After the last act on the mail. */
export const trafficTtl = (at: Instant): number => ttlAt(at, 30);

/** The name by which an act is known beside its mail. @param key the event's. */
export const actIdOf = (key: string): string => sha256(key).slice(0, 16);
export const ACT = 'act_';
export const PROVEN = 'proven_';

const HOUR = 3_600_000;
/** An hour begins at half past: mails go out at full hours, and what looks into them comes then. */
const OFFSET = HOUR / 2;

/** The hours in which acts stand that are at most `within` milliseconds from an instant; its own comes first. */
export const hoursAround = (at: Instant, within: number): number[] => {
  const hour = (ms: number): number => Math.floor((ms - OFFSET) / HOUR);
  const time = Date.parse(at);
  return [...new Set([hour(time), hour(time - within), hour(time + within)])];
};
export const crowdKey = (ip: string, agent: string, hour: number): Key => ({
  pk: `CROWD#${sha256(`${ip}\n${agent}`)}#${hour}`,
  sk: 'CROWD',
});
export const crowdTtl = (at: Instant): number => ttlAt(at, 2);

export const ratesPk = (day: string): string => `RATES#${day}`;
/** Several items share the counting, so that a mail to many does not wait for one of them. */
const RATE_SHARDS = 8;
export const ratesKey = (day: string, email: string, messageId: string): Key => ({
  pk: ratesPk(day),
  sk: `${email}#${Number.parseInt(sha256(messageId).slice(0, 8), 16) % RATE_SHARDS}`,
});
