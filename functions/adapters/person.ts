/** Everything that is stored about one person. */
import * as z from 'zod/mini';
import type { LeadEvent } from '../lead/event.ts';
import type { Enrolment, Handoff, Lead, Send } from '../lead/lead.ts';
import { EVIDENCE } from './consent-items.ts';
import { queryAll, values } from './dynamo.ts';
import { enrolmentsOf, handoffsOf, loadLead, pendingActs, readLog, sendsOf } from './leads.ts';
import { leadPk, type Pending } from './table.ts';

export interface Person {
  lead: Lead;
  events: LeadEvent[];
  sends: Send[];
  enrolments: Enrolment[];
  handoffs: Handoff[];
  /** Acts that are stored and not judged yet. */
  pending: Pending[];
  /** Where acts of consent came from, by the key of their event. */
  origins: Map<string, { ip?: string; userAgent?: string }>;
}

const evidence = z.object({
  body: z.object({ key: z.string(), ip: z.optional(z.string()), userAgent: z.optional(z.string()) }),
});

async function originsOf(leadId: string): Promise<Person['origins']> {
  const items = await queryAll({
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: values({ ':pk': leadPk(leadId), ':prefix': EVIDENCE }),
    ConsistentRead: true,
  });
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
  const [events, sends, enrolments, handoffs, pending, origins] = await Promise.all([
    readLog(id),
    sendsOf(id),
    enrolmentsOf(id),
    handoffsOf(id),
    pendingActs(id),
    originsOf(id),
  ]);
  return { lead, events, sends, enrolments, handoffs, pending, origins };
}
