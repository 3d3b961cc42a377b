/**
 * What a bounce says of the address, by SES's types, sub-types and diagnostics ("Contents of event data that Amazon SES
 * publishes", bounce types; enhanced status codes: RFC 3463).
 */
import type { Happening } from './event.ts';

/**
 * `hard`: nothing will ever arrive. `soft`: not now. `blocked`: refused for what the mail is, which is not the recipient's
 * fault. `auto-reply`: no bounce at all, the mail has arrived and a machine has answered.
 */
export type BounceClass = 'hard' | 'soft' | 'blocked' | 'auto-reply';

/** The parts of SES's `bounce` that tell. A recipient's are there only where a delivery status notification (DSN) came. */
export interface Bounce {
  bounceType: string;
  bounceSubType?: string | null | undefined;
  bouncedRecipients?: Recipient[] | null | undefined;
}
interface Recipient {
  action?: string | null | undefined;
  status?: string | null | undefined;
  diagnosticCode?: string | null | undefined;
}

export interface BounceVerdict {
  bounce: BounceClass;
  /** SES's own word: the sub-type, or the type where there is none. */
  reason: string;
  /** The enhanced status code, such as 5.1.1. */
  status?: string;
  /** SES handed nothing over: the address stands on a suppression list, or failed SES's validation. */
  suppressed?: true;
  /** Whether SES counts it towards the account's bounce rate: hard, and handed over. */
  counts: boolean;
}

/** Refused for what the mail is: its size, its content, its attachments. */
const BLOCKED = new Set(['MessageTooLarge', 'ContentRejected', 'AttachmentRejected']);
/** Lists of one's own, and the validation before sending: SES says that these do not count. `Suppressed`, its global list, does. */
const OWN_LISTS = new Set(['OnAccountSuppressionList', 'OnTenantSuppressionList', 'EmailValidationSuppressed']);

/** Delivery time expired (RFC 3463, 3.5): SES has tried for hours, and nobody has ever answered. */
const EXPIRED = /(?<![\d.])4\.4\.7(?![\d.])/;
/** Mailbox full (RFC 3463, 3.3). */
const FULL = /(?<![\d.])[45]\.2\.2(?![\d.])/;
const STATUS = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])/;
const WORD = /^[A-Za-z]{1,64}$/;

const saidBy = (recipients: Recipient[]): string =>
  recipients.map(({ status, diagnosticCode }) => `${status ?? ''} ${diagnosticCode ?? ''}`).join(' ');

/**
 * SES tells an out-of-office reply as Transient/General, and does not count it as a bounce. What tells it from one: no DSN
 * came with it, so that nothing is said of any recipient but the address.
 */
const isAutoReply = (recipients: Recipient[]): boolean =>
  recipients.every(({ action, status, diagnosticCode }) => !action && !status && !diagnosticCode);

const classOf = (type: string, subType: string, recipients: Recipient[]): BounceClass => {
  if (BLOCKED.has(subType)) return 'blocked';
  if (type === 'Permanent') return 'hard';
  if (type !== 'Transient' || subType !== 'General') return 'soft';
  if (isAutoReply(recipients)) return 'auto-reply';
  const said = saidBy(recipients);
  return EXPIRED.test(said) && !FULL.test(said) ? 'hard' : 'soft';
};

/** Judges one bounce. Out: no address, and nothing of the diagnostics but the status code. */
export const bounceVerdict = ({ bounceType, bounceSubType, bouncedRecipients }: Bounce): BounceVerdict => {
  const recipients = bouncedRecipients ?? [];
  const named = [bounceSubType ?? '', bounceType].find((word) => WORD.test(word));
  const reason = named ?? 'Undetermined';
  const bounce = classOf(bounceType, reason, recipients);
  const byList = bounceType === 'Permanent' && (OWN_LISTS.has(reason) || reason === 'Suppressed');
  const status = STATUS.exec(saidBy(recipients))?.[0];
  return {
    bounce,
    reason,
    ...(status !== undefined && { status }),
    ...(byList && { suppressed: true }),
    counts: bounceType === 'Permanent' && bounce === 'hard' && !OWN_LISTS.has(reason),
  };
};

/** Feedback that is no complaint: the recipient says that the mail is no spam (RFC 5965, section 7.3, and its registry). */
export const isPraise = (feedbackType: string | null | undefined): boolean => feedbackType === 'not-spam';

/** Whether a complaint counts towards the account's complaint rate: not where SES handed nothing over. */
export const isOnList = (subType: string | null | undefined): boolean => /SuppressionList$/.test(subType ?? '');

const LISTS: Record<string, string> = {
  Suppressed: 'it stands on the suppression list of SES, for it has bounced before',
  OnAccountSuppressionList: 'it stands on the suppression list of the account, for it has bounced or complained before',
  OnTenantSuppressionList: 'it stands on the suppression list of the tenant, for it has bounced or complained before',
  EmailValidationSuppressed: 'the validation of SES does not believe in it',
};

const CLASSES: Record<string, string> = {
  hard: 'will never arrive: the address takes no mail',
  soft: 'did not arrive this time',
  blocked: 'was refused for what it holds, which is not the recipient’s fault',
  'auto-reply': 'has arrived, and was answered automatically',
};

/** A bounce or a complaint in a sentence for the timeline; undefined for any other event. */
export const stoppingWords = ({ type, data }: Pick<Happening, 'type' | 'data'>): string | undefined => {
  const name = data.email === undefined ? '' : ` ${data.email}`;
  const mail = `The mail${name}`;
  const reason = String(data.reason ?? '');
  if (type === 'email.complained') {
    if (data.by === 'import') return 'Complained, as an imported list says';
    if (data.suppressed) return `${mail} was not handed over by SES: the address has complained before (${reason})`;
    return `Complained about the mail${name}${reason ? ` (${reason})` : ''}`;
  }
  if (type === 'email.unsubscribed') return data.by === 'import' ? 'Unsubscribed, as an imported list says' : undefined;
  if (type !== 'email.bounced' && type !== 'email.auto-replied') return undefined;
  if (data.by === 'import') return 'Bounced, as an imported list says';
  const listed = data.suppressed ? LISTS[reason] : undefined;
  if (listed) return `${mail} was not handed over by SES: ${listed} (${reason})`;
  const why = [reason, data.status].filter(Boolean).join(', ');
  const said = CLASSES[String(data.bounce)] ?? 'bounced';
  return `${mail} ${said}${why ? ` (${why})` : ''}`;
};
