/** SES v2 and the inbox of this machine: mails are taken durably, never leave, and their events go to the default bus. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { AwsError, type PageHandler, type Parts, type RestService } from '../part.ts';
import type { Resource } from '../resource.ts';
import { inTransaction } from '../transaction.ts';
import { clickPath, createClicks, openPath } from './clicks.ts';
import { type ConfigurationSet, publishes, readConfigurationSets } from './configuration-sets.ts';
import { createFollowUps } from './follow-ups.ts';
import { createInbox } from './inbox.ts';
import { createMails, type Mail } from './mails.ts';
import { sesId } from './message-id.ts';
import type { Outgoing } from './outgoing.ts';
import { createQuota } from './quota.ts';
import { badRequest } from './refusal.ts';
import { readSendRequest } from './send-email.ts';
import { outcomesOf } from './simulator.ts';
import { createSuppression } from './suppression.ts';
import { trackHtml } from './tracking.ts';

export interface MailOptions {
  /** Recipients per second; 14, where production commonly starts. */
  maxSendRate?: number;
  /** Recipients in 24 hours; 50,000. */
  max24h?: number;
  /** The IANA time zone in which the inbox tells the time; UTC. */
  zone?: () => string;
  /** AWS::SES::ConfigurationSet */
  configurationSets: Resource[];
  /** AWS::SES::ConfigurationSetEventDestination */
  eventDestinations: Resource[];
}

export interface MailPart {
  service: RestService;
  pages: PageHandler;
  /** Tells the bus what an earlier run left untold. Call it once all parts are there. */
  resume(): void;
}

const DAY_MS = 86_400_000;
const Sending = z.object({ SendingEnabled: z.boolean().default(false) });

/** @throws Error that names the resource which cannot be understood. */
export function createMail(parts: Omit<Parts, 'lambda'>, options: MailOptions): MailPart {
  const { db, clock } = parts;
  const limits = { maxSendRate: options.maxSendRate ?? 14, max24h: options.max24h ?? 50_000 };
  const sets = readConfigurationSets(options.configurationSets, options.eventDestinations);
  const mails = createMails(db);
  const suppression = createSuppression(db, clock);
  const followUps = createFollowUps(parts, mails);
  const quota = createQuota(clock, limits, mails.since(clock.now() - DAY_MS));
  const account = createAccount(parts);

  async function sendEmail(body: Record<string, unknown>): Promise<unknown> {
    const outgoing = await readSendRequest(body);
    const set = findSet(sets, outgoing.configurationSet);
    if (!account.sendingEnabled()) throw paused('this account');
    if (set?.sendingEnabled === false) throw paused(`configuration set ${set.name}`);
    quota.check(outgoing.recipients);
    const mail = accept(outgoing, set);
    quota.count(outgoing.recipients);
    return { MessageId: mail.messageId };
  }

  /** The mail and all that follows from it, in one transaction. */
  function accept(outgoing: Outgoing, set: ConfigurationSet | undefined): Mail {
    const mail = compose(outgoing, set, clock.now(), parts.baseUrl);
    const reasons = set?.suppressedReasons ?? ['BOUNCE', 'COMPLAINT'];
    const suppressed = (address: string) => {
      const reason = suppression.reasonFor(address);
      return reason && reasons.includes(reason) ? reason : undefined;
    };
    const outcomes = outcomesOf(outgoing.recipients, suppressed, outgoing.infected);
    inTransaction(db, () => {
      mails.add(mail);
      for (const each of outcomes) {
        if (each.type === 'Bounce' && each.cause === 'unknown-user') suppression.learn(each.recipients, 'BOUNCE');
        if (each.type === 'Complaint' && each.cause === 'reported') suppression.learn(each.recipients, 'COMPLAINT');
      }
      followUps.add(
        mail.id,
        outcomes.filter(({ type }) => publishes(set, type)),
      );
    });
    return mail;
  }

  /** A recipient presses "this is spam". */
  function complain(mail: Mail): void {
    const set = sets.get(mail.configurationSet ?? '');
    inTransaction(db, () => {
      suppression.learn(mail.recipients, 'COMPLAINT');
      if (publishes(set, 'Complaint'))
        followUps.add(mail.id, [{ type: 'Complaint', recipients: mail.recipients, cause: 'reported' }]);
    });
  }

  const getAccount = () => ({
    DedicatedIpAutoWarmupEnabled: false,
    EnforcementStatus: 'HEALTHY',
    ProductionAccessEnabled: true,
    SendQuota: {
      Max24HourSend: limits.max24h,
      MaxSendRate: limits.maxSendRate,
      SentLast24Hours: quota.sentLast24Hours(),
    },
    SendingEnabled: account.sendingEnabled(),
    SuppressionAttributes: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
  });

  const service: RestService = {
    handle(method, path, query, body) {
      const call = `${method} ${path.replace(/\/$/, '')}`;
      if (call === 'POST /v2/email/outbound-emails') return sendEmail(body);
      if (call === 'GET /v2/email/account') return getAccount();
      if (call === 'PUT /v2/email/account/sending') return account.setSending(body);
      const [, address] = /^\/v2\/email\/suppression\/addresses(?:\/(.+?))?\/?$/.exec(path) ?? [undefined, undefined];
      if (path.startsWith('/v2/email/suppression/addresses'))
        return suppression.handle(method, address && decodeURIComponent(address), query, body);
      throw new AwsError('UnknownOperationException', `The local SES has no ${call}`, 404);
    },
  };

  const clicks = createClicks(parts, mails, sets);
  const inbox = createInbox(mails, complain, options.zone ?? (() => 'UTC'));
  return {
    service,
    resume: followUps.resume,
    pages(request) {
      const path = new URL(request.url).pathname;
      return clicks(request, path) ?? inbox(request, path);
    },
  };
}

