import { randomUUID } from 'node:crypto';

/** An id in the shape of SES's: `0100` (the region), the time in ms as 12 hex digits, a UUID and `000000`. */
export function sesId(at: number): string {
  return `0100${at.toString(16).padStart(12, '0')}-${randomUUID()}-000000`;
}
