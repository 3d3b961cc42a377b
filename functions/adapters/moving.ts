/**
 * Moving leads to the version in force, as its workflows say: found by the list index, moved one by one, each in one
 * transaction. Stopped anywhere it goes on where it was: who has been moved is on the new version and not found again.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Rules } from '../definition/definition.ts';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import { derivedId } from '../lead/id.ts';
import type { Enrolment } from '../lead/lead.ts';
import { type Destination, destinationOf, endedAt, movedTo, type Version } from '../lead/moving.ts';
import { envelop, transact } from './commit.ts';
import { movingKey } from './definition-items.ts';
import { currentPointer, manifest, rules } from './definitions.ts';
import { deleteItem, toItem, values } from './dynamo.ts';
import { enrolmentWrite, leadWrite, loadStep } from './enrolments.ts';
import { listKeys } from './lists.ts';
import { sendTaskSuccess } from './machines.ts';
import { publishOutbox } from './outbox.ts';
import { leadIdOfPk, outboxItem, pausedPk, SHARDS, sendKey, workflowPk } from './table.ts';
import { put, type Write } from './writes.ts';

export interface Moved {
  moved: number;
  ended: number;
  /** Time ran out: call again. */
  left: boolean;
}

/** In flight at once: quick, and far below what the table takes. */
const AT_ONCE = 16;
/** The list follows the table after a moment, and warm functions start enrolments in the version before for a second. */
const LOOK_AGAIN_MS = 1500;
/** A mail that is being handed over now is settled well before. */
const ROUNDS = 5;

/**
 * Moves the leads that stand where the version in force moves them from.
 * @param isOver whether time has run out: then no more are begun.
 */
export async function moveLeads(now: () => Instant, isOver: () => boolean): Promise<Moved> {
  const total: Moved = { moved: 0, ended: 0, left: false };
  const pointer = await currentPointer();
  if (!pointer) return total;
  const target = await rules(pointer.hash);
  const workflows = Object.values(target.workflows).filter(({ moved }) => moved);
  if (workflows.length === 0) return total;
  const versions = versionsOf();
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0) await pause(LOOK_AGAIN_MS);
    const found = (await Promise.all(workflows.map(({ name }) => standing(name, target, versions)))).flat();
    if (found.length === 0 && round > 0) break;
    for (let i = 0; i < found.length; i += AT_ONCE) {
      if (isOver()) return { ...total, left: true };
      const done = await Promise.all(found.slice(i, i + AT_ONCE).map((one) => moveOne(one, target, now())));
      total.moved += done.filter((kind) => kind === 'moves').length;
      total.ended += done.filter((kind) => kind === 'ends').length;
    }
  }
  // Somebody who has published meanwhile has left a note of his own.
  if ((await currentPointer())?.hash === pointer.hash) await deleteItem(movingKey);
  return total;
}

/** When each version was published, read once. */
function versionsOf(): (hash: string) => Promise<Version | undefined> {
  const known = new Map<string, Promise<Version | undefined>>();
  return (hash) => {
    const found = known.get(hash) ?? manifest(hash).then((one) => one && { hash, at: one.at });
    known.set(hash, found);
    return found;
  };
}

interface Standing {
  leadId: string;
  enrolmentId: string;
  destination: Exclude<Destination, { kind: 'stays' }>;
}

/** The enrolments of a workflow that are to be moved; from index keys alone. */
async function standing(
  name: string,
  target: Rules,
  versionOf: (hash: string) => Promise<Version | undefined>,
): Promise<Standing[]> {
  const to = await versionOf(target.hash);
  if (!to) throw new Error(`Definition ${target.hash} was never published whole.`);
  const lists = SHARDS.flatMap((shard) => [workflowPk(name, shard), pausedPk(name, shard)]);
  const entries = (await Promise.all(lists.map(listKeys))).flat();
  const found = await Promise.all(
    entries.map(async ({ pk, listSk }): Promise<Standing[]> => {
      const [definition = '', step = '', enrolmentId = ''] = listSk.split('#');
      const from = await versionOf(definition);
      const destination = from && destinationOf(target.workflows[name], step, from, to);
      if (!destination || destination.kind === 'stays') return [];
      return [{ leadId: leadIdOfPk(pk), enrolmentId, destination }];
    }),
  );
  return found.flat();
}

/** @returns what was done; undefined when the lead went on, or its mail is going out at this moment. */
async function moveOne(
  { leadId, enrolmentId, destination }: Standing,
  target: Rules,
  at: Instant,
): Promise<Destination['kind'] | undefined> {
  const { lead, enrolment } = await loadStep(leadId, enrolmentId);
  if (!lead || !enrolment || enrolment.status === 'ended' || enrolment.definition === target.hash) return undefined;
  const workflow = target.workflows[enrolment.workflow];
  if (!workflow) return undefined;
  const next =
    destination.kind === 'ends'
      ? endedAt(lead, enrolment, target.hash, at)
      : movedTo(lead, enrolment, { workflow, rules: target, step: destination.step }, at);
  const { run, status } = next.enrolment;
  const started = { type: 'enrolment.started', leadId, enrolmentId, run } as const;
  const outbox = status === 'active' ? envelop([started], at, enrolmentId, String(run)) : undefined;
  const { kind } = await transact([
    enrolmentWrite(enrolment, next.enrolment),
    leadWrite(lead, { ...next.lead, updatedAt: at }),
    ...(enrolment.step === null ? [] : [notMailing(enrolment, enrolment.step)]),
    ...(outbox ? [put(outboxItem(outbox), { kind: 'stale' })] : []),
  ]);
  if (kind !== 'committed') return undefined;
  if (outbox) await publishOutbox(outbox);
  await endParked(enrolment, at);
  return destination.kind;
}

/** A step whose mail is claimed or sent is as good as done: whoever is at it moves on by himself. */
function notMailing(enrolment: Enrolment, step: string): Write {
  const id = derivedId('snd', enrolment.startedAt, enrolment.id, step);
  return {
    cause: { kind: 'stale' },
    item: {
      ConditionCheck: {
        TableName: env('table'),
        Key: toItem(sendKey(enrolment.leadId, id)),
        ConditionExpression: 'attribute_not_exists(pk) OR body.#status = :held',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: values({ ':held': 'held' }),
      },
    },
  };
}

/** The machine of the run before ends now rather than at its deadline. Not told, it finds out then. */
async function endParked({ wait, step }: Enrolment, at: Instant): Promise<void> {
  if (wait && wait.step === step) await sendTaskSuccess(wait.token, { outcome: 'ended', due: at });
}
