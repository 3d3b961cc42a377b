/** Deleting what there is of an erased lead, page by page. What was deleted is not found again: any stop is a place to go on. */
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import { ERASING, erasingKey } from './consent-items.ts';
import { deleteItem, dynamo, fromItem, values } from './dynamo.ts';
import { forgetVisitor } from './forget-visitor.ts';
import { enrolmentOf, eventsIn, handoffOf } from './item.ts';
import { sendTaskSuccess } from './machines.ts';
import { ENROLMENT, EVENT, HANDOFF, type Key, leadPk } from './table.ts';

/** What stays: the mark, and the item that brings the sweeper back until the rest is gone. */
const STAYS = new Set(['PROFILE', ERASING]);
const PAGE = 100;
/** So many deletions at once, in batches. */
const AT_ONCE = 25;

/** Deletes one page. @returns how many items went; 0: nothing is left. */
export async function wipePage(leadId: string, at: Instant): Promise<number> {
  const { Items = [] } = await dynamo.send(
    new QueryCommand({
      TableName: env('table'),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: values({ ':pk': leadPk(leadId) }),
      ConsistentRead: true,
      Limit: PAGE,
    }),
  );
  const items = Items.map(fromItem).filter(({ sk }) => !STAYS.has(String(sk)));
  await Promise.all(items.map((item) => release(leadId, item, at)));
  for (let i = 0; i < items.length; i += AT_ONCE) {
    await Promise.all(items.slice(i, i + AT_ONCE).map((item) => deleteItem(keyOf(item))));
  }
  return items.length;
}

const keyOf = (item: Record<string, unknown>): Key => ({ pk: String(item.pk), sk: String(item.sk) });

/**
 * A machine that waits for this item ends: it is told before the item, and its token with it, is gone. So are the page
 * views of the browser that a post came from.
 */
async function release(leadId: string, item: Record<string, unknown>, at: Instant): Promise<void> {
  const sk = String(item.sk);
  if (sk.startsWith(EVENT)) {
    const visitor = eventsIn(item).find((event) => event.visitor)?.visitor;
    if (visitor) await forgetVisitor(visitor, leadId);
  }
  if (sk.startsWith(ENROLMENT)) {
    const { wait } = enrolmentOf(item);
    if (wait) await sendTaskSuccess(wait.token, { outcome: 'ended', due: at });
  }
  if (sk.startsWith(HANDOFF)) {
    const { wait } = handoffOf(item);
    if (wait) await sendTaskSuccess(wait.token, { outcome: 'done' });
  }
}

/** All of it is gone: nobody comes back. */
export const wiped = (leadId: string): Promise<void> => deleteItem(erasingKey(leadId));
