/** The schedule expressions of EventBridge rules and Scheduler: `rate()`, `cron()` in AWS's dialect, `at()`. */
import { Cron } from 'croner';

/** The first moment after `after` (ms since the epoch), if there is one. */
export type NextTick = (after: number) => number | undefined;

const units = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Compiles a schedule expression.
 * @param zone the IANA time zone of `cron()` and `at()`; rules have UTC.
 * @param anchor ms: `rate()` counts from here (on AWS: from the creation of the schedule).
 * @throws Error that names the expression.
 */
export function compileExpression(expression: string, zone: string, anchor: number): NextTick {
  const [, kind, body = ''] = /^(rate|cron|at)\((.+)\)$/.exec(expression) ?? [];
  try {
    if (kind === 'rate') return compileRate(body, anchor);
    if (kind === 'cron') return nextOf(new Cron(croner(body), { timezone: zone }));
    if (kind === 'at') return compileAt(body, zone);
  } catch (error) {
    throw new Error(`Schedule expression "${expression}" (${zone}): ${error instanceof Error ? error.message : error}`);
  }
  throw new Error(`Schedule expression "${expression}" is none of rate(), cron() and at()`);
}

function compileRate(body: string, anchor: number): NextTick {
  const [, count = '', unit, plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(body) ?? [];
  const known = unit === 'minute' || unit === 'hour' || unit === 'day' ? unit : undefined;
  if (!known || (count === '1') !== (plural === '')) throw new Error('takes a value and minute(s), hour(s) or day(s)');
  const period = Number(count) * units[known];
  return (after) => anchor + (Math.floor((after - anchor) / period) + 1) * period;
}

function compileAt(body: string, zone: string): NextTick {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body)) throw new Error('takes yyyy-mm-ddThh:mm:ss');
  return nextOf(new Cron(body, { timezone: zone }));
}

function nextOf(cron: Cron): NextTick {
  return (after) => cron.nextRun(new Date(after))?.getTime();
}

/** The fields of `cron()` in AWS, and the last value of each, which an open step such as `5/15` runs to. */
const fields = ['minutes', 'hours', 'day of month', 'month', 'day of week', 'year'] as const;
const last = [59, 23, 31, 12, 7, 2199];
const DAY_OF_WEEK = 4;

/** AWS's six fields as croner's seven: seconds first, `?` as `*`, weekdays from 0 instead of 1 (Sunday). */
function croner(body: string): string {
  const given = body.trim().split(/\s+/);
  if (given.length !== fields.length) throw new Error(`takes ${fields.length} fields: ${fields.join(', ')}`);
  const [, , day, , weekday] = given;
  if ((day === '?') === (weekday === '?')) throw new Error('exactly one of day of month and day of week must be ?');
  return [
    '0',
    ...given.map((field, index) =>
      field
        .split(',')
        .map((part) => convert(part, index))
        .join(','),
    ),
  ].join(' ');
}

function convert(part: string, index: number): string {
  if (part === '?') return '*';
  if (index === DAY_OF_WEEK && part === 'L') return '6';
  const stepped = part.replace(/^(\w+)\//, (_, start: string) => `${start}-${last[index]}/`);
  return index === DAY_OF_WEEK ? stepped.replace(/^(\d)(?:-(\d))?/, weekdays) : stepped;
}

function weekdays(_: string, from: string, to?: string): string {
  return to === undefined ? String(Number(from) - 1) : `${Number(from) - 1}-${Number(to) - 1}`;
}
