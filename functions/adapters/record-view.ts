/** Storing what a browser tells of a page view. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import { derivedId } from '../lead/id.ts';
import type { View } from '../lead/visit.ts';
import { publish } from './bus.ts';
import { dynamo, toItem } from './dynamo.ts';
import { later, OUTBOX_GRACE_MS, viewItem, viewKey, visitorKey, visitorTtl } from './table.ts';
import { makeDue, updateIf, type Visitor, visitorOf } from './visitors.ts';

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

/**
 * What was told before stays; a view that is on its way to a lead is as it is. Beacons overtake each other: that a page
 * is open is news only with more seconds than are known of it.
 */
async function raise(visitor: string, { id, seconds, until }: View): Promise<void> {
  const open = until === undefined ? ' REMOVE body.#until' : ', body.#until = :until';
  const newer = until === undefined ? '<=' : '<';
  await updateIf(viewKey(visitor, id), {
    expression: `SET body.#seconds = :seconds${open}`,
    condition: `attribute_not_exists(body.#to) AND attribute_not_exists(body.moved) AND body.#seconds ${newer} :seconds`,
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
