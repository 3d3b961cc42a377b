/**
 * The table: every key and every item is built here, but those of consent and erasure (consent-items.ts), of definitions
 * (definition-items.ts) and of acts on mails (traffic-items.ts). `body` holds the thing itself, of a large one with much of it
 * in `rest` (packed.ts). What stands beside it serves an index (`due`: duePk, dueAt · `list`: listPk, listSk; both keys only)
 * or the expiry (`ttl`, seconds since the epoch).
 *
 * | access                                         | pk                 | sk                              | index           |
 * | ---------------------------------------------- | ------------------ | ------------------------------- | --------------- |
 * | a lead                                         | LEAD#<lead>        | PROFILE                         |                 |
 * | has this event happened to it; its log         | LEAD#<lead>        | EVT#<sha-256 of the key>        |                 |
 * | events stored but not yet judged               | LEAD#<lead>        | PEND#<sha-256 of the first key> | due             |
 * | what is known of acts on a mail, for 30 days   | LEAD#<lead>        | TRAFFIC#<message id>            |                 |
 * | has this rule gained for this mail or asset    | LEAD#<lead>        | ONCE#<rule>#<value>             |                 |
 * | its enrolments · sends · handoffs              | LEAD#<lead>        | ENR#<id> · SEND#<id> · HND#<id> |                 |
 * | consents that wait to be confirmed             | LEAD#<lead>        | ASK#<purpose>                   | due             |
 * | where a consent came from, for 90 days         | LEAD#<lead>        | EVID#<sha-256 of the key>       |                 |
 * | when it was mailed lately, for caps and sunset | LEAD#<lead>        | MAILED                          |                 |
 * | has this post been sent before                 | LEAD#<lead>        | SUBMIT#<hash>                   |                 |
 * | the lead of an address, or what outlives it    | EMAIL#<hash>       | LEAD                            |                 |
 * | what is still to be erased of a lead           | LEAD#<lead>        | ERASING                         | due             |
 * | how many were erased                           | ERASED             | <month>#<stage>                 |                 |
 * | a visitor: whose · its views, later moved      | VISITOR#<hash>     | PROFILE · VIEW#<id>             | due             |
 * | messages to publish, those left by now (sweep) | OUT#<0-3>          | <at>#<id>                       |                 |
 * | the published definition                       | DEF                | CURRENT                         |                 |
 * | every workflow that was ever published         | DEF                | WORKFLOWS                       |                 |
 * | what was published, mended, paused, and when   | DEF                | PUBLICATION#<n>                 |                 |
 * | the version to which leads are being moved     | DEF                | MOVING                          | due             |
 * | a definition's manifest · a part of it         | DEF#<hash>         | MANIFEST · PART#<name>[#<n>]    |                 |
 * | which of its mails were mended                 | DEF#<hash>         | MENDED                          |                 |
 * | mails handed to SES in this second             | PACE#<second>      | COUNT                           |                 |
 * | on whose mails an address and agent were seen  | CROWD#<hash>#<hour>| CROWD                           |                 |
 * | mails that arrived, were opened, were clicked  | RATES#<day>        | <email>#<0-7>                   |                 |
 * | whose turn it is                               | TURN#<handoff>     | RULE#<index>                    |                 |
 * | bounces and complaints that count, by hour     | BRAKE#<since>      | <hour> · BEGAN                  |                 |
 * | a lead that is going over into another one      | LEAD#<id>          | MERGING                         | due DUE#<0-3>   |
 * | events of mails that nobody knows, by day      | ASIDE#<day>        | <id>                            |                 |
 * | what is due by now (sweep)                     |                    |                                 | due DUE#<0-3>   |
 * | leads by stage, newest first                   |                    |                                 | list LEADS#<stage>#<0-3>, <createdAt>#<id> |
 * | handoffs by status, newest first               |                    |                                 | list HANDOFFS#<status>#<0-3>, <openedAt>#<id> |
 * | active, paused enrolments; how many at a step  |                    |                                 | list WORKFLOW#, PAUSED#<workflow>#<0-3>, <definition>#<step>#<id> |
 */
import { createHash } from 'node:crypto';
import type { Stage } from '../definition/scoring.ts';
import { emailHash } from '../lead/email-address.ts';
import type { Happening, Instant, LeadEvent } from '../lead/event.ts';
import type { Enrolment, Handoff, Lead, Send } from '../lead/lead.ts';
import type { Mailed } from '../lead/mailed.ts';
import type { Envelope } from '../lead/message.ts';
import type { MailRef } from '../lead/traffic.ts';
import { packed } from './packed.ts';

export interface Key {
  pk: string;
  sk: string;
}

export type Item = Key & {
  duePk?: string;
  dueAt?: Instant;
  listPk?: string;
  listSk?: string;
  ttl?: number;
  body: object;
  /** Most of a large body, as one text (packed.ts). */
  rest?: string;
};

export const INDEX = { due: 'due', list: 'list' } as const;
export const SHARDS = [0, 1, 2, 3] as const;

