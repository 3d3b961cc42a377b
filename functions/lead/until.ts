/** When a wait until a date or a weekday is over, by the calendar of the lead. */
import { Temporal } from 'temporal-polyfill';
import type { Weekday } from '../definition/handoff.ts';
import type { FieldValue } from '../definition/scoring.ts';
import type { Until } from '../definition/workflow.ts';
import type { Instant } from './event.ts';
import { zoneOf } from './zone.ts';

/** Whose calendar a wait goes by: what the lead stated, and the workspace's zone where that tells none. */
export interface Calendar {
  fields: Record<string, FieldValue>;
  zone: string;
}

const DAY_MS = 86_400_000;
const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** How long a date is waited for where the step does not say: an execution ends after a year, and no date is sure. */
export const LONGEST_UNTIL_MS = 90 * DAY_MS;

/**
 * The instant at which the wait that begins at `from` is over: `from` itself for a date that is not known or past, and
 * `upTo` after it at the latest.
 */
export const untilInstant = (until: Until, from: Instant, calendar: Calendar): Instant => {
  const zone = until.zone === 'lead' ? zoneOf(calendar.fields, calendar.zone) : until.zone;
  if ('days' in until) return nextOf(until.days, until.at, zone, from);
  const day = dateIn(calendar.fields[until.field]);
  if (!day) return from;
  const before = until.before ?? 0;
  // Whole days are taken off the calendar, so that 09:00 stays 09:00 where clocks are changed in between.
  const wanted = wallClock(day.subtract({ days: Math.floor(before / DAY_MS) }), until.at, zone) - (before % DAY_MS);
  const [now, latest] = [Date.parse(from), Date.parse(from) + (until.upTo ?? LONGEST_UNTIL_MS)];
  return new Date(Math.max(now, Math.min(wanted, latest))).toISOString();
};

const nextOf = (days: readonly Weekday[], at: string, zone: string, from: Instant): Instant => {
  const now = Date.parse(from);
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  for (let ahead = 0; ahead <= 7; ahead++) {
    const day = today.add({ days: ahead });
    const weekday = WEEKDAYS[day.dayOfWeek - 1];
    if (!weekday || !days.includes(weekday)) continue;
    const instant = wallClock(day, at, zone);
    if (instant >= now) return new Date(instant).toISOString();
  }
  return from;
};

/** Epoch milliseconds of a time of day; one that a change of clocks skips is the first instant after the gap. */
const wallClock = (day: Temporal.PlainDate, at: string, zone: string): number => {
  const plainTime = at === '24:00' ? '00:00' : at;
  const onDay = at === '24:00' ? day.add({ days: 1 }) : day;
  return onDay.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(plainTime) }).epochMilliseconds;
};

/** The day of a date as fields keep it (`2027-03-01`), or of an instant that a product posted. */
const dateIn = (value: FieldValue | undefined): Temporal.PlainDate | undefined => {
  const day = typeof value === 'string' ? /^\d{4}-\d{2}-\d{2}/.exec(value)?.[0] : undefined;
  if (day === undefined) return undefined;
  try {
    return Temporal.PlainDate.from(day);
  } catch {
    // A RangeError says that there is no such day.
    return undefined;
  }
};
