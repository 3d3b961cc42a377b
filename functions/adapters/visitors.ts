/** Visitors and their page views: stored as they are told, claimed by the lead that sends a form. */
import { PutItemCommand, type ReturnValue, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import { derivedId } from '../lead/id.ts';
import type { View } from '../lead/visit.ts';
import { type Owner, withOwner } from '../lead/visitor.ts';
import { publish } from './bus.ts';
import { dynamo, fromItem, getItem, toItem, values } from './dynamo.ts';
import { type Key, later, OUTBOX_GRACE_MS, viewDue, viewItem, viewKey, visitorKey, visitorTtl } from './table.ts';

/**
 * Beacons of one visitor that are heard for a lead: a reader tells about three a page. Whoever sends more is no reader,
 * and must not fill a lead's log.
 */
const MOST_BEACONS = 3000;

const profileShape = z.object({
  views: z._default(z.number(), 0),
  firstView: z.optional(z.string()),
  body: z.optional(z.object({ owners: z.array(z.object({ leadId: z.string(), from: z.string() })) })),
});

/** Whose a visitor's views are, and the first of them. */
export interface Visitor {
  owners: readonly Owner[];
  firstView?: string;
  /** Heard no more. */
  muted: boolean;
}

const visitorOf = (item: unknown): Visitor => {
  const { views, firstView, body } = z.parse(profileShape, item);
  return { owners: body?.owners ?? [], ...(firstView && { firstView }), muted: views > MOST_BEACONS };
};

/** The visitor, or undefined when it was never seen. @param visitor the hash of its id, here and below. */
export async function loadVisitor(visitor: string): Promise<Visitor | undefined> {
  const item = await getItem(visitorKey(visitor));
  return item && visitorOf(item);
}

interface Update {
  expression: string;
  condition?: string;
  names?: Record<string, string>;
  named?: Record<string, unknown>;
  returns?: ReturnValue;
}

/** @returns what was asked back ({} for nothing), or undefined when the condition did not hold. */
export async function updateIf(key: Key, update: Update): Promise<Record<string, unknown> | undefined> {
  const { expression, condition, names, named, returns } = update;
  try {
    const { Attributes } = await dynamo.send(
      new UpdateItemCommand({
        TableName: env('table'),
        Key: toItem({ pk: key.pk, sk: key.sk }),
        UpdateExpression: expression,
        ConditionExpression: condition,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: named && values(named),
        ReturnValues: returns,
      }),
    );
    return Attributes ? fromItem(Attributes) : {};
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined;
    throw error;
  }
}

/**
 * Stores a view, or raises the seconds of one that is known. The view stands before the visitor is looked at: a claim
 * either finds it, or is found here, and then the view goes after it.
 */
export async function recordView(visitor: string, view: View, at: Instant): Promise<void> {
  if (!(await putNew(visitor, view, at))) await raise(visitor, view);
  const { owners, muted } = await count(visitor, view, at);
  if (owners.length === 0 || muted) return;
  const dueAt = view.until ?? later(at, OUTBOX_GRACE_MS);
  if (!(await makeDue(visitor, view.id, dueAt)) || view.until) return;
  const id = derivedId('msg', at, visitor, view.id);
  await publish([{ type: 'visitor.viewed', visitor, id, version: 1, at }]);
}

async function putNew(visitor: string, view: View, at: Instant): Promise<boolean> {
  try {
    const Item = toItem(viewItem(visitor, view, at));
    const ConditionExpression = 'attribute_not_exists(pk)';
    await dynamo.send(new PutItemCommand({ TableName: env('table'), Item, ConditionExpression }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

/** What was told before stays; a view that is on its way to a lead is as it is. */
async function raise(visitor: string, { id, seconds, until }: View): Promise<void> {
  const open = until === undefined ? ' REMOVE body.#until' : ', body.#until = :until';
  await updateIf(viewKey(visitor, id), {
    expression: `SET body.#seconds = :seconds${open}`,
    condition: 'attribute_not_exists(body.#to) AND attribute_not_exists(body.moved) AND body.#seconds <= :seconds',
    names: { '#seconds': 'seconds', '#until': 'until', '#to': 'to' },
    named: { ':seconds': seconds, ...(until === undefined ? {} : { ':until': until }) },
  });
}

async function count(visitor: string, { id }: View, at: Instant): Promise<Visitor> {
  const item = await updateIf(visitorKey(visitor), {
    expression: 'SET #ttl = :ttl, firstView = if_not_exists(firstView, :id) ADD #views :one',
    names: { '#ttl': 'ttl', '#views': 'views' },
    named: { ':ttl': visitorTtl(at), ':id': id, ':one': 1 },
    returns: 'ALL_NEW',
  });
  return visitorOf(item);
}

/** @returns whether there is still something to move. */
export async function makeDue(visitor: string, id: string, dueAt: Instant): Promise<boolean> {
  const due = viewDue(visitor, dueAt);
  const done = await updateIf(viewKey(visitor, id), {
    expression: 'SET duePk = :pk, dueAt = :at',
    condition: 'attribute_exists(pk) AND attribute_not_exists(body.moved)',
    named: { ':pk': due.duePk, ':at': due.dueAt },
  });
  return done !== undefined;
}

/** Claims the visitor for a lead, once for each claim. @throws Error when others claim it without end. */
export async function claimVisitor(visitor: string, owner: Owner, at: Instant): Promise<void> {
  for (let tries = 0; tries < 10; tries++) {
    const { owners } = (await loadVisitor(visitor)) ?? { owners: [] };
    const next = withOwner(owners, owner);
    if (next === owners) return;
    const done = await updateIf(visitorKey(visitor), {
      expression: 'SET body = :next, #ttl = :ttl',
      condition: owners.length === 0 ? 'attribute_not_exists(body)' : 'body.owners = :owners',
      names: { '#ttl': 'ttl' },
      named: {
        ':next': { owners: next },
        ':ttl': visitorTtl(at),
        ...(owners.length === 0 ? {} : { ':owners': owners }),
      },
    });
    if (done) return;
  }
  throw new Error('A visitor could not be claimed: others claim it at the same time.');
}