function findSet(sets: Map<string, ConfigurationSet>, name: string | undefined): ConfigurationSet | undefined {
  if (name === undefined) return undefined;
  const set = sets.get(name);
  if (!set) throw new AwsError('NotFoundException', `Configuration set <${name}> does not exist.`, 404);
  return set;
}

function paused(what: string): AwsError {
  return new AwsError('SendingPausedException', `Sending is disabled for ${what}.`);
}

/** The mail as its recipients get it. Open and click tracking follow the event destinations, or what the request says. */
function compose(outgoing: Outgoing, set: ConfigurationSet | undefined, at: number, baseUrl: string): Mail {
  const { html, trackOpens, trackClicks, infected: _, ...rest } = outgoing;
  const id = randomBytes(10).toString('hex');
  const clicks = trackClicks ?? publishes(set, 'Click');
  const opens = trackOpens ?? publishes(set, 'Open');
  const tracked = trackHtml(html ?? '', {
    click: clicks ? (n) => `${baseUrl}${clickPath(id, n)}` : undefined,
    open: opens ? `${baseUrl}${openPath(id)}` : undefined,
  });
  const parts = html === undefined ? { links: [] } : tracked;
  return { ...rest, id, messageId: sesId(at), at, ...parts };
}

/** Whether the account may send: on disk, on at first. */
function createAccount({ db }: Pick<Parts, 'db'>) {
  db.exec('CREATE TABLE IF NOT EXISTS mail_account (id INTEGER PRIMARY KEY CHECK (id = 1), sending INTEGER NOT NULL)');
  db.exec('INSERT OR IGNORE INTO mail_account VALUES (1, 1)');
  const read = db.prepare('SELECT sending FROM mail_account');
  const write = db.prepare('UPDATE mail_account SET sending = ?');
  return {
    sendingEnabled: (): boolean => read.get()?.sending === 1,
    setSending(body: Record<string, unknown>): unknown {
      const input = Sending.safeParse(body);
      if (!input.success) throw badRequest(z.prettifyError(input.error));
      write.run(input.data.SendingEnabled ? 1 : 0);
      return {};
    },
  };
}
