/**
 * SES events in the exact shape that SES gives to EventBridge: the detail of an event, its name and its resources.
 * Source: "Examples of event data" and "Contents of event data" in the SES developer guide.
 */
import type { BusEntry, Parts } from '../part.ts';
import type { BotVerdict } from './bot.ts';
import type { EventType } from './configuration-sets.ts';
import type { Mail } from './mails.ts';
import { sesId } from './message-id.ts';
import type { BounceCause, Outcome } from './simulator.ts';

/** What a recipient's mail program did. */
export type Engagement = { ipAddress: string; userAgent: string; isBotEvent: BotVerdict } & (
  | { type: 'Open' }
  | { type: 'Click'; link: string; linkTags: Record<string, string[]> | null }
);

const detailTypes: Record<EventType, string> = {
  Send: 'Email Sent',
  Reject: 'Email Rejected',
  Bounce: 'Email Bounced',
  Complaint: 'Email Complaint Received',
  Delivery: 'Email Delivered',
  Open: 'Email Opened',
  Click: 'Email Clicked',
};

/** The event for the default bus. `at` is when it happened: ms of engine time. */
export function sesEvent(
  mail: Mail,
  happened: Outcome | Engagement,
  at: number,
  place: Pick<Parts, 'region' | 'account'>,
): BusEntry {
  const { type } = happened;
  const content = contentOf(mail, happened, at);
  return {
    source: 'aws.ses',
    detailType: detailTypes[type],
    detail: { eventType: type, mail: mailOf(mail, type, place), [type.toLowerCase()]: content },
    resources: [`arn:aws:ses:${place.region}:${place.account}:configuration-set/${mail.configurationSet}`],
    time: iso(at),
  };
}

const iso = (at: number): string => new Date(at).toISOString();

function contentOf(mail: Mail, happened: Outcome | Engagement, at: number): object {
  switch (happened.type) {
    case 'Send':
      return {};
    case 'Reject':
      return { reason: 'Bad content' };
    case 'Delivery':
      return delivery(mail, happened.recipients, at);
    case 'Bounce':
      return bounce(happened, at);
    case 'Complaint':
      return complaint(happened, at);
    case 'Open': {
      const { userAgent, ipAddress, isBotEvent } = happened;
      return { timestamp: iso(at), userAgent, ipAddress, isBotEvent };
    }
    case 'Click': {
      const { ipAddress, userAgent, link, linkTags, isBotEvent } = happened;
      return { timestamp: iso(at), ipAddress, userAgent, link, linkTags, isBotEvent };
    }
  }
}

function delivery(mail: Mail, recipients: string[], at: number): object {
  return {
    timestamp: iso(at),
    processingTimeMillis: at - mail.at,
    recipients,
    smtpResponse: '250 2.6.0 Message received',
    reportingMTA: 'a8-30.smtp-out.amazonses.com',
    remoteMtaIp: '127.0.0.1',
  };
}

/** SES's words for an address on the account's list, as it sends them; the simulator's differ in the list they name. */
const suppressedBy = (list: string): string =>
  `Amazon SES did not send the message to this address because it is on the suppression list for ${list}. ` +
  'For more information about removing addresses from the suppression list, see the Amazon SES Developer Guide at ' +
  'https://docs.aws.amazon.com/ses/latest/DeveloperGuide/sending-email-suppression-list.html';

/** What the receiving server, or SES for it, says: SES's types, an enhanced status code, and the words that came with it. */
interface Said {
  type?: 'Permanent' | 'Transient' | 'Undetermined';
  subType: string;
  status: string;
  diagnosticCode: string;
  mta?: string;
}

const MTA = 'dns; a27-30.smtp-out.amazonses.com';
const OWN = { status: '5.1.1', mta: 'dns; amazonses.com' };

