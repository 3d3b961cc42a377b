/** The only reader of the wall clock; everything else takes the time as an argument. */
import type { Instant } from './lead/event.ts';

/** The current instant. */
export const now = (): Instant => new Date().toISOString();
