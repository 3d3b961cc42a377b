/** Items of the published definitions. Their places stand in table.ts. */
import type { Instant } from '../lead/event.ts';
import { dueOf, type Item, type Key } from './table.ts';

export const pointerKey: Key = { pk: 'DEF', sk: 'CURRENT' };
export const workflowNamesKey: Key = { pk: 'DEF', sk: 'WORKFLOWS' };
export const PUBLICATION = 'PUBLICATION#';
export const publicationItem = (publication: number, body: object): Item => ({
  pk: pointerKey.pk,
  sk: `${PUBLICATION}${String(publication).padStart(10, '0')}`,
  body,
});
export const movingKey: Key = { pk: 'DEF', sk: 'MOVING' };
/** @param dueAt when the sweeper goes on with it, in case that its publisher was stopped. */
export const movingItem = (hash: string, dueAt: Instant): Item => ({
  ...movingKey,
  ...dueOf(hash, dueAt),
  body: { hash },
});
export const mendedKey = (hash: string): Key => ({ pk: `DEF#${hash}`, sk: 'MENDED' });
export const manifestKey = (hash: string): Key => ({ pk: `DEF#${hash}`, sk: 'MANIFEST' });
/** @param chunk from 1, for what is too large for one item. */
export const partKey = (hash: string, name: string, chunk = 0): Key => ({
  pk: `DEF#${hash}`,
  sk: `PART#${name}${chunk ? `#${chunk}` : ''}`,
});