/** What conditions and updates name of the bodies that are packed: it is asked and changed without reading the rest. */
export const OPEN = {
  lead: ['version', 'mergedInto', 'erased', 'suppressed', 'stopped', 'enrolments', 'updatedAt'],
  event: ['superseded'],
  enrolment: ['status', 'run', 'step', 'wait', 'reason', 'endedAt'],
  send: ['status', 'attempt', 'messageId', 'why', 'at', 'deliveredAt'],
} as const;

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Spreads ids evenly: their last character is random. */
const shardOf = (id: string): number => (id.codePointAt(id.length - 1) ?? 0) % SHARDS.length;

export const duePk = (shard: number): string => `DUE#${shard}`;
export const dueOf = (id: string, dueAt: Instant | undefined) => (dueAt ? { duePk: duePk(shardOf(id)), dueAt } : {});

/** The instant `ms` after `at`. */
export const later = (at: Instant, ms: number): Instant => new Date(Date.parse(at) + ms).toISOString();
export const ttlAt = (at: Instant, days: number): number => Math.floor(Date.parse(at) / 1000) + days * 86_400;

// Leads.

export const leadPk = (leadId: string): string => `LEAD#${leadId}`;
/** The lead in whose partition an item stands. */
export const leadIdOfPk = (pk: string): string => pk.slice(leadPk('').length);
export const profileKey = (leadId: string): Key => ({ pk: leadPk(leadId), sk: 'PROFILE' });
export const leadsPk = (stage: Stage, shard: number): string => `LEADS#${stage}#${shard}`;

/** One that was merged into another is in no list, and nothing of it falls due. */
export const profileItem = (lead: Lead): Item => ({
  ...profileKey(lead.id),
  ...(lead.mergedInto === undefined && {
    ...dueOf(lead.id, lead.dueAt),
    listPk: leadsPk(lead.stage, shardOf(lead.id)),
    listSk: `${lead.createdAt}#${lead.id}`,
  }),
  ...packed(lead, OPEN.lead),
});

export const MERGING = 'MERGING';
/** Due until all that belongs to a merged lead has gone over. */
export const mergingItem = (leadId: string, dueAt: Instant): Item => ({
  pk: leadPk(leadId),
  sk: MERGING,
  ...dueOf(leadId, dueAt),
  body: { leadId },
});

/** @param address the `key` of an address; only its hash stands in the table's key. */
export const emailKey = (address: string): Key => ({ pk: `EMAIL#${emailHash(address)}`, sk: 'LEAD' });
export const emailItem = (address: string, leadId: string): Item => ({ ...emailKey(address), body: { leadId } });

// Events.

export const EVENT = 'EVT#';
/** @param key the happening's idempotency key. */
export const eventKey = (leadId: string, key: string): Key => ({ pk: leadPk(leadId), sk: `${EVENT}${sha256(key)}` });
/** An event and those that it entailed, in one item: they came together, and none of them comes alone. */
export type StoredEvent = LeadEvent & { entailed?: LeadEvent[] };
export const eventItem = (event: StoredEvent): Item => ({
  ...eventKey(event.leadId, event.key),
  ...packed(event, OPEN.event),
});

/** Happenings of one act that could not be judged when they were stored. */
export interface Pending {
  happenings: Happening[];
  at: Instant;
  why: string;
  tries: number;
  /** A click that is judged then, by what is known of its mail (adapters/traffic.ts) by then. */
  held?: Held;
}
export interface Held {
  mail: MailRef;
  act: string;
  until: Instant;
}
export const PENDING = 'PEND#';
export const pendingKey = (leadId: string, firstKey: string): Key => ({
  pk: leadPk(leadId),
  sk: `${PENDING}${sha256(firstKey)}`,
});
export const pendingItem = (leadId: string, pending: Pending, dueAt: Instant): Item => ({
  ...pendingKey(leadId, pending.happenings[0]?.key ?? ''),
  ...dueOf(leadId, dueAt),
  ...packed(pending),
});

/** @param marker `<rule>#<value>`, as the decision names it. */
export const onceKey = (leadId: string, marker: string): Key => ({
  pk: leadPk(leadId),
  // A sort key holds 1,024 bytes, and a value may come from outside.
  sk: `ONCE#${marker.length > 200 ? sha256(marker) : marker}`,
});
export const onceItem = (leadId: string, marker: string, at: Instant): Item => ({
  ...onceKey(leadId, marker),
  body: { at },
});

export const submitKey = (leadId: string, hash: string): Key => ({ pk: leadPk(leadId), sk: `SUBMIT#${hash}` });
export const submitItem = (leadId: string, hash: string, submissionId: string, at: Instant): Item => ({
  ...submitKey(leadId, hash),
  ttl: ttlAt(at, 30),
  body: { submissionId, at },
});

// Enrolments, sends, handoffs.

export const ENROLMENT = 'ENR#';
export const SEND = 'SEND#';
export const HANDOFF = 'HND#';
export const enrolmentKey = (leadId: string, id: string): Key => ({ pk: leadPk(leadId), sk: `${ENROLMENT}${id}` });
export const sendKey = (leadId: string, id: string): Key => ({ pk: leadPk(leadId), sk: `${SEND}${id}` });
export const handoffKey = (leadId: string, id: string): Key => ({ pk: leadPk(leadId), sk: `${HANDOFF}${id}` });

