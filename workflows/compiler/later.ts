/**
 * Keys of the definition language that this version does not do yet. Each is refused by name: read and not done would be
 * worse than refused. To bring one in, take its line out and its reader into the file's shape.
 */

/** By mapping, then by key: what the key is about. */
export const LATER = {
  workflow: { send: 'window, caps' },
  consent: { frequency: 'the promise as a cap' },
  settings: {
    clickHold: 'judging clicks',
  },
} as const satisfies Record<string, Record<string, string>>;

/** Values of known keys that come later, in the same way. */
export const LATER_VALUES = {
  doubleOptIn: '`doubleOptIn: true` (a mail to confirm the address) is not part of this version.',
} as const;

/** Says that a key is known and not done. */
export const refusal = (key: string, about: string): string => `\`${key}:\` (${about}) is not part of this version.`;
