/** What happened to one simulated lead, line by line, with the reason for each mail that went or did not. */
import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../functions/lead/event.ts';
import type { Entry, Simulated } from './run.ts';

/** One line of the timeline: when it was (in the workspace's zone), on which day, and what. */
export interface Line {
  at: Instant;
  day: number;
  /** "Wed 3 Mar 09:00". */
  local: string;
  what: Entry['what'];
  text: string;
  why?: string;
}

/** The lines worth reading: what a step merely came to is told by what follows, unless it says why. */
export function timelineLines(entries: Entry[], { rules }: Simulated): Line[] {
  const { zone } = rules.settings;
  const [first] = entries;
  const start = first ? Temporal.Instant.from(first.at).toZonedDateTimeISO(zone).toPlainDate() : undefined;
  const told = entries.filter((entry) => entry.what !== 'step' || entry.why !== undefined);
  const ordered = told
    .map((entry, place) => ({ entry, place }))
    .sort((a, b) => (a.entry.at < b.entry.at ? -1 : a.entry.at > b.entry.at ? 1 : a.place - b.place));
  return ordered.map(({ entry }) => {
    const local = Temporal.Instant.from(entry.at).toZonedDateTimeISO(zone);
    const day = start ? local.toPlainDate().since(start).days : 0;
    const why = entry.why === undefined ? undefined : readable(entry.why, zone);
    return {
      at: entry.at,
      day,
      local: localText(local),
      what: entry.what,
      text: wordsOf(entry, zone),
      ...(why === undefined ? {} : { why }),
    };
  });
}

const localText = (local: Temporal.ZonedDateTime): string =>
  `${local.toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })} ${local.toPlainTime().toString({ smallestUnit: 'minute' })}`.replace(
    ',',
    '',
  );

const INSTANT = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/** Instants in a reason, as people of that zone read them. */
const readable = (text: string, zone: string): string =>
  text.replaceAll(INSTANT, (at) => localText(Temporal.Instant.from(at).toZonedDateTimeISO(zone)));

function wordsOf(entry: Entry, zone: string): string {
  switch (entry.what) {
    case 'event':
      return entry.email === undefined ? entry.type : `${entry.type} (${entry.email})`;
    case 'mail':
      return `mail ${entry.email}${entry.purpose === 'transactional' ? ' (asked for)' : ''}`;
    case 'skipped':
      return `no mail ${entry.email}`;
    case 'held':
      return `mail ${entry.email} held until ${readable(entry.until, zone)}`;
    case 'step':
      return `${entry.step} looks again: ${entry.outcome}`;
    case 'called':
      return `calls the webhook ${entry.webhook}`;
    case 'enrolled':
      return `enters ${entry.workflow}`;
    case 'resumed':
      return `goes on in ${entry.workflow}`;
    case 'ended':
      return `leaves ${entry.workflow}`;
    case 'stage':
      return `${entry.from} → ${entry.to}`;
    case 'handoff':
      return `handoff: ${entry.to}`;
    case 'consent':
      return `consent: ${entry.to}`;
    case 'suppressed':
      return `suppressed: ${entry.to}`;
  }
}

/** The timeline for a terminal. */
export function timelineText(lines: Line[]): string {
  const wide = Math.max(0, ...lines.map(({ local }) => local.length));
  return lines
    .map(({ day, local, text, why }) => {
      const head = `${`day ${day}`.padEnd(7)} ${local.padEnd(wide)}  `;
      return why === undefined ? `${head}${text}` : `${head}${text}\n${' '.repeat(head.length)}  because: ${why}`;
    })
    .join('\n');
}
