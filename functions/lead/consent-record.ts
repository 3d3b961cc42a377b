/** The record of a person's consents: one entry per act, as it can be shown to whoever asks, in writing. */
import type { ConsentAct, Instant, LeadEvent } from './event.ts';

export interface ConsentRecord {
  purpose: string;
  action: ConsentAct['action'];
  method: ConsentAct['method'];
  at: Instant;
  /** The address that it is about. */
  address: string;
  form?: string;
  conversion?: string;
  page?: string;
  language?: string;
  text?: string;
  textHash?: string;
  /** Of an import: where the consent was given, and what proves it. */
  source?: string;
  proof?: string;
  frequency?: ConsentAct['frequency'];
  doubleOptIn?: true;
  /** The version of the definition whose form showed it. */
  definition: string;
  /** The event that proves it. */
  event: string;
  ip?: string;
  userAgent?: string;
}

/** Where an act came from, by the key of its event: known for a while. */
export type Origins = ReadonlyMap<string, { ip?: string; userAgent?: string }>;

/**
 * Every act of consent in the log, oldest first, an act that a correction replaced left out. `address`: the lead's, by which
 * it gave those that came from no other lead.
 */
export const consentRecords = (
  address: string,
  log: readonly LeadEvent[],
  origins: Origins = new Map(),
): ConsentRecord[] =>
  log
    .filter(({ superseded }) => !superseded)
    .flatMap((event) =>
      (event.consent ?? []).map(({ asked: _, ...act }) => ({
        ...act,
        at: event.at,
        address: event.address ?? address,
        ...(typeof event.data.conversion === 'string' && { conversion: event.data.conversion }),
        ...(event.source?.page && { page: event.source.page }),
        definition: event.definition,
        event: event.id,
        ...origins.get(event.key),
      })),
    );
