/** Durations as ISO 8601 writes them. */

const DURATION =
  /^P(?:(\d+)W|(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?)$/;

const [SECOND, MINUTE, HOUR, DAY, WEEK] = [1000, 60_000, 3_600_000, 86_400_000, 604_800_000] as const;

/**
 * How many milliseconds `text` (`P3D`, `PT1H30M`, `P2W`, `PT0S`) lasts from `start` (ms since the epoch): years and
 * months follow the calendar (UTC). Undefined when it is no such duration; a negative one is none.
 */
export function durationFrom(text: string, start: number): number | undefined {
  const parts = DURATION.exec(text);
  if (!parts) return undefined;
  const [weeks, years, months, days, hours, minutes, seconds] = parts
    .slice(1)
    .map((part) => Number((part ?? '0').replace(',', '.')));
  const calendar = new Date(start);
  const dayOfMonth = calendar.getUTCDate();
  calendar.setUTCDate(1);
  calendar.setUTCMonth(calendar.getUTCMonth() + (years ?? 0) * 12 + (months ?? 0));
  const lastDay = new Date(Date.UTC(calendar.getUTCFullYear(), calendar.getUTCMonth() + 1, 0)).getUTCDate();
  // 31 January and a month is the last day of February.
  calendar.setUTCDate(Math.min(dayOfMonth, lastDay));
  const fixed =
    (weeks ?? 0) * WEEK + (days ?? 0) * DAY + (hours ?? 0) * HOUR + (minutes ?? 0) * MINUTE + (seconds ?? 0) * SECOND;
  const length = calendar.getTime() - start + Math.round(fixed);
  return Number.isFinite(length) ? length : undefined;
}
