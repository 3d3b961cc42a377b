/**
 * Keys of the definition language that this version does not do yet. Each is refused by name: read and not done would be
 * worse than refused. To bring one in, take its line out and its reader into the file's shape.
 */

/** Values of known keys that come later, in the same way. */
export const LATER_VALUES = {
  doubleOptIn: '`doubleOptIn: true` (a mail to confirm the address) is not part of this version.',
} as const;
