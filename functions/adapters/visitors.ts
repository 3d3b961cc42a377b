/** Visitors, whose they are, and their page views. `visitor` is the hash of its id, here and wherever one is named. */
import { type ReturnValue, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import type { View } from '../lead/visit.ts';
import { type Owner, withOwner } from '../lead/visitor.ts';
import { dynamo, fromItem, getItem, queryAll, toItem, values } from './dynamo.ts';
import { type Key, VIEW, viewDue, viewKey, visitorKey, visitorPk, visitorTtl } from './table.ts';

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

export const visitorOf = (item: unknown): Visitor => {
  const { views, firstView, body } = z.parse(profileShape, item);
  return { owners: body?.owners ?? [], ...(firstView && { firstView }), muted: views > MOST_BEACONS };
};

/** The visitor, or undefined when it was never seen. */
export async function loadVisitor(visitor: string): Promise<Visitor | undefined> {
  const item = await getItem(visitorKey(visitor));
  return item && visitorOf(item);
}

/** A view as it is stored. */
export type StoredView = View & {
  /** The lead that it goes to: decided once, so that it never goes to two. */
  to?: string;
  /** It is in that lead's log; nothing else is left of it. */
  moved?: true;
};

const viewId = z.looseObject({ id: z.string(), moved: z.optional(z.boolean()) });
const viewShape = z.custom<StoredView>((value) => viewId.safeParse(value).success);
export const viewIn = (item: Record<string, unknown>): StoredView => z.parse(viewShape, item.body);

export const viewsOf = async (visitor: string): Promise<StoredView[]> =>
  (
    await queryAll({
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :view)',
      ExpressionAttributeValues: values({ ':pk': visitorPk(visitor), ':view': VIEW }),
      ConsistentRead: true,
    })
  ).map(viewIn);

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
