/** The mail by which a salesperson hears of a lead, through the same ledger as every other mail: never twice. */
import { env } from '../env.ts';
import { answerSubject, personKey } from '../lead/answer-link.ts';
import { briefMail } from '../lead/brief-mail.ts';
import type { Instant } from '../lead/event.ts';
import { type BriefOccasion, handoffBrief } from '../lead/handoff-brief.ts';
import { derivedId } from '../lead/id.ts';
import type { Handoff, Lead, Send } from '../lead/lead.ts';
import type { RenderedMail } from '../lead/render.ts';
import { retry } from '../lead/task-error.ts';
import { newAttempt } from './attempt.ts';
import { rules } from './definitions.ts';
import { loadSend, readLog } from './leads.ts';
import { sendMail } from './mail.ts';
import { takeSlot } from './pace.ts';
import { shownScore } from './scored-under.ts';
import { claimed, claimSend } from './sends.ts';
import { settleSend } from './settle.ts';
import { later } from './table.ts';
import { sign } from './tokens.ts';

export interface SalesMail {
  lead: Lead;
  handoff: Handoff;
  occasion: BriefOccasion;
  to: string;
  /** Tells this notification from the others of the handoff: the same one is never sent twice. */
  name: string;
}

export type SalesOutcome = 'sent' | 'refused' | 'unknown';

/**
 * Sends one notification, once.
 * @throws Retry while another attempt is at it, there is no slot, or SES does not take mail now.
 */
export async function notifyByMail(mail: SalesMail, now: Instant): Promise<SalesOutcome> {
  const { lead, handoff, to } = mail;
  const content = await contentOf(mail, now);
  const send = claimed(
    {
      id: sendIdOf(handoff, mail.name),
      leadId: lead.id,
      email: `handoff-${mail.occasion}`,
      language: 'en',
      definition: handoff.definition,
      attempt: newAttempt(),
      purpose: 'handoff',
    },
    now,
  );
  if (await takeSlot('urgent', now)) throw retry('no sending slot');
  const claim = await claimSend(send, { lead: 'sales' }, now);
  if (claim.kind === 'busy') throw retry('another attempt is sending');
  if (claim.kind === 'barred') throw retry('barred');
  if (claim.kind === 'settled') return settledAs(claim.send);
  return handOver(send, to, content, handoff);
}

const sendIdOf = (handoff: Handoff, name: string): string => derivedId('snd', handoff.openedAt, handoff.id, name);

/** Whether the notification of that name has gone out. */
export const wasMailed = async (leadId: string, handoff: Handoff, name: string): Promise<boolean> =>
  (await loadSend(leadId, sendIdOf(handoff, name)))?.status === 'sent';

const settledAs = ({ status }: Send): SalesOutcome => (status === 'sent' || status === 'refused' ? status : 'unknown');

async function handOver(send: Send, to: string, content: RenderedMail, handoff: Handoff): Promise<SalesOutcome> {
  const { settings } = await rules(handoff.definition);
  const outcome = await sendMail({
    from: settings.from,
    to,
    ...(settings.replyTo ? { replyTo: settings.replyTo } : {}),
    ...content,
    // RFC 3834: no autoresponder should answer an alert.
    headers: { 'Auto-Submitted': 'auto-generated' },
    tags: { purpose: 'handoff', lead_id: send.leadId, send_id: send.id, handoff_id: handoff.id },
    configurationSet: env('configurationSet'),
  });
  switch (outcome.kind) {
    case 'accepted':
      await settleSend({ ...send, status: 'sent', messageId: outcome.messageId });
      return 'sent';
    case 'refused':
      await settleSend({ ...send, status: 'refused', why: outcome.why });
      return 'refused';
    case 'unknown':
      // The claim stays: when its lease has run out, the send is shown as unknown and the machine goes on.
      throw retry(outcome.kind);
    default:
      await settleSend({ ...send, status: 'held', why: outcome.why });
      throw retry(outcome.kind);
  }
}

/** Links work as long as a lead may be won or lost by them. */
const LINK_MS = 400 * 86_400_000;

async function contentOf({ lead, handoff, occasion, to }: SalesMail, now: Instant): Promise<RenderedMail> {
  const [definition, events, score] = await Promise.all([
    rules(handoff.definition),
    readLog(lead.id),
    shownScore(lead, now),
  ]);
  const page = await answerPage(lead.id, handoff, to, now);
  const answers = Object.entries(definition.handoff.outcomes)
    .filter(([, outcome]) => outcome.after === undefined)
    .map(([answer]) => ({ answer, url: `${page}?answer=${encodeURIComponent(answer)}` }));
  const { grade, fit, engagement } = score;
  return briefMail(
    handoffBrief({ occasion, lead, handoff, now, rules: definition, grade, fit, engagement, events, answers, page }),
  );
}

async function answerPage(leadId: string, handoff: Handoff, to: string, now: Instant): Promise<string> {
  const subject = answerSubject({ leadId, handoffId: handoff.id, person: personKey(to) });
  const token = await sign({ purpose: 'answer', subject, expires: later(handoff.openedAt, LINK_MS) }, now);
  return `${env('publicUrl')}/handoffs/answer/${token}`;
}
