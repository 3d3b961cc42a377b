/** Lists over all leads, handoffs and enrolments, from the sharded list index. Newest first. */
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { STAGES, type Stage } from '../definition/scoring.ts';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import type { Handoff, Lead } from '../lead/lead.ts';
import { dynamo, fromItem, getItems, queryAll, values } from './dynamo.ts';
import { handoffOf, livingOf } from './item.ts';
import { handoffsPk, INDEX, type Key, leadsPk, pausedPk, SHARDS, workflowPk } from './table.ts';

export interface ListPage<T> {
  items: T[];
  /** Where the next page begins; none: this was the last. */
  cursor?: string;
}

/**
 * A cursor is the index sort key (`<createdAt>#<id>`) of the last entry that was looked at. All shards sort by it alike,
 * so that one place holds for all of them, and an entry that moves between shards or stages is not lost.
 */
const encode = (listSk: string): string => Buffer.from(listSk).toString('base64url');
const CURSOR = /^\d{4}-\d\d-\d\dT[\d:.]+Z#[a-z]+_[0-9a-z]{26}$/;

/** @returns undefined when the text is no cursor of ours. */
export function decodeCursor(cursor: string): string | undefined {
  const listSk = Buffer.from(cursor, 'base64url').toString();
  return CURSOR.test(listSk) ? listSk : undefined;
}

const indexKey = z.object({ pk: z.string(), sk: z.string(), listSk: z.string() });
type Entry = z.infer<typeof indexKey>;

async function entriesOf(listPk: string, before: string | undefined, limit: number): Promise<Entry[]> {
  const { Items } = await dynamo.send(
    new QueryCommand({
      TableName: env('table'),
      IndexName: INDEX.list,
      KeyConditionExpression: before ? 'listPk = :list AND listSk < :before' : 'listPk = :list',
      ExpressionAttributeValues: values({ ':list': listPk, ':before': before }),
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
  return (Items ?? []).map((item) => z.parse(indexKey, fromItem(item)));
}

/** The newest entries over several partitions of the index. */
async function merged(partitions: string[], before: string | undefined, limit: number): Promise<Entry[]> {
  const found = await Promise.all(partitions.map((listPk) => entriesOf(listPk, before, limit)));
  const newest = found.flat().sort((a, b) => (a.listSk < b.listSk ? 1 : -1));
  return newest.slice(0, limit);
}

export interface ListQuery<T> {
  partitions: string[];
  limit: number;
  before?: string | undefined;
  /** Undefined: not to be listed. */
  read: (item: Record<string, unknown>) => T | undefined;
  /** The index follows the table after a moment: an entry whose thing is no longer so is left out. */
  keep: (thing: T) => boolean | Promise<boolean>;
}

/** Entries looked at for one page at most; a filter that fits few leads gives a short page and a cursor. */
const MOST_LOOKED_AT = 1000;

async function listPage<T>({ partitions, limit, before, read, keep }: ListQuery<T>): Promise<ListPage<T>> {
  const items: T[] = [];
  let from = before;
  for (let lookedAt = 0; lookedAt < MOST_LOOKED_AT; ) {
    const entries = await merged(partitions, from, limit);
    const found = await thingsOf(entries, read);
    for (const { listSk, thing } of found) {
      from = listSk;
      if (thing && (await keep(thing))) items.push(thing);
      if (items.length === limit) return { items, cursor: encode(listSk) };
    }
    if (entries.length < limit) return { items };
    lookedAt += entries.length;
  }
  return { items, ...(from ? { cursor: encode(from) } : {}) };
}

async function thingsOf<T>(entries: Entry[], read: ListQuery<T>['read']) {
  const items = await getItems(entries.map(({ pk, sk }) => ({ pk, sk })));
  const byKey = new Map(items.map((item) => [`${String(item.pk)}|${String(item.sk)}`, item]));
  return entries.map(({ pk, sk, listSk }) => {
    const item = byKey.get(`${pk}|${sk}`);
    return { listSk, thing: item && read(item) };
  });
}

/** Leads of one stage or of all; `keep` filters by what the index does not know. */
export const listLeads = (query: {
  stage?: Stage | undefined;
  before?: string | undefined;
  limit: number;
  keep?: (lead: Lead) => boolean | Promise<boolean>;
}): Promise<ListPage<Lead>> => {
  const { keep = () => true } = query;
  const stages = query.stage ? [query.stage] : STAGES;
  return listPage({
    partitions: stages.flatMap((stage) => SHARDS.map((shard) => leadsPk(stage, shard))),
    limit: query.limit,
    before: query.before,
    read: livingOf,
    keep: (lead) => (!query.stage || lead.stage === query.stage) && keep(lead),
  });
};

/**
 * The leads that were made from one instant until before another, in no order.
 * @returns undefined when there are more than `most`.
 */
export async function leadsMade(from: Instant, until: Instant, most: number): Promise<Lead[] | undefined> {
  const partitions = STAGES.flatMap((stage) => SHARDS.map((shard) => leadsPk(stage, shard)));
  const found = await Promise.all(partitions.map((listPk) => keysBetween(listPk, from, until)));
  // One that changes its stage meanwhile may stand in two lists.
  const keys = new Map(found.flat().map((key) => [key.pk, key]));
  if (keys.size > most) return undefined;
  return (await getItems([...keys.values()])).flatMap((item) => livingOf(item) ?? []);
}

const keysBetween = async (listPk: string, from: Instant, until: Instant): Promise<Key[]> => {
  const items = await queryAll({
    IndexName: INDEX.list,
    KeyConditionExpression: 'listPk = :list AND listSk BETWEEN :from AND :until',
    ExpressionAttributeValues: values({ ':list': listPk, ':from': from, ':until': until }),
  });
  return items.map((item) => z.parse(indexKey, item));
};

export const HANDOFF_STATUSES = ['pending', 'accepted', 'rejected', 'won', 'lost'] as const;

/** Handoffs of one status or of all. */
export const listHandoffs = (query: {
  status?: Handoff['status'] | undefined;
  before?: string | undefined;
  limit: number;
}): Promise<ListPage<Handoff>> => {
  const statuses = query.status ? [query.status] : HANDOFF_STATUSES;
  return listPage({
    partitions: statuses.flatMap((status) => SHARDS.map((shard) => handoffsPk(status, shard))),
    limit: query.limit,
    before: query.before,
    read: handoffOf,
    keep: (handoff) => !query.status || handoff.status === query.status,
  });
};

/**
 * How many leads stand at each step of a workflow, by definition: `{<definition>: {<step>: n}}`; `paused`: those that a
 * pause holds there. Reads index keys alone.
 */
export async function leadsAtSteps(
  workflow: string,
  { paused = false } = {},
): Promise<Record<string, Record<string, number>>> {
  const partition = paused ? pausedPk : workflowPk;
  const found = await Promise.all(SHARDS.map((shard) => listKeys(partition(workflow, shard))));
  const counts: Record<string, Record<string, number>> = {};
  for (const { listSk } of found.flat()) {
    const [definition = '', step = ''] = listSk.split('#');
    const steps = counts[definition] ?? {};
    counts[definition] = { ...steps, [step]: (steps[step] ?? 0) + 1 };
  }
  return counts;
}

/** Every entry of one partition of the list index. */
export async function listKeys(listPk: string): Promise<(Key & { listSk: string })[]> {
  const items = await queryAll({
    IndexName: INDEX.list,
    KeyConditionExpression: 'listPk = :list',
    ExpressionAttributeValues: values({ ':list': listPk }),
  });
  return items.map((item) => z.parse(indexKey, item));
}
