/** Handing over a mail that was asked for, once, and settling it: for mails that no machine waits for. */
import { log } from '../http/log.ts';
import { ALARMING } from '../http/log-lines.ts';
import type { Instant } from '../lead/event.ts';
import { idCausedBy } from '../lead/id-time.ts';
import type { Send } from '../lead/lead.ts';
import { loadLiving, loadSend, sendsOf } from './leads.ts';
import { type Mail, type MailOutcome, sendMail } from './mail.ts';
import { takeSlot } from './pace.ts';
import { claimSend } from './sends.ts';
import { forgetDue, markUnknown, settleSend, skipHeld } from './settle.ts';
import { later } from './table.ts';

/** What a mail answers: the event that asked for it, and of a form's own mail the form. */
type Asked = NonNullable<Send['asked']>;

const answersTo = async ({ eventId, form }: Asked, leadId: string): Promise<Send[]> =>
  (await sendsOf(leadId)).filter(({ asked }) => asked?.eventId === eventId && asked.form === form);

/** Those that nobody comes back to stand first: where there is one, nothing goes out any more. */
const byOpen = (a: Send, b: Send): number => (OPEN[a.status] ?? 0) - (OPEN[b.status] ?? 0);
const OPEN: Partial<Record<Send['status'], number>> = { claimed: 1, held: 2 };

/**
 * The id of the send that answers what was asked for. It comes from the event alone, since a merge changes all else. Sends
 * that are older than this rule keep theirs, which came from when the lead was made: of some a merge has made two.
 * @param named the lead that asked; `leadId` is the one that it is now.
 * @returns undefined while the send goes over from the one to the other: it is asked for again from there.
 */
export async function answerId(asked: Asked, named: string, leadId: string, at: Instant): Promise<string | undefined> {
  // Looked at first: where it is not there any more, it is here already, and nobody can claim it there.
  if (named !== leadId && (await answersTo(asked, named)).length > 0) return undefined;
  const [known, ...more] = (await answersTo(asked, leadId)).sort(byOpen);
  for (const double of more) await drop(double, 'it was asked for once', at);
  return known?.id ?? idCausedBy('snd', asked.eventId, asked.form === undefined ? 'confirm' : 'deliver');
}

/** Why a suppressed lead gets nothing. */
export const NO_MAIL = 'the address takes no mail';

/**
 * What was asked for need not go any more. If it is held, nobody asks for it again.
 * @param leadIds where its send may stand: with the lead that asked, or with the one into which that was merged.
 */
export async function dropAsked(asked: Asked, leadIds: string[], why: string, at: Instant): Promise<void> {
  const found = await Promise.all([...new Set(leadIds)].map((leadId) => answersTo(asked, leadId)));
  await Promise.all(found.flat().map((send) => drop(send, why, at)));
}

async function drop(send: Send, why: string, at: Instant): Promise<void> {
  if (send.status === 'held') return skipHeld(send, why, at);
  if (send.status !== 'claimed') return forgetDue(send.leadId, send.id);
  // Until its lease has run out an attempt may be at it, and it stays due.
  if (send.leaseUntil <= at) await markUnknown(send);
}

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
      await dropIfSuppressed(send, at);
      return undefined;
    case 'claimed': {
      const { status, until } = await handOver(send, mail, at);
      if (status) await settleSend(status, by === 'sweeper' ? until : undefined);
      return until;
    }
  }
}

/** Suppressed between reading and claiming. Of a lead that was erased or merged meanwhile the send is gone, or goes over with it. */
async function dropIfSuppressed({ leadId, id }: Send, at: Instant): Promise<void> {
  const [lead, found] = await Promise.all([loadLiving(leadId), loadSend(leadId, id)]);
  if (lead?.suppressed && found) await drop(found, NO_MAIL, at);
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
  else log[isOperatorsTurn(outcome) ? 'error' : 'warn'](ALARMING.mailNotSent, { ...facts, why: outcome.why });
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
