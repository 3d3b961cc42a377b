/** A person's data as it is handed out: all that is stored, without what only our machines need. */
import type { Settings } from '../definition/settings.ts';
import { type ConsentRecord, consentRecords, type Origins } from '../lead/consent-record.ts';
import type { LeadEvent } from '../lead/event.ts';
import type { Enrolment, Handoff, Lead, Send } from '../lead/lead.ts';
import type { MailAct } from '../lead/traffic.ts';

export interface Exported {
  exportedAt: string;
  /** Who holds the data. */
  controller: { name: string; postalAddress?: string; region?: string };
  lead: Omit<Lead, 'version' | 'publication' | 'waits' | 'dueAt'>;
  consents: ConsentRecord[];
  events: Omit<LeadEvent, 'leadId'>[];
  sends: Omit<Send, 'leadId' | 'attempt' | 'leaseUntil'>[];
  /** Clicks and opens of the last 30 days with the address and the agent that they came from. */
  mailActs: Omit<MailAct & { messageId: string }, 'id' | 'key'>[];
  enrolments: Omit<Enrolment, 'leadId' | 'wait'>[];
  handoffs: Omit<Handoff, 'leadId' | 'wait' | 'version'>[];
  /** Taken and not looked at yet. */
  pending: unknown[];
}

export interface ToExport {
  lead: Lead;
  events: LeadEvent[];
  sends: Send[];
  mailActs: (MailAct & { messageId: string })[];
  enrolments: Enrolment[];
  handoffs: Handoff[];
  pending: { at: string; happenings: unknown[] }[];
  origins: Origins;
}

const byStart = (a: { startedAt: string }, b: { startedAt: string }): number => (a.startedAt < b.startedAt ? -1 : 1);

export function exportView(person: ToExport, settings: Settings, region: string | undefined, now: string): Exported {
  const { lead, events, sends, mailActs, enrolments, handoffs, pending, origins } = person;
  const { version: _, publication: __, waits: ___, dueAt: ____, ...profile } = lead;
  return {
    exportedAt: now,
    controller: {
      name: settings.name,
      ...(settings.postalAddress && { postalAddress: settings.postalAddress }),
      ...(region && { region }),
    },
    lead: profile,
    consents: consentRecords(lead.email.asTyped, events, origins),
    events: events.map(({ leadId: _id, ...event }) => event),
    sends: sends
      .toSorted((a, b) => (a.at < b.at ? -1 : 1))
      .map(({ leadId: _id, attempt: _attempt, leaseUntil: _lease, ...send }) => send),
    mailActs: mailActs.map(({ id: _id, key: _key, ...act }) => act),
    enrolments: enrolments.toSorted(byStart).map(({ leadId: _id, wait: _wait, ...enrolment }) => enrolment),
    handoffs: handoffs
      .toSorted((a, b) => (a.openedAt < b.openedAt ? -1 : 1))
      .map(({ leadId: _id, wait: _wait, version: _version, ...handoff }) => handoff),
    pending: pending.map(({ at, happenings }) => ({ at, happenings })),
  };
}
