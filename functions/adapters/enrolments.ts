/**
 * Moving an enrolment: on, to its end, or aside. Every write holds only if the enrolment still stands where it was read,
 * so that of two runs, two attempts, or a step and a wake, one moves it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { env } from '../env.ts';
import { hold, putOff, unenrol } from '../lead/enrolment.ts';
import type { Instant } from '../lead/event.ts';
import type { Enrolment, Lead } from '../lead/lead.ts';
import { type Move, movedOn } from '../lead/move.ts';
import { retry } from '../lead/task-error.ts';
import { transact } from './commit.ts';
import { getItems, toItem, values } from './dynamo.ts';
import { enrolmentOf, livingOf } from './item.ts';
import { enrolmentItem, enrolmentKey, profileItem, profileKey } from './table.ts';
import { put, type Write } from './writes.ts';

/** A lead and one of its enrolments, in one read; undefined where there is none. */
export async function loadStep(
  leadId: string,
  enrolmentId: string,
): Promise<{ lead: Lead | undefined; enrolment: Enrolment | undefined }> {
  const items = await getItems([profileKey(leadId), enrolmentKey(leadId, enrolmentId)]);
  const profile = items.find((item) => item.sk === 'PROFILE');
  const enrolment = items.find((item) => item.sk !== 'PROFILE');
  return { lead: profile && livingOf(profile), enrolment: enrolment && enrolmentOf(enrolment) };
}

/** The next state of an enrolment, if it still stands as it was read: same run, same step, same attempt parked. */
export function enrolmentWrite(read: Enrolment, next: Enrolment): Write {
  const parked = read.wait ? 'body.#wait.#attempt = :attempt' : 'attribute_not_exists(body.#wait)';
  return put(
    enrolmentItem(next),
    { kind: 'stale' },
    `body.#status = :status AND body.run = :run AND body.step = :step AND ${parked}`,
    {
      ExpressionAttributeNames: {
        '#status': 'status',
        '#wait': 'wait',
        ...(read.wait ? { '#attempt': 'attempt' } : {}),
      },
      ExpressionAttributeValues: values({
        ':status': read.status,
        ':run': read.run,
        ':step': read.step,
        ...(read.wait ? { ':attempt': read.wait.attempt } : {}),
      }),
    },
  );
}

/** The profile, if nobody changed it since it was read. */
export function leadWrite(read: Lead, next: Lead): Write {
  const unchanged = { ExpressionAttributeValues: values({ ':read': read.version }) };
  return put(profileItem({ ...next, version: read.version + 1 }), { kind: 'stale' }, 'body.version = :read', unchanged);
}

/** Holds only if nobody changed the profile since it was read. */
export const unchangedLead = (read: Lead): Write => ({
  cause: { kind: 'stale' },
  item: {
    ConditionCheck: {
      TableName: env('table'),
      Key: toItem(profileKey(read.id)),
      ConditionExpression: 'body.#version = :read',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: values({ ':read': read.version }),
    },
  },
});

/** The end of an enrolment on the profile, whatever else changes there meanwhile: for a step that is in a hurry. */
export function endMarkWrite(enrolment: Enrolment, at: Instant): Write {
  return {
    cause: { kind: 'stale' },
    item: {
      Update: {
        TableName: env('table'),
        Key: toItem(profileKey(enrolment.leadId)),
        UpdateExpression:
          'SET body.enrolments.#workflow.endedAt = :at, body.updatedAt = :at, body.#version = body.#version + :one',
        ConditionExpression: 'body.enrolments.#workflow.#id = :id',
        ExpressionAttributeNames: { '#workflow': enrolment.workflow, '#version': 'version', '#id': 'id' },
        ExpressionAttributeValues: values({ ':at': at, ':one': 1, ':id': enrolment.id }),
      },
    },
  };
}

/** What a move needs beside the enrolment. */
export interface MoveWith {
  /** Writes that hold or fail with it. */
  more?: Write[];
  /** The profile, where it may list a wait of the enrolment: the move takes it off, if nobody changed the profile. */
  lead?: Lead;
}

/**
 * Moves an enrolment on, in one transaction.
 * @returns 'stale' when it stands elsewhere by now, or was being changed: read again.
 */
export async function moveOn(
  read: Enrolment,
  move: Move,
  at: Instant,
  { more = [], lead }: MoveWith = {},
): Promise<'moved' | 'stale'> {
  const next = movedOn(read, move, at);
  const { kind } = await transact([enrolmentWrite(read, next), ...profileWrites(next, lead, at), ...more]);
  return kind === 'committed' ? 'moved' : 'stale';
}

function profileWrites(next: Enrolment, lead: Lead | undefined, at: Instant): Write[] {
  const waits = lead?.waits.filter((wait) => wait.enrolmentId !== next.id);
  if (lead && waits && waits.length < lead.waits.length) {
    const left = next.status === 'ended' ? unenrol(lead, next.workflow, at) : { ...lead, waits };
    return [leadWrite(lead, { ...left, updatedAt: at })];
  }
  return next.status === 'ended' ? [endMarkWrite(next, at)] : [];
}

/** Ends an enrolment for a reason that was seen outside an act. @returns as `moveOn`. */
export async function endEnrolment(
  lead: Lead,
  read: Enrolment,
  reason: string,
  at: Instant,
): Promise<'moved' | 'stale'> {
  const next: Enrolment = { ...read, status: 'ended', reason, endedAt: at };
  const profile = { ...unenrol(lead, read.workflow, at), updatedAt: at };
  const { kind } = await transact([enrolmentWrite(read, next), leadWrite(lead, profile)]);
  return kind === 'committed' ? 'moved' : 'stale';
}

/** Puts an enrolment aside while its workflow is paused: its execution ends, `resume` starts the next run. */
export async function pauseEnrolment(read: Enrolment): Promise<'moved' | 'stale'> {
  const aside: Enrolment = { ...putOff(read, read.dueAt, 'paused'), status: 'paused' };
  const { kind } = await transact([enrolmentWrite(read, aside)]);
  return kind === 'committed' ? 'moved' : 'stale';
}

/** Takes back a pause of this very run. @returns 'stale' when it was released meanwhile. */
export async function unpauseEnrolment(read: Enrolment): Promise<'moved' | 'stale'> {
  const { kind } = await transact([enrolmentWrite({ ...read, status: 'paused' }, read)]);
  return kind === 'committed' ? 'moved' : 'stale';
}

/** Lets an enrolment wait for consent, at most until then: its execution ends, the consent starts the next run. */
export async function holdForConsent(
  lead: Lead,
  read: Enrolment,
  until: Instant,
  at: Instant,
): Promise<'moved' | 'stale'> {
  const held = hold(lead, read, until);
  const profile = { ...held.lead, updatedAt: at };
  const { kind } = await transact([enrolmentWrite(read, held.enrolment), leadWrite(lead, profile)]);
  return kind === 'committed' ? 'moved' : 'stale';
}

/** Says when a held step comes again and why, so that nobody takes it for lost meanwhile. */
export async function postpone(read: Enrolment, until: Instant, why: string): Promise<void> {
  await transact([enrolmentWrite(read, putOff(read, until, why))]);
}

const TRIES = 6;

/** Tries `attempt` until it answers something else than 'stale'. @throws Retry after a few. */
export async function untilSettled<T>(attempt: () => Promise<T | 'stale'>): Promise<T> {
  for (let tried = 0; tried < TRIES; tried++) {
    const result = await attempt();
    if (result !== 'stale') return result;
    await sleep(Math.random() * 30 * 2 ** tried);
  }
  throw retry('The enrolment changes all the time.');
}
