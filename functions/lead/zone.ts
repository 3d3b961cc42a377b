/** The lead's time zone and its calendar day. */
import type { FieldValue } from '../definition/scoring.ts';
import type { Instant } from './event.ts';

const days = new Map<string, Intl.DateTimeFormat | undefined>();

const dayFormat = (zone: string): Intl.DateTimeFormat | undefined => {
  if (!days.has(zone)) {
    try {
      const style = { year: 'numeric', month: '2-digit', day: '2-digit', calendar: 'iso8601' } as const;
      days.set(zone, new Intl.DateTimeFormat('en', { ...style, timeZone: zone }));
    } catch {
      days.set(zone, undefined);
    }
  }
  return days.get(zone);
};

/** Whether the name is a time zone that this machine knows. */
export const isZone = (name: string): boolean => dayFormat(name) !== undefined;

/** The calendar day of an instant in a zone, `YYYY-MM-DD`; an unknown zone counts as UTC. */
export const localDay = (at: Instant, zone: string): string => {
  const format = dayFormat(zone);
  if (format === undefined) return at.slice(0, 10);
  const parts = format.formatToParts(Date.parse(at));
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
};

/** The lead's zone: what it stated, then its country's, then its phone's, then the workspace's. */
export const zoneOf = (fields: Record<string, FieldValue>, workspace: string): string => {
  const stated = fields.zone;
  return typeof stated === 'string' && isZone(stated) ? stated : workspace;
};
