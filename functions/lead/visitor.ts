/** Whose page views a browser's are, and what a post tells about the browser and the address that it came with. */
import { createHash } from 'node:crypto';
import type { Act, Draft } from './draft.ts';
import type { Instant } from './event.ts';

/** 128 bits made by the browser, as hex. */
const VISITOR_ID = /^[0-9a-f]{32}$/;

/** What is kept of a visitor's id: whoever reads the table cannot speak as that browser. Undefined for what is no id. */
export const visitorHash = (id: string): string | undefined =>
  VISITOR_ID.test(id) ? createHash('sha256').update(id).digest('hex') : undefined;

/** A lead that sent a form from this browser, and when. */
export interface Owner {
  leadId: string;
  from: Instant;
}

/** Stands for an owner who was forgotten: what is told of that time goes nowhere. */
export const NOBODY = '';

/** More people than that do not take turns at one browser without new ids. */
const MOST_OWNERS = 50;

/**
 * The owners with one more, by the time of their claims. A claim that is told again, or that renews the one before it,
 * changes nothing (the same list is returned).
 */
export const withOwner = (owners: readonly Owner[], owner: Owner): readonly Owner[] => {
  const before = owners.findLast(({ from }) => from <= owner.from);
  if (before?.leadId === owner.leadId) return owners;
  if (owners.some(({ from, leadId }) => from === owner.from && leadId === owner.leadId)) return owners;
  return [...owners, owner].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0)).slice(-MOST_OWNERS);
};

/**
 * Whose a view of that instant is: the first claim takes what came before it, each later one only what comes after, so
 * that nobody's views become another's.
 */
export const ownerAt = (owners: readonly Owner[], at: Instant): string | undefined =>
  (owners.findLast(({ from }) => from <= at) ?? owners[0])?.leadId;

/** A form was sent: the browser's page views are this lead's from now on. */
export const claimVisitors = (draft: Draft, act: Act): Draft => {
  const messages = act.events.flatMap(({ leadId, visitor, at }) =>
    visitor === undefined ? [] : [{ type: 'visitor.claimed', leadId, visitor, from: at } as const],
  );
  return messages.length === 0 ? draft : { ...draft, messages: [...draft.messages, ...messages] };
};

/** A form gave an address that is new here, or one that no mail reached before: what its domain says is looked up. */
export const lookUpAddress = (draft: Draft, act: Act): Draft => {
  const { before, events } = act;
  const isOpen = before.version === 0 || before.emailStatus === 'undeliverable';
  const given = events.find(({ type, actor }) => type === 'form.submitted' && actor === 'human');
  if (!isOpen || !given || draft.lead.suppressed) return draft;
  return { ...draft, messages: [...draft.messages, { type: 'address.given', leadId: draft.lead.id }] };
};
