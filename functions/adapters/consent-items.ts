/** Items about what a person agreed to, and what is left of one who is forgotten. Their places stand in table.ts. */
import type { Stage } from '../definition/scoring.ts';
import type { Instant } from '../lead/event.ts';
import type { Lead } from '../lead/lead.ts';
import { dueOf, emailKey, type Item, type Key, leadPk, profileKey, sha256, ttlAt } from './table.ts';

/** A consent that waits: since when (`at`), and when it was last asked for. */
export interface Ask {
  purpose: string;
  at: Instant;
  last: Instant;
  reminded?: true;
}

export const ASK = 'ASK#';
export const askKey = (leadId: string, purpose: string): Key => ({ pk: leadPk(leadId), sk: `${ASK}${purpose}` });
export const askItem = (leadId: string, ask: Ask, dueAt: Instant): Item => ({
  ...askKey(leadId, ask.purpose),
  ...dueOf(leadId, dueAt),
  body: ask,
});

/** Where an act of consent came from: beside the record, and short-lived. */
export interface Evidence {
  ip?: string;
  userAgent?: string;
}

export const EVIDENCE = 'EVID#';
const EVIDENCE_DAYS = 90;
/** @param key of the event that the consent came with. */
export const evidenceKey = (leadId: string, key: string): Key => ({
  pk: leadPk(leadId),
  sk: `${EVIDENCE}${sha256(key)}`,
});
export const evidenceItem = (leadId: string, key: string, evidence: Evidence, at: Instant): Item => ({
  ...evidenceKey(leadId, key),
  ttl: ttlAt(at, EVIDENCE_DAYS),
  body: { key, at, ...evidence },
});

/** What outlives the lead of an address: nobody is mailed again because he was forgotten. */
export type Outlives = Pick<Lead, 'suppressed' | 'stopped'>;
export const outlivesItem = (address: string, outlives: Outlives): Item => ({ ...emailKey(address), body: outlives });

/** What stands for an erased lead. */
export interface Tombstone {
  id: string;
  version: number;
  erased: Instant;
  /** For any other address of the person, should it come again. */
  left?: Outlives;
}

/** As long as links in mails to sales work, and events of SES may come. */
const TOMBSTONE_DAYS = 400;
/** In the place of the profile: enough to write nothing more to it. */
export const tombstoneItem = (lead: Tombstone): Item => ({
  ...profileKey(lead.id),
  ttl: ttlAt(lead.erased, TOMBSTONE_DAYS),
  body: lead,
});

export const ERASING = 'ERASING';
export const erasingKey = (leadId: string): Key => ({ pk: leadPk(leadId), sk: ERASING });
/** Due until all else of the lead is gone. */
export const erasingItem = (leadId: string, dueAt: Instant): Item => ({
  ...erasingKey(leadId),
  ...dueOf(leadId, dueAt),
  body: { leadId },
});

export const erasedCountKey = (at: Instant, stage: Stage): Key => ({ pk: 'ERASED', sk: `${at.slice(0, 7)}#${stage}` });
