/**
 * Caps on the marketing mail of a lead, over all workflows: so many on a calendar day of its own, so many within 7 days up
 * to any moment.
 */
import { Temporal } from 'temporal-polyfill';
import type { Instant } from './event.ts';
import { ofCountry } from './law.ts';
import type { Lead } from './lead.ts';
import { isZone, localDay } from './zone.ts';

export interface Cap {
  perDay?: number;
  perWeek?: number;
}

export const WEEK_MS = 7 * 86_400_000;

const least = (numbers: (number | undefined)[]): number | undefined => {
  const given = numbers.filter((number) => number !== undefined);
  return given.length > 0 ? Math.min(...given) : undefined;
};

/** The strictest of several caps, for the day and for the week by itself. */
export const strictestOf = (caps: readonly (Cap | undefined)[]): Cap => {
  const perDay = least(caps.map((cap) => cap?.perDay));
  const perWeek = least(caps.map((cap) => cap?.perWeek));
  return { ...(perDay !== undefined && { perDay }), ...(perWeek !== undefined && { perWeek }) };
};

/**
 * What a lead was promised by the consents that live, what it chose itself, and what the law of its country sets (the
 * settings' `frequency`), beside the workflow's own cap. `zone`: the workspace's.
 */
export const capOf = (
  lead: Pick<Lead, 'consents' | 'preferences' | 'fields'>,
  workflow: Cap | undefined,
  { frequency = {}, zone }: { frequency?: Record<string, Cap> | undefined; zone: string },
): Cap => {
  const live = Object.values(lead.consents).filter(({ state }) => state === 'granted');
  const law = ofCountry(frequency, lead.fields, zone);
  return strictestOf([workflow, law, ...live.map((consent) => consent.frequency), lead.preferences?.frequency]);
};

/** Where the calendar day after that of `at` begins in a zone. */
const nextDay = (at: Instant, zone: string): Instant => {
  const known = isZone(zone) ? zone : 'UTC';
  const day = Temporal.Instant.from(at).toZonedDateTimeISO(known).toPlainDate().add({ days: 1 });
  return new Date(day.toZonedDateTime(known).epochMilliseconds).toISOString();
};

/**
 * The first instant, `at` or later, at which one more mail stays under the cap.
 * @param sent when the lead's marketing mails went out, in any order; at least those of the last 7 days.
 * @param zone the lead's.
 */
export const nextUnderCap = (at: Instant, cap: Cap, sent: readonly Instant[], zone: string): Instant => {
  const { perDay, perWeek } = cap;
  let next = at;
  if (perWeek !== undefined) {
    const blocking = [...sent].sort().at(-perWeek);
    const free = blocking === undefined ? next : new Date(Date.parse(blocking) + WEEK_MS).toISOString();
    if (free > next) next = free;
  }
  if (perDay === undefined) return next;
  const days = sent.map((each) => localDay(each, zone));
  const isFull = (): boolean => days.filter((day) => day === localDay(next, zone)).length >= perDay;
  while (isFull()) next = nextDay(next, zone);
  return next;
};
