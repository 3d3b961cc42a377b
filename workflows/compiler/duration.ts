/** Durations as people write them, in milliseconds. */
import { nearest } from '../../functions/lead/nearest.ts';
import { reading, shown } from './shape.ts';

const SECOND = 1000;
const UNITS: Record<string, number> = {
  second: SECOND,
  minute: 60 * SECOND,
  hour: 3_600 * SECOND,
  day: 86_400 * SECOND,
  week: 604_800 * SECOND,
};
export const DAY = 86_400 * SECOND;
const EXAMPLES = 'write it like `90 seconds`, `15 minutes`, `4 hours`, `2 days` or `3 weeks`';
const SHORT: Record<string, string> = { s: 'seconds', m: 'minutes', min: 'minutes', h: 'hours', d: 'days', w: 'weeks' };

/** `2 days` → 172,800,000. Wrong text gives the reason, with the duration that was probably meant. */
export function parseDuration(
  text: unknown,
): { value: number } | { wrong: string; params: { nearest?: string | undefined } } {
  const wrong = (nearest?: string) => ({
    wrong: `${shown(text)} is not a duration: ${EXAMPLES}.`,
    params: { nearest },
  });
  if (typeof text === 'number') return wrong(`${text} days`);
  const match = /^(\d{1,6}(?:\.\d{1,3})?)\s*([a-z]+)$/i.exec(typeof text === 'string' ? text.trim() : '');
  const [, amount = '', unit = ''] = match ?? [];
  if (!match) return wrong();
  const singular = unit.replace(/s$/, '');
  const length = UNITS[singular];
  if (length === undefined || !/\s/.test(String(text).trim())) return wrong(meant(amount, unit));
  const value = Math.round(Number(amount) * length);
  if (value <= 0) return { wrong: `${shown(text)} is no time at all.`, params: {} };
  return { value };
}

function meant(amount: string, unit: string): string | undefined {
  if (/^(?:month|year)s?$/i.test(unit)) return `${Math.round(Number(amount) * (/^m/i.test(unit) ? 30 : 360))} days`;
  const plurals = Object.keys(UNITS).map((name) => `${name}s`);
  const word = SHORT[unit.toLowerCase()] ?? nearest(unit, plurals) ?? (plurals.includes(unit) ? unit : undefined);
  return word && `${amount} ${word}`;
}

export const duration = reading<number>(parseDuration, {
  type: 'string',
  pattern: '^[0-9]+([.][0-9]+)? +(seconds?|minutes?|hours?|days?|weeks?)$',
});

/** A duration in words, in days at most: "14 days". */
export function durationText(ms: number): string {
  const units = Object.entries(UNITS).filter(([unit]) => unit !== 'week');
  const [unit, length] = units.findLast(([, each]) => ms % each === 0) ?? ['second', SECOND];
  const amount = Math.round((ms / length) * 1000) / 1000;
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
