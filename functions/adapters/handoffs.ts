/** Writing a handoff: only if nobody changed it since it was read, so that an answer is never overwritten. */
import * as z from 'zod/mini';
import { instantIn } from '../lead/id-time.ts';
import type { Handoff } from '../lead/lead.ts';
import { transact } from './commit.ts';
import { getItem, queryAll, values } from './dynamo.ts';
import { handoffOf } from './item.ts';
import { HANDOFF_STATUSES } from './lists.ts';
import { handoffItem, handoffListPk, INDEX, turnKey } from './table.ts';
import { put, type Write } from './writes.ts';

const handoffWrite = (read: Handoff, set: Partial<Handoff>): Write =>
  put(handoffItem({ ...read, ...set, version: read.version + 1 }), { kind: 'stale' }, 'body.version = :read', {
    ExpressionAttributeValues: values({ ':read': read.version }),
  });

/** @returns the handoff as it is now, or 'stale' when it was changed meanwhile: read again. */
export async function changeHandoff(read: Handoff, set: Partial<Handoff>): Promise<Handoff | 'stale'> {
  const { kind } = await transact([handoffWrite(read, set)]);
  return kind === 'committed' ? { ...read, ...set, version: read.version + 1 } : 'stale';
}

const turnShape = z.object({ turn: z.number() });

/** Whose turn it is under one rule of `assign`, counted from 0. */
export async function turnOf(definition: string, rule: number): Promise<number> {
  const item = await getItem(turnKey(definition, rule));
  return item ? z.parse(turnShape, item.body).turn : 0;
}

/** Gives the handoff to whom it falls and takes the turn, both or neither: two handoffs never share one turn. */
export async function assignByTurn(
  read: Handoff,
  set: Partial<Handoff>,
  turn: { definition: string; rule: number; at: number },
): Promise<Handoff | 'stale'> {
  const taken = put(
    { ...turnKey(turn.definition, turn.rule), body: { turn: turn.at + 1 } },
    { kind: 'stale' },
    turn.at === 0 ? 'attribute_not_exists(pk)' : 'body.turn = :turn',
    turn.at === 0 ? {} : { ExpressionAttributeValues: values({ ':turn': turn.at }) },
  );
  const { kind } = await transact([handoffWrite(read, set), taken]);
  return kind === 'committed' ? { ...read, ...set, version: read.version + 1 } : 'stale';
}

/**
 * A handoff by its id alone, as programs name it: from the list index, where it stands under its status at the time
 * that is in its id. Undefined when there is none (or it is younger than a moment: the index follows the table).
 */
export async function findHandoff(id: string): Promise<Handoff | undefined> {
  const openedAt = instantIn(id);
  if (!openedAt) return undefined;
  const found = await Promise.all(
    HANDOFF_STATUSES.map((status) =>
      queryAll({
        IndexName: INDEX.list,
        KeyConditionExpression: 'listPk = :list AND listSk = :place',
        ExpressionAttributeValues: values({ ':list': handoffListPk(id, status), ':place': `${openedAt}#${id}` }),
      }),
    ),
  );
  const key = found.flat().map((item) => z.parse(keyShape, item))[0];
  const item = key && (await getItem(key));
  return item && handoffOf(item);
}

const keyShape = z.object({ pk: z.string(), sk: z.string() });
