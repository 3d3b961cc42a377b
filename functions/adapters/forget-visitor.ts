/** Forgetting a browser's page views, for a person who asked to be forgotten. */
import { NOBODY, ownerAt } from '../lead/visitor.ts';
import { deleteItem } from './dynamo.ts';
import { viewKey, visitorKey } from './table.ts';
import { loadVisitor, updateIf, viewsOf } from './visitors.ts';

/** Deletes what a visitor's browser told while it was this lead's; all of it, where it was nobody else's. */
export async function forgetVisitor(visitor: string, leadId: string): Promise<void> {
  const owners = (await loadVisitor(visitor))?.owners ?? [];
  const shared = owners.some((owner) => owner.leadId !== leadId && owner.leadId !== NOBODY);
  const views = await viewsOf(visitor);
  const own = shared ? views.filter(({ to, moved, at }) => !moved && (to ?? ownerAt(owners, at)) === leadId) : views;
  for (const { id } of own) await deleteItem(viewKey(visitor, id));
  if (!shared) return deleteItem(visitorKey(visitor));
  const others = owners.map((owner) => (owner.leadId === leadId ? { ...owner, leadId: NOBODY } : owner));
  const changed = await updateIf(visitorKey(visitor), {
    expression: 'SET body.owners = :others',
    condition: 'body.owners = :owners',
    named: { ':others': others, ':owners': owners },
  });
  // Somebody claimed it at this moment.
  if (!changed) await forgetVisitor(visitor, leadId);
}