/** A machine that is this late is looked at: SES, Lambda and retries of a step are done well before. */
export const ENROLMENT_GRACE_MS = 10 * 60_000;

export const workflowPk = (workflow: string, shard: number): string => `WORKFLOW#${workflow}#${shard}`;
export const pausedPk = (workflow: string, shard: number): string => `PAUSED#${workflow}#${shard}`;

/**
 * Listed until it ends, a paused one apart; due when an active one should have moved on, and when a held one is looked at
 * again.
 */
export function enrolmentItem(enrolment: Enrolment): Item {
  const { id, leadId, status, workflow, definition, step, dueAt } = enrolment;
  const key = enrolmentKey(leadId, id);
  const body = packed(enrolment, OPEN.enrolment);
  if (status === 'ended') return { ...key, ...body };
  const due = { active: later(dueAt, ENROLMENT_GRACE_MS), held: dueAt, paused: undefined };
  return {
    ...key,
    ...dueOf(id, due[status]),
    listPk: (status === 'paused' ? pausedPk : workflowPk)(workflow, shardOf(id)),
    listSk: `${definition}#${step ?? ''}#${id}`,
    ...body,
  };
}

/** @param until when a held send is looked at again; none for all others. */
export const sendItem = (send: Send, until?: Instant): Item => ({
  ...sendKey(send.leadId, send.id),
  ...dueOf(send.id, until),
  ...packed(send, OPEN.send),
});

export const mailedKey = (leadId: string): Key => ({ pk: leadPk(leadId), sk: 'MAILED' });
export const mailedItem = (leadId: string, mailed: Mailed): Item => ({ ...mailedKey(leadId), body: mailed });

export const handoffsPk = (status: Handoff['status'], shard: number): string => `HANDOFFS#${status}#${shard}`;
/** Where a handoff is listed under a status; its place there (`listSk`) never changes. */
export const handoffListPk = (id: string, status: Handoff['status']): string => handoffsPk(status, shardOf(id));
export const handoffItem = (handoff: Handoff): Item => ({
  ...handoffKey(handoff.leadId, handoff.id),
  listPk: handoffListPk(handoff.id, handoff.status),
  listSk: `${handoff.openedAt}#${handoff.id}`,
  body: handoff,
});

// Messages.

/** The messages of one commit, deleted once published. */
export interface Outbox {
  id: string;
  /** When they were committed. */
  at: Instant;
  messages: Envelope[];
}
export const OUTBOX = 'OUT#';
export const outboxPk = (shard: number): string => `${OUTBOX}${shard}`;
/** In the order of their commits, so that no index has to find those that were left. */
export const outboxKey = ({ id, at }: Pick<Outbox, 'id' | 'at'>): Key => ({
  pk: outboxPk(shardOf(id)),
  sk: `${at}#${id}`,
});
/** When it was committed. @param sk of its key. */
export const outboxAt = (sk: string): Instant => sk.slice(0, sk.indexOf('#'));
/** Its own commit publishes at once; the sweeper what is left after this. */
export const OUTBOX_GRACE_MS = 30_000;
export const outboxItem = (outbox: Outbox): Item => ({ ...outboxKey(outbox), ...packed(outbox) });

// Visitors: kept 90 days after the last view.

export const VISITOR = 'VISITOR#';
const VISITOR_DAYS = 90;
export const VIEW = 'VIEW#';
export const visitorPk = (visitor: string): string => `${VISITOR}${visitor}`;
export const visitorOfPk = (pk: string): string => pk.slice(VISITOR.length);
export const visitorKey = (visitor: string): Key => ({ pk: visitorPk(visitor), sk: 'PROFILE' });
export const visitorTtl = (at: Instant): number => ttlAt(at, VISITOR_DAYS);
export const viewKey = (visitor: string, id: string): Key => ({ pk: visitorPk(visitor), sk: `${VIEW}${id}` });
/** What makes a view due. */
export const viewDue = (visitor: string, dueAt: Instant) => dueOf(visitor, dueAt);
export const viewItem = (visitor: string, view: { id: string }, at: Instant): Item => ({
  ...viewKey(visitor, view.id),
  ttl: visitorTtl(at),
  body: view,
});

// Counters, and what is set aside.

/** @param second whole seconds since the epoch. */
export const paceKey = (second: number): Key => ({ pk: `PACE#${second}`, sk: 'COUNT' });
export const turnKey = (handoff: string, rule: number): Key => ({ pk: `TURN#${handoff}`, sk: `RULE#${rule}` });
/** @param since when the brake was released last; empty: never. @param hour `2027-03-01T02`, in UTC. */
export const brakeKey = (since: string, hour: string): Key => ({ pk: `BRAKE#${since}`, sk: hour });
/** What came and fits nothing, kept 30 days for whoever looks into it. */
export const asideItem = (id: string, at: Instant, body: object): Item => ({
  pk: `ASIDE#${at.slice(0, 10)}`,
  sk: id,
  ttl: ttlAt(at, 30),
  body,
});
