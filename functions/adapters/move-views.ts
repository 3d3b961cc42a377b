/** Moving a visitor's page views into the lead that claimed them. Whatever is interrupted is taken up again. */
import type { Happening, Instant } from '../lead/event.ts';
import { isLeft, type View, viewed } from '../lead/visit.ts';
import { NOBODY, ownerAt } from '../lead/visitor.ts';
import { act } from './act.ts';
import { applyActs } from './apply.ts';
import { putItem } from './dynamo.ts';
import { type Item, viewItem, viewKey } from './table.ts';
import { loadVisitor, makeDue, type StoredView, updateIf, type Visitor, viewIn, viewsOf } from './visitors.ts';

/** As many as go into one commit, each with an event, a marker or two and what they cause. */
const TOGETHER = 20;
/** A visitor comes with all its pages at once, late ones: worth reading the log for, and trying again. */
const TRIES = 8;

/**
 * Moves the views that are left of a claimed visitor; one that may still be open becomes due, and waits for its seconds.
 * @param visitor the hash of its id. @returns how many were moved.
 */
export async function moveViews(visitor: string, at: Instant): Promise<number> {
  const known = await loadVisitor(visitor);
  if (!known || known.owners.length === 0) return 0;
  const views = (await viewsOf(visitor)).filter(({ moved }) => !moved).sort((a, b) => (a.at < b.at ? -1 : 1));
  await Promise.all(
    views.filter((view) => !isLeft(view, at)).map((view) => makeDue(visitor, view.id, view.until ?? at)),
  );
  const ready = views.filter((view) => isLeft(view, at));
  for (let first = 0; first < ready.length; first += TOGETHER) {
    await moveSome(visitor, known, ready.slice(first, first + TOGETHER), at);
  }
  return ready.length;
}

async function moveSome(visitor: string, known: Visitor, views: StoredView[], at: Instant): Promise<void> {
  const taken = (await Promise.all(views.map((view) => take(visitor, known, view)))).filter(
    (view) => view !== undefined,
  );
  for (const [leadId, own] of Map.groupBy(taken, ({ to }) => to ?? NOBODY)) {
    if (leadId !== NOBODY)
      await tell(
        leadId,
        own.map((view) => [viewed(asOf(known, view))]),
        at,
      );
    await Promise.all(own.map((view) => putItem(moved(visitor, view.id, at))));
  }
}

const moved = (visitor: string, id: string, at: Instant): Item => {
  const left: Pick<StoredView, 'id' | 'moved'> = { id, moved: true };
  return viewItem(visitor, left, at);
};

/** Decides for good whose it is. Undefined: another run has moved it. */
async function take(visitor: string, { owners }: Visitor, view: StoredView): Promise<StoredView | undefined> {
  const item = await updateIf(viewKey(visitor, view.id), {
    expression: 'SET body.#to = if_not_exists(body.#to, :lead)',
    condition: 'attribute_exists(pk) AND attribute_not_exists(body.moved)',
    names: { '#to': 'to' },
    named: { ':lead': ownerAt(owners, view.at) },
    returns: 'ALL_NEW',
  });
  return item && viewIn(item);
}

/** To come directly says where a person came from only where nothing is known before it. */
function asOf({ firstView }: Visitor, view: StoredView): View {
  if (view.source?.channel !== 'direct' || view.id === firstView) return view;
  const { source: _, ...rest } = view;
  return rest;
}

/** In one commit; what that cannot be is left to a fold, each by itself. A lead that is gone takes nothing. */
async function tell(leadId: string, acts: Happening[][], at: Instant): Promise<void> {
  const result = await applyActs({ leadId }, acts, { at, tries: TRIES, patient: true });
  if (result.kind !== 'undecided') return;
  for (const happenings of acts) await act({ leadId }, happenings, { at });
}
