/** Everything that is stored about one person, but page views of the last minutes, which are not in the log yet. */
import * as z from 'zod/mini';
import type { LeadEvent } from '../lead/event.ts';
import type { Enrolment, Handoff, Lead, Send } from '../lead/lead.ts';
import { EVIDENCE } from './consent-items.ts';
import { beginningWith, enrolmentsOf, handoffsOf, loadLead, pendingActs, readLog, sendsOf } from './leads.ts';
import type { Pending } from './table.ts';
import { type ActOnMail, actsOnMails } from './traffic.ts';

export interface Person {
  lead: Lead;
  events: LeadEvent[];
  sends: Send[];
  enrolments: Enrolment[];
  handoffs: Handoff[];
  /** Clicks and opens with the address and agent that they came from, for 30 days. */
  mailActs: ActOnMail[];
  /** Acts that are stored and not judged yet. */
  pending: Pending[];
  /** Where acts of consent came from, by the key of their event. */
  origins: Map<string, { ip?: string; userAgent?: string }>;
}

const evidence = z.object({
  body: z.object({ key: z.string(), ip: z.optional(z.string()), userAgent: z.optional(z.string()) }),
});

async function originsOf(leadId: string): Promise<Person['origins']> {
  const items = await beginningWith(leadId, EVIDENCE);
  return new Map(
    items.map((item) => {
      const { key, ip, userAgent } = z.parse(evidence, item).body;
      return [key, { ...(ip && { ip }), ...(userAgent && { userAgent }) }];
    }),
  );
}

/** All of it, or undefined: there is no such lead, or it was erased. */
export async function loadPerson(leadId: string): Promise<Person | undefined> {
  const lead = await loadLead(leadId);
  if (!lead) return undefined;
  const { id } = lead;
  const [events, sends, enrolments, handoffs, mailActs, pending, origins] = await Promise.all([
    readLog(id),
    sendsOf(id),
    enrolmentsOf(id),
    handoffsOf(id),
    actsOnMails(id),
    pendingActs(id),
    originsOf(id),
  ]);
  return { lead, events, sends, enrolments, handoffs, mailActs, pending, origins };
}
