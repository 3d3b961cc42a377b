/** What an act of consent leaves beside its event, in the same transaction. */
import { REMIND_AFTER_MS } from '../lead/asking.ts';
import { stillWaits } from '../lead/consent.ts';
import type { Decision } from '../lead/decision.ts';
import type { ConsentAct, Instant } from '../lead/event.ts';
import { askItem, type Evidence, evidenceItem } from './consent-items.ts';
import { later } from './table.ts';
import { ANY, put, type Write } from './writes.ts';

interface Consenting {
  key: string;
  consent?: ConsentAct[];
}

/** Where the consents among these came from: the network address and the program of whoever acted. */
export const evidenceWrites = (
  leadId: string,
  happenings: Consenting[],
  evidence: Evidence | undefined,
  at: Instant,
): Write[] =>
  evidence && (evidence.ip || evidence.userAgent)
    ? happenings
        .filter(({ consent }) => consent && consent.length > 0)
        .map(({ key }) => put(evidenceItem(leadId, key, evidence, at), { kind: 'stale' }, ANY))
    : [];

/** For each consent that this act asked for and that waits now: when to look whether somebody has confirmed. */
export function askWrites({ lead, events }: Decision, at: Instant): Write[] {
  const granted = events.flatMap(({ consent = [] }) => consent.filter(({ action }) => action === 'granted'));
  const asked = new Map(granted.map((act) => [act.purpose, act]));
  return [...asked.values()].flatMap(({ purpose, method }) => {
    const since = lead.consents[purpose]?.at;
    if (since === undefined || !stillWaits(lead.consents, { purpose, at: since })) return [];
    // Who was put in by an import or by hand was never mailed about it: there is nothing to remind of.
    const silent = method === 'import' || method === 'hand';
    const ask = { purpose, at: since, last: at, ...(silent && { reminded: true as const }) };
    return [put(askItem(lead.id, ask, later(at, REMIND_AFTER_MS)), { kind: 'stale' }, ANY)];
  });
}
