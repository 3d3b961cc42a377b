/**
 * Handing one mail to SES. One attempt per call: SES has no idempotency token, and the retries of the SDK would
 * mail twice after a time-out. What an answer means for the send is said by its outcome.
 */
import { GetAccountCommand, SESv2Client, SendEmailCommand, type SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import type { Instant } from '../lead/event.ts';
import { mailbox, oneLine, tagValue } from '../lead/mail-header.ts';
import { lean } from './lean.ts';

export interface Mail {
  from: { name: string; address: string };
  to: string;
  replyTo?: string;
  subject: string;
  html: string;
  text: string;
  /** List-Unsubscribe and the like. */
  headers?: Record<string, string>;
  /** They come back in every SES event about this mail. */
  tags: Record<string, string>;
  configurationSet: string;
}

export type MailOutcome =
  | { kind: 'accepted'; messageId: string }
  /** Over the account's rate, or SES was never reached: nothing was mailed, soon is fine. */
  | { kind: 'throttled'; why: string }
  /** The account's daily quota is used up: nothing was mailed. */
  | { kind: 'quota'; why: string }
  /** The account or the sender is not in order: nothing was mailed, and nothing will be until somebody acts. */
  | { kind: 'parked'; why: string }
  /** This mail will never be taken. */
  | { kind: 'refused'; why: string }
  /** Mailed or not: nobody knows before the SES event with our tag comes. */
  | { kind: 'unknown'; why: string };

export const ses = lean(
  new SESv2Client({
    cacheMiddleware: true,
    maxAttempts: 1,
    // The SDK only warns of a slow request unless it is told to throw.
    requestHandler: { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true },
  }),
  'ses',
);

/** Hands one mail to SES. Never throws for what SES or the network does. */
export async function sendMail(mail: Mail): Promise<MailOutcome> {
  try {
    const { MessageId } = await ses.send(new SendEmailCommand(request(mail)));
    return MessageId ? { kind: 'accepted', messageId: MessageId } : { kind: 'unknown', why: 'SES gave no message id' };
  } catch (error) {
    return outcomeOf(error);
  }
}

function request(mail: Mail): SendEmailCommandInput {
  const part = (Data: string) => ({ Data, Charset: 'UTF-8' });
  return {
    FromEmailAddress: mailbox(mail.from.name, mail.from.address),
    Destination: { ToAddresses: [mailbox('', mail.to)] },
    ...(mail.replyTo ? { ReplyToAddresses: [mailbox('', mail.replyTo)] } : {}),
    ConfigurationSetName: mail.configurationSet,
    EmailTags: Object.entries(mail.tags).map(([Name, value]) => ({ Name, Value: tagValue(value) })),
    Content: {
      Simple: {
        Subject: part(oneLine(mail.subject)),
        Body: { Html: part(mail.html.toWellFormed()), Text: part(mail.text.toWellFormed()) },
        Headers: Object.entries(mail.headers ?? {}).map(([Name, value]) => ({ Name, Value: oneLine(value) })),
      },
    },
  };
}

// The request never left this machine.
const UNREACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);
const NO_CONNECTION = /socket did not establish a connection/;
const THROTTLED = new Set(['TooManyRequestsException', 'ThrottlingException', 'Throttling']);
const PARKED = new Set([
  'SendingPausedException',
  'AccountSuspendedException',
  'MailFromDomainNotVerifiedException',
  'NotFoundException',
]);

/**
 * What an error of SES or of the network says about the mail. The names are those of the SES v2 model; the throttle
 * of v2 is a 429 `TooManyRequestsException` although the guide says `ThrottlingException`.
 */
export function outcomeOf(error: unknown): MailOutcome {
  const { name, message, status, code } = partsOf(error);
  const why = `${name}: ${withoutAddresses(message)}`.slice(0, 300);
  if (UNREACHED.has(code) || NO_CONNECTION.test(message)) return { kind: 'throttled', why };
  if (name === 'LimitExceededException' || (THROTTLED.has(name) && /daily/i.test(message)))
    return { kind: 'quota', why };
  if (THROTTLED.has(name) || status === 429) return { kind: 'throttled', why };
  // An unverified sender comes as MessageRejected too, but is nothing that this mail could help.
  if (PARKED.has(name) || (name === 'MessageRejected' && /not verified/i.test(message))) return { kind: 'parked', why };
  if (name === 'MessageRejected' || name === 'BadRequestException') return { kind: 'refused', why };
  // Any other 4xx (a missing permission, expired credentials) was refused before mailing and is for an operator to mend.
  if (status >= 400 && status < 500) return { kind: 'parked', why };
  if (name === 'CredentialsProviderError') return { kind: 'parked', why };
  return { kind: 'unknown', why };
}

// SES names the address that it does not like; ours goes into logs.
const withoutAddresses = (text: string): string => text.replace(/[^\s<>]+@[^\s<>]+/g, '[address]');

function partsOf(error: unknown): { name: string; message: string; status: number; code: string } {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), status: 0, code: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const metadata = '$metadata' in error && error.$metadata ? error.$metadata : {};
  const status =
    typeof metadata === 'object' && 'httpStatusCode' in metadata && typeof metadata.httpStatusCode === 'number'
      ? metadata.httpStatusCode
      : 0;
  return { name: error.name, message: error.message, status, code };
}

// A new account sends one mail a second: the floor when SES will not say.
const FLOOR = 1;
const RATE_FOR_MS = 5 * 60_000;
let rate: { perSecond: number; until: number } | undefined;
let asking: Promise<number> | undefined;

/**
 * How many mails a second the account may send, read from SES and kept for five minutes: GetAccount shares one
 * request a second with all other control calls of the account.
 */
export async function accountRate(now: Instant): Promise<number> {
  const at = Date.parse(now);
  if (rate && at < rate.until) return rate.perSecond;
  asking ??= askRate(at).finally(() => {
    asking = undefined;
  });
  return asking;
}

async function askRate(at: number): Promise<number> {
  try {
    const { SendQuota } = await ses.send(new GetAccountCommand({}));
    rate = { perSecond: Math.max(FLOOR, SendQuota?.MaxSendRate ?? FLOOR), until: at + RATE_FOR_MS };
  } catch {
    // The old figure is better than none; asked again in half a minute.
    rate = { perSecond: rate?.perSecond ?? FLOOR, until: at + 30_000 };
  }
  return rate.perSecond;
}

/** Forgets the account's rate; for tests. */
export function forgetRate(): void {
  rate = undefined;
}
