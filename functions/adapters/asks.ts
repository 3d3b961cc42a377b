/** The items that say when to look at a consent that waits. */
import type { Instant } from '../lead/event.ts';
import { transact } from './commit.ts';
import { type Ask, askItem, askKey } from './consent-items.ts';
import { getItem, values } from './dynamo.ts';
import { askOf } from './item.ts';
import { put, removeIf } from './writes.ts';

export async function loadAsk(leadId: string, purpose: string): Promise<Ask | undefined> {
  const item = await getItem(askKey(leadId, purpose));
  return item && askOf(item);
}

const UNCHANGED = 'body.#last = :last';
const asRead = ({ last }: Ask) => ({
  ExpressionAttributeNames: { '#last': 'last' },
  ExpressionAttributeValues: values({ ':last': last }),
});

/** Looked at again then, unless it was asked for anew meanwhile. */
export async function putOffAsk(leadId: string, ask: Ask, until: Instant): Promise<void> {
  await transact([put(askItem(leadId, ask, until), { kind: 'stale' }, UNCHANGED, asRead(ask))]);
}

/** There is nothing to wait for any more, unless it was asked for anew meanwhile. */
export async function forgetAsk(leadId: string, ask: Ask): Promise<void> {
  await transact([removeIf(askKey(leadId, ask.purpose), { kind: 'stale' }, UNCHANGED, asRead(ask))]);
}
