/** Keeping what came and fits nothing, for whoever looks into it. */
import { createHash } from 'node:crypto';
import type { Instant } from '../lead/event.ts';
import { putItem } from './dynamo.ts';
import { asideItem } from './table.ts';

/** @param facts no personal data. The same facts on the same day are kept once. */
export async function setAside(facts: Record<string, string | undefined>, at: Instant): Promise<void> {
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  const id = createHash('sha256').update(JSON.stringify(known)).digest('hex').slice(0, 32);
  await putItem(asideItem(id, at, { ...known, at }));
}
