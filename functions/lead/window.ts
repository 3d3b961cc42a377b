/**
 * Send windows: on which days and at what hours a workflow's marketing mail may go out.
 *
 * An instant is inside if its local time is; so an hour that a night skips is lost, and one that comes twice counts both
 * times. A window that ends before it begins lasts overnight, and its days are those on which it begins.
 */
import type { Hours, Weekday } from '../definition/handoff.ts';
import type { SendRules } from '../definition/workflow.ts';
import type { Instant } from './event.ts';
import type { Lead } from './lead.ts';
import { addWorkingTime } from './working-hours.ts';
import { isZone, zoneOf } from './zone.ts';

export type Window = NonNullable<SendRules['window']>;

const AFTER: Record<Weekday, Weekday> = {
  mon: 'tue',
  tue: 'wed',
  wed: 'thu',
  thu: 'fri',
  fri: 'sat',
  sat: 'sun',
  sun: 'mon',
};

/** The stretches of one day that the window is made of: an overnight one has its evening, and a morning a day later. */
const partsOf = ({ days, from, to }: Window, zone: string): Hours[] => {
  if (from < to) return [{ days, from, to, zone }];
  const evening = { days, from, to: '24:00', zone };
  return to > '00:00' ? [evening, { days: days.map((day) => AFTER[day]), from: '00:00', to, zone }] : [evening];
};

const kept = new WeakMap<Window, Map<string, Hours[]>>();

/** The same objects for the same window and zone, by which their days are known again. */
const keptParts = (window: Window, zone: string): Hours[] => {
  const zones = kept.get(window) ?? new Map<string, Hours[]>();
  kept.set(window, zones);
  const parts = zones.get(zone) ?? partsOf(window, zone);
  zones.set(zone, parts);
  return parts;
};

/**
 * The first instant at which the window is open: `due` itself, or the next opening, never before `due`.
 * @param zone an IANA name; one that this machine does not know counts as UTC.
 * @throws Error when the window names no day.
 */
export const nextAllowed = (due: Instant, window: Window, zone: string): Instant => {
  const known = isZone(zone) ? zone : 'UTC';
  const openings = keptParts(window, known).map((hours) => addWorkingTime(due, 0, hours));
  return openings.reduce((first, opening) => (opening < first ? opening : first));
};

/** The zone that a window is read in: the one that it names, or the lead's. `workspace`: the settings' zone. */
export const windowZone = (rules: Pick<SendRules, 'zone'>, lead: Pick<Lead, 'fields'>, workspace: string): string =>
  rules.zone !== 'lead' && isZone(rules.zone) ? rules.zone : zoneOf(lead.fields, workspace);
