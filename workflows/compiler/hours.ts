/** Working hours: days of the week and times of the day in a zone. */
import type * as z from 'zod';
import type { Hours, Weekday } from '../../functions/definition/handoff.ts';
import { nearest } from '../../functions/lead/nearest.ts';
import { mapping, reading, shown } from './shape.ts';
import { told } from './told.ts';
import { zone } from './words.ts';

const DAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const NAMES: readonly string[] = DAYS;

const DAY = '(mon|tue|wed|thu|fri|sat|sun)';
const ONE_DAY = { type: 'string', pattern: `^${DAY}(-${DAY})?$` } as const;
const DAYS_JSON: z.core.JSONSchema.BaseSchema = { anyOf: [ONE_DAY, { type: 'array', minItems: 1, items: ONE_DAY }] };

/** `mon-fri`, `sat`, `fri-mon`, or a list of those; in the order of the week. */
export const days = reading<Weekday[]>((value) => {
  const found = new Set<Weekday>();
  for (const part of Array.isArray(value) ? value : [value]) {
    const span = typeof part === 'string' ? part.split('-') : [];
    const [from, to = from] = span.map((each) => NAMES.indexOf(each.trim()));
    if (span.length > 2 || from === undefined || to === undefined || from < 0 || to < 0) {
      const near = span.map((each) => (NAMES.includes(each) ? each : nearest(each.slice(0, 3).toLowerCase(), NAMES)));
      const meant = near.length > 0 && near.every((each) => each !== undefined) ? near.join('-') : undefined;
      return {
        wrong: `${shown(part)} is no day of the week: write \`mon-fri\`, \`sat\`, …`,
        params: { nearest: meant },
      };
    }
    for (let day = from; ; day = (day + 1) % 7) {
      found.add(DAYS[day] ?? 'mon');
      if (day === to) break;
    }
  }
  return found.size === 0 ? { wrong: 'No day is named.' } : { value: DAYS.filter((day) => found.has(day)) };
}, DAYS_JSON);

export const wallClock = reading<string>(
  (value) => {
    const text = typeof value === 'string' ? value : '';
    if (/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text) || text === '24:00') return { value: text };
    return { wrong: `${shown(value)} is no time of the day: write it like \`"08:00"\`.` };
  },
  { type: 'string', pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' },
);

export const hours = mapping({
  days: told(days, 'Days of the week.', { example: 'mon-fri' }),
  from: told(wallClock, 'When they begin, in quotes.', { example: '08:00' }),
  to: told(wallClock, 'When they end, in quotes.', { example: '18:00' }),
  zone: told(zone, 'Whose clock.', { example: 'Asia/Ho_Chi_Minh' }),
}).transform((value, context): Hours => {
  if (value.from < value.to) return value;
  const message = `The hours end (${value.to}) before they begin (${value.from}).`;
  context.addIssue({ code: 'custom', message, params: { key: 'to' } });
  return value;
});
