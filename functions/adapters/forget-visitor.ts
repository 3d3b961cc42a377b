/** Forgetting a browser's page views, for a person who asked to be forgotten. */
import { NOBODY, ownerAt } from '../lead/visitor.ts';
import { deleteItem } from './dynamo.ts';
import { loadLead } from './leads.ts';
import { viewKey, visitorKey } from './table.ts';
import { loadVisitor, updateIf, viewsOf } from './visitors.ts';

/**
 * Deletes what a visitor's browser told while it was this lead's; all of it, where it was nobody else's. A lead that was
 * merged into this one, or is gone itself, is nobody else.
 */
export async function forgetVisitor(visitor: string, leadId: string): Promise<void> {
  const owners = (await loadVisitor(visitor))?.owners ?? [];
  const others = await standing(new Set(owners.map((owner) => owner.leadId)), leadId);
  const views = await viewsOf(visitor);
  const own = views.filter(({ to, moved, at }) => !moved && !others.has(to ?? ownerAt(owners, at) ?? NOBODY));
  for (const { id } of others.size > 0 ? own : views) await deleteItem(viewKey(visitor, id));
  if (others.size === 0) return deleteItem(visitorKey(visitor));
  const left = owners.map((owner) => (others.has(owner.leadId) ? owner : { ...owner, leadId: NOBODY }));
  const changed = await updateIf(visitorKey(visitor), {
    expression: 'SET body.owners = :left',
    condition: 'body.owners = :owners',
    named: { ':left': left, ':owners': owners },
  });
  // Somebody claimed it at this moment.
  if (!changed) await forgetVisitor(visitor, leadId);
}

/** Those of the leads that stand for another person than this one. */
async function standing(ids: ReadonlySet<string>, leadId: string): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    [...ids].filter((id) => id !== leadId && id !== NOBODY).map(async (id) => ({ id, lead: await loadLead(id) })),
  );
  return new Set(found.filter(({ lead }) => lead && lead.id !== leadId).map(({ id }) => id));
}
