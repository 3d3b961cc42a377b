import { randomUUID } from 'node:crypto';

/** Names one attempt at a side effect: whoever finds this name in the table finds himself. */
export const newAttempt = (): string => randomUUID();
