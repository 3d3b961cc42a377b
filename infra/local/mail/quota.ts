/** SES's two sending limits, counted by recipient in engine time: a rate per second, and a quota per 24 hours. */
import { AwsError, type Clock } from '../part.ts';
import { isSimulated } from './simulator.ts';

const DAY_MS = 86_400_000;
const SECOND_MS = 1000;

export interface Quota {
  /** @throws AwsError TooManyRequestsException (429) or LimitExceededException; SES then drops the mail. */
  check(recipients: string[]): void;
  count(recipients: string[]): void;
  sentLast24Hours(): number;
}

/** @param earlier mails of the last 24 hours, oldest first: time (ms) and recipients. */
export function createQuota(
  clock: Clock,
  limits: { maxSendRate: number; max24h: number },
  earlier: Iterable<{ at: number; recipients: string[] }>,
): Quota {
  const second = createWindow(clock, SECOND_MS);
  const day = createWindow(clock, DAY_MS);
  // Mails to the simulator count for the rate, not for the quota.
  const real = (recipients: string[]): number => recipients.filter((each) => !isSimulated(each)).length;
  for (const { at, recipients } of earlier) day.add(at, real(recipients));
  return {
    check(recipients) {
      if (second.sum() + recipients.length > limits.maxSendRate)
        throw new AwsError('TooManyRequestsException', 'Maximum sending rate exceeded.', 429);
      if (day.sum() + real(recipients) > limits.max24h)
        throw new AwsError('LimitExceededException', 'Daily message quota exceeded.');
    },
    count(recipients) {
      second.add(clock.now(), recipients.length);
      day.add(clock.now(), real(recipients));
    },
    sentLast24Hours: day.sum,
  };
}

/** A sum over the last `length` ms. */
function createWindow(clock: Clock, length: number) {
  let entries: { at: number; count: number }[] = [];
  let first = 0;
  let total = 0;
  return {
    add(at: number, count: number): void {
      entries.push({ at, count });
      total += count;
    },
    sum(): number {
      const start = clock.now() - length;
      for (let entry = entries[first]; entry && entry.at <= start; entry = entries[++first]) total -= entry.count;
      if (first > 1024 && first > entries.length / 2) {
        entries = entries.slice(first);
        first = 0;
      }
      return total;
    },
  };
}
