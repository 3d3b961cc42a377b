/** What a person chose on the preference page, as it stands after each choice. */
import type { Preferences } from './event.ts';
import type { Folded } from './lead.ts';

type Chosen = Folded['preferences'];

/**
 * The choices after one more: what it names replaces what was chosen before, null takes it back, what it does not name
 * stays. Out: undefined when nothing is chosen any more.
 */
export const preferencesAfter = (before: Chosen, choice: Preferences | undefined): Chosen => {
  if (!choice) return before;
  const topicsOff = choice.topicsOff ?? before?.topicsOff ?? [];
  const frequency = choice.frequency === undefined ? before?.frequency : choice.frequency;
  const pausedUntil = choice.pausedUntil === undefined ? before?.pausedUntil : choice.pausedUntil;
  const after = {
    ...(topicsOff.length > 0 && { topicsOff: [...new Set(topicsOff)].sort() }),
    ...(frequency && { frequency }),
    ...(pausedUntil && { pausedUntil }),
  };
  return Object.keys(after).length > 0 ? after : undefined;
};

/** Whether mail is paused now, by the person's own wish. */
export const isPausedAt = (preferences: Chosen, now: string): boolean =>
  preferences?.pausedUntil !== undefined && preferences.pausedUntil > now;
