/** A Lambda as a task of a state machine: parses its payload, and gives each fault the name that the machine knows. */
import * as z from 'zod/mini';
import { now } from '../clock.ts';
import { log } from '../http/log.ts';
import type { Instant } from '../lead/event.ts';
import { isTaskError, retry } from '../lead/task-error.ts';

/** What every task of a nurture machine is given. Payloads only grow: unknown members are let through. */
export const stepTask = {
  leadId: z.string(),
  enrolmentId: z.string(),
  definition: z.string(),
  run: z.number(),
  step: z.string(),
};

interface Named {
  leadId: string;
  enrolmentId?: string;
  handoffId?: string;
}

/**
 * @returns the handler. It throws Hold, Ended, Paused, Changed as its task says; Retry for what may pass; a ZodError for
 * a payload that is none.
 */
export function task<T extends Named>(
  shape: z.ZodMiniType<T>,
  run: (input: T, now: Instant) => Promise<object>,
): (event: unknown) => Promise<object> {
  return async (event) => {
    const input = z.parse(shape, event);
    try {
      return await run(input, now());
    } catch (error) {
      if (isTaskError(error)) throw error;
      const { leadId, enrolmentId, handoffId } = input;
      log.error('a task failed', {
        leadId,
        ...(enrolmentId ? { enrolmentId } : {}),
        ...(handoffId ? { handoffId } : {}),
        error,
      });
      // Named, so that the machine tries again: the message stays out, it may quote what somebody typed.
      throw retry(error instanceof Error ? error.name : 'fault');
    }
  };
}