const bounces: Record<Exclude<BounceCause, 'auto-reply'>, Said> = {
  'unknown-user': { subType: 'General', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
  'simulated-suppression': { ...OWN, subType: 'General', diagnosticCode: suppressedBy('Amazon SES') },
  suppressed: { ...OWN, subType: 'OnAccountSuppressionList', diagnosticCode: suppressedBy('your account') },
  'mailbox-full': {
    type: 'Transient',
    subType: 'MailboxFull',
    status: '5.2.2',
    diagnosticCode: 'smtp; 552 5.2.2 The email account that you tried to reach is over quota',
  },
  'no-answer': {
    type: 'Transient',
    subType: 'General',
    status: '4.4.1',
    diagnosticCode: 'smtp; 421 4.4.1 Unable to connect to remote host',
  },
  expired: {
    type: 'Transient',
    subType: 'General',
    status: '4.4.7',
    diagnosticCode:
      'smtp; 550 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.0 Unable to lookup DNS>',
  },
  'too-large': {
    type: 'Transient',
    subType: 'MessageTooLarge',
    status: '5.3.4',
    diagnosticCode: 'smtp; 552 5.3.4 Message size exceeds fixed limit',
  },
  'content-rejected': {
    type: 'Transient',
    subType: 'ContentRejected',
    status: '5.7.1',
    diagnosticCode: 'smtp; 550 5.7.1 Message content rejected',
  },
  'attachment-rejected': {
    type: 'Transient',
    subType: 'AttachmentRejected',
    status: '5.7.1',
    diagnosticCode:
      'smtp; 552 5.7.1 This message was blocked because its attachment presents a potential security issue',
  },
  undetermined: {
    type: 'Undetermined',
    subType: 'Undetermined',
    status: '5.0.0',
    diagnosticCode: 'smtp; 550 mail not accepted',
  },
};

/** An out-of-office reply comes without a delivery status notification: of the recipient nothing but the address is said. */
const autoReply = (recipients: string[], at: number): object => ({
  feedbackId: sesId(at),
  bounceType: 'Transient',
  bounceSubType: 'General',
  bouncedRecipients: recipients.map((emailAddress) => ({ emailAddress })),
  timestamp: iso(at),
});

function bounce({ recipients, cause }: Extract<Outcome, { type: 'Bounce' }>, at: number): object {
  if (cause === 'auto-reply') return autoReply(recipients, at);
  const { type = 'Permanent', subType, status, diagnosticCode, mta = MTA } = bounces[cause];
  return {
    feedbackId: sesId(at),
    bounceType: type,
    bounceSubType: subType,
    bouncedRecipients: recipients.map((emailAddress) => ({ emailAddress, action: 'failed', status, diagnosticCode })),
    timestamp: iso(at),
    reportingMTA: mta,
  };
}

function complaint({ recipients, cause }: Extract<Outcome, { type: 'Complaint' }>, at: number): object {
  const reported = cause === 'reported';
  return {
    feedbackId: sesId(at),
    complaintSubType: reported ? null : 'OnAccountSuppressionList',
    complainedRecipients: recipients.map((emailAddress) => ({ emailAddress })),
    timestamp: iso(at),
    ...(reported
      ? { userAgent: 'Amazon SES Mailbox Simulator', complaintFeedbackType: 'abuse', arrivalDate: iso(at) }
      : {}),
  };
}

/** Headers beyond 10 KB are cut off in events. */
const MAX_HEADERS = 10_240;

function mailOf(mail: Mail, type: EventType, { region, account }: Pick<Parts, 'region' | 'account'>): object {
  let size = 0;
  const headers = mail.headers.filter(({ name, value }) => {
    size += name.length + value.length;
    return size <= MAX_HEADERS;
  });
  // Opens and clicks come without the ARN, as observed on SES.
  const engaged = type === 'Open' || type === 'Click';
  return {
    timestamp: iso(mail.at),
    source: mail.from,
    ...(engaged ? {} : { sourceArn: `arn:aws:ses:${region}:${account}:identity/${domainOf(mail.from)}` }),
    sendingAccountId: account,
    messageId: mail.messageId,
    destination: mail.recipients,
    headersTruncated: headers.length < mail.headers.length,
    headers,
    commonHeaders: commonHeaders(mail),
    tags: tagsOf(mail, type),
  };
}

function commonHeaders(mail: Mail): object {
  const some = (name: string, values: string[]) => (values.length > 0 ? { [name]: values } : {});
  return {
    from: [mail.from],
    ...some('replyTo', mail.replyTo),
    ...some('to', mail.to),
    ...some('cc', mail.cc),
    messageId: mail.messageId,
    subject: mail.subject,
  };
}

/** SES's own tags, then those of the mail; each an array of one. */
function tagsOf(mail: Mail, type: EventType): Record<string, string[]> {
  const own: Record<string, string> = {
    'ses:source-tls-version': 'TLSv1.3',
    'ses:operation': 'SendEmail',
    'ses:configuration-set': mail.configurationSet ?? '',
    'ses:source-ip': '127.0.0.1',
    'ses:from-domain': domainOf(mail.from),
    'ses:caller-identity': 'local',
    ...(type === 'Delivery' ? { 'ses:outgoing-ip': '127.0.0.1' } : {}),
  };
  return Object.fromEntries(Object.entries({ ...own, ...mail.tags }).map(([name, value]) => [name, [value]]));
}

function domainOf(address: string): string {
  return /@([^@>\s]+)>?\s*$/.exec(address)?.[1] ?? '';
}
