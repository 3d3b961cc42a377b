/** Handing over a mail that was asked for, once, and settling it: for mails that no machine waits for. */
import { log } from '../http/log.ts';
import type { Instant } from '../lead/event.ts';
import type { Send } from '../lead/lead.ts';
import { type Mail, type MailOutcome, sendMail } from './mail.ts';
import { takeSlot } from './pace.ts';
import { claimSend } from './sends.ts';
import { forgetDue, settleSend } from './settle.ts';
import { later } from './table.ts';

/**
 * Sends one mail to a lead, at most once.
 * @param send a new claim, as `claimed` makes it.
 * @param by who comes back to what SES does not take now: the sweeper, which asks again by the send's `asked`, or the caller.
 * @returns when to ask again; undefined when it is done with.
 */
export async function sendAsked(
  send: Send,
  mail: Mail,
  at: Instant,
  by: 'sweeper' | 'caller' = 'sweeper',
): Promise<Instant | undefined> {
  const guards = { lead: 'transactional', ...(by === 'sweeper' && { swept: true as const }) } as const;
  const claim = await claimSend({ ...send, subject: mail.subject }, guards, at);
  switch (claim.kind) {
    case 'settled':
      await forgetDue(send.leadId, send.id);
      return undefined;
    case 'busy':
      // Another attempt is at it; if it dies, somebody comes when its lease has run out.
      return claim.until;
    case 'barred':
      return undefined;
    case 'claimed': {
      const { status, until } = await handOver(send, mail, at);
      if (status) await settleSend(status, by === 'sweeper' ? until : undefined);
      return until;
    }
  }
}

interface HandedOver {
  /** How it is settled. None: the claim stays and is due when its lease has run out; by then the event of SES has told, or nobody knows. */
  status?: Send;
  until?: Instant;
}

async function handOver(send: Send, mail: Mail, at: Instant): Promise<HandedOver> {
  const noSlot = await takeSlot('urgent', at);
  if (noSlot) return { status: { ...send, status: 'held', why: 'no sending slot' }, until: noSlot };
  const outcome = await sendMail(mail);
  const facts = { leadId: send.leadId, sendId: send.id, outcome: outcome.kind };
  if (outcome.kind === 'accepted') log.info('delivered', facts);
  else log[isOperatorsTurn(outcome) ? 'error' : 'warn']('not delivered', { ...facts, why: outcome.why });
  return settled(send, outcome, at);
}

/** Nothing goes out until somebody acts: the line is an error, and an alarm reads it. */
const isOperatorsTurn = ({ kind }: MailOutcome): boolean => kind === 'quota' || kind === 'parked';

const SOON_MS = 10_000;
const LATER_MS = 15 * 60_000;

function settled(send: Send, outcome: MailOutcome, at: Instant): HandedOver {
  switch (outcome.kind) {
    case 'accepted':
      return { status: { ...send, status: 'sent', messageId: outcome.messageId } };
    case 'refused':
      return { status: { ...send, status: 'refused', why: outcome.why } };
    case 'throttled':
      return { status: { ...send, status: 'held', why: outcome.why }, until: later(at, SOON_MS) };
    case 'quota':
    case 'parked':
      return { status: { ...send, status: 'held', why: outcome.why }, until: later(at, LATER_MS) };
    case 'unknown':
      return { until: send.leaseUntil };
  }
}
