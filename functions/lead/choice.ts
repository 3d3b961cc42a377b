/** What a person posts from the preference page, read, and the act that it is where it changes anything. */
import type { Settings } from '../definition/settings.ts';
import type { Happening, Instant, Preferences } from './event.ts';
import type { Lead } from './lead.ts';
import { isPausedAt } from './preferences.ts';

const DAY_MS = 86_400_000;
const PAUSES: Record<string, number> = { '30': 30, '90': 90 };
const FREQUENCIES: Record<string, number> = { '1': 1, '2': 2 };

export interface Choice {
  preferences: Preferences;
  language?: string;
}

const one = (fields: Record<string, string[]>, name: string): string =>
  (Object.hasOwn(fields, name) ? fields[name]?.[0] : undefined) ?? '';

/** Whether all that is posted stands on the page: nobody is told that a value was saved which there is not. */
export const isOffered = (
  fields: Record<string, string[]>,
  { topics, languages }: Pick<Settings, 'topics' | 'languages'>,
): boolean => {
  const among = (name: string, values: string[]): boolean => ['', ...values].includes(one(fields, name));
  const wanted = Object.hasOwn(fields, 'topic') ? (fields.topic ?? []) : [];
  return (
    wanted.every((name) => Object.hasOwn(topics, name)) &&
    among('frequency', ['agreed', ...Object.keys(FREQUENCIES)]) &&
    among('pause', ['none', 'keep', ...Object.keys(PAUSES)]) &&
    among('language', languages)
  );
};

/** Reads a post. What it does not offer, or does not name, leaves what was chosen before. */
export const readChoice = (
  fields: Record<string, string[]>,
  { topics, languages }: Pick<Settings, 'topics' | 'languages'>,
  now: Instant,
): Choice => {
  const wanted = Object.hasOwn(fields, 'topic') ? (fields.topic ?? []) : [];
  const names = Object.keys(topics);
  const often = one(fields, 'frequency');
  const pause = one(fields, 'pause');
  const days = Object.hasOwn(PAUSES, pause) ? PAUSES[pause] : undefined;
  const perWeek = Object.hasOwn(FREQUENCIES, often) ? FREQUENCIES[often] : undefined;
  const language = languages.find((each) => each === one(fields, 'language'));
  return {
    preferences: {
      ...(names.length > 0 && { topicsOff: names.filter((name) => !wanted.includes(name)) }),
      ...(often === 'agreed' && { frequency: null }),
      ...(perWeek && { frequency: { perWeek } }),
      ...(pause === 'none' && { pausedUntil: null }),
      ...(days && { pausedUntil: new Date(Date.parse(now) + days * DAY_MS).toISOString() }),
    },
    ...(language && { language }),
  };
};

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each) => b.includes(each));

/** The parts of a choice that are not so already. */
const changed = (lead: Lead, { topicsOff, frequency, pausedUntil }: Preferences, now: Instant): Preferences => {
  const before = lead.preferences;
  const newTopics = topicsOff && !sameList(topicsOff, before?.topicsOff ?? []);
  const newFrequency = frequency !== undefined && (frequency?.perWeek ?? 0) !== (before?.frequency?.perWeek ?? 0);
  const newPause = pausedUntil !== undefined && (pausedUntil !== null || isPausedAt(before, now));
  return {
    ...(newTopics && { topicsOff }),
    ...(newFrequency && { frequency }),
    ...(newPause && { pausedUntil }),
  };
};

/** The act, or undefined where all of it is so already. */
export const choiceHappening = (lead: Lead, { preferences, language }: Choice, at: Instant): Happening | undefined => {
  const set = changed(lead, preferences, at);
  const newLanguage = language !== undefined && language !== lead.language;
  if (Object.keys(set).length === 0 && !newLanguage) return undefined;
  return {
    key: `preferences:${at}`,
    type: 'preferences.changed',
    at,
    actor: 'human',
    data: {},
    preferences: set,
    ...(newLanguage && { language }),
  };
};
