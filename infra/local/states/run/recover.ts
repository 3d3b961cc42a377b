/** What follows an error: the next retry, a catcher, or the end of the scope. */
import { errorOutput, type Failure, failureOf, matches } from '../failure.ts';
import { isRecovering, type RecoveringState, type Retrier } from '../machine/machine.ts';
import type { Draft } from '../storage/history.ts';
import { leave } from './leave.ts';
import type { Step } from './step.ts';
import type { Visit } from './visit.ts';

/** `events`: what happened in this step before and with the error. */
export async function recover(visit: Visit, failure: Failure, events: Draft[]): Promise<Step> {
  const { state, thread } = visit;
  if (!isRecovering(state)) return { kind: 'fail', failure, events };
  const attempts: number[] = JSON.parse(thread.attempts);
  const delay = nextRetry(state.retry, attempts, failure, visit.random);
  if (delay !== undefined) {
    const changes = {
      attempts: JSON.stringify(attempts),
      retries: thread.retries + 1,
      due: visit.now() + delay,
      work: null,
      token: null,
      timeout: null,
      heartbeat: null,
    };
    return { kind: 'rest', phase: 'retry', events, changes };
  }
  return caught(visit, state, failure, events);
}

/**
 * Milliseconds until the next attempt, counted in `attempts`; undefined when no retrier has one left. The interval
 * grows by BackoffRate with each use of its retrier (AWS developer guide, "Retrying after an error").
 */
export function nextRetry(
  retry: readonly Retrier[],
  attempts: number[],
  failure: Failure,
  random: () => number,
): number | undefined {
  const index = retry.findIndex(({ errorEquals }) => matches(errorEquals, failure));
  const retrier = retry[index];
  const used = attempts[index] ?? 0;
  if (!retrier || used >= retrier.maxAttempts) return undefined;
  retry.forEach((_, position) => {
    attempts[position] = (attempts[position] ?? 0) + (position === index ? 1 : 0);
  });
  const seconds = retrier.intervalSeconds * retrier.backoffRate ** used;
  const capped = Math.min(seconds, retrier.maxDelaySeconds ?? Number.MAX_SAFE_INTEGER / 1000);
  return Math.ceil((retrier.jitter === 'FULL' ? capped * random() : capped) * 1000);
}

async function caught(visit: Visit, state: RecoveringState, failure: Failure, events: Draft[]): Promise<Step> {
  const catcher = state.catch.find(({ errorEquals }) => matches(errorEquals, failure));
  if (!catcher) return { kind: 'fail', failure, events };
  const output = errorOutput(failure);
  try {
    return await leave(visit, catcher, output, { errorOutput: output }, events);
  } catch (error) {
    const second = explained(visit, failureOf(error));
    return { kind: 'fail', failure: second, events: [...events, ...evaluationFailed(visit, second)] };
  }
}

/** An error that the interpreter itself found: its cause begins with the state, as on AWS. */
export function explained(visit: Visit, failure: Failure): Failure {
  const { state, thread } = visit;
  const where = `An error occurred while executing the state '${state.name}' (entered at the event id #${thread.entered_event}).`;
  return { ...failure, cause: failure.cause === undefined ? where : `${where} ${failure.cause}` };
}

/** The event that AWS records for a query that failed. */
export function evaluationFailed(visit: Visit, { error, cause, location }: Failure): Draft[] {
  if (location === undefined) return [];
  const details = { error, cause: cause ?? '', location, state: visit.state.name };
  return [{ type: 'EvaluationFailed', details }];
}

/** Runs a part of a state; an error that it throws is recovered from. */
export async function guarded(visit: Visit, events: Draft[], run: () => Step | Promise<Step>): Promise<Step> {
  try {
    return await run();
  } catch (error) {
    const failure = explained(visit, failureOf(error));
    return recover(visit, failure, [...events, ...evaluationFailed(visit, failure)]);
  }
}
