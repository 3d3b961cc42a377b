/** A handoff as the API answers it. */
import type { Handoff } from '../lead/lead.ts';

export interface HandoffView {
  id: string;
  leadId: string;
  status: Handoff['status'];
  reason: string;
  handRaise: boolean;
  openedAt: string;
  assignee?: string;
  dueAt?: string;
  escalated?: true;
  noMarketingMail?: true;
  answer?: { answer: string; at: string; by: string; note?: string };
}

export function handoffView(handoff: Handoff): HandoffView {
  const { id, leadId, status, reason, handRaise, openedAt, assignee, dueAt, escalated, noMarketingMail } = handoff;
  const given = handoff.answer;
  return {
    id,
    leadId,
    status,
    reason,
    handRaise,
    openedAt,
    ...(assignee ? { assignee } : {}),
    ...(dueAt ? { dueAt } : {}),
    ...(escalated ? { escalated } : {}),
    ...(noMarketingMail ? { noMarketingMail } : {}),
    ...(given
      ? { answer: { answer: given.answer, at: given.at, by: given.by, ...(given.note ? { note: given.note } : {}) } }
      : {}),
  };
}
