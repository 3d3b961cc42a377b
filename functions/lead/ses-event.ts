/**
 * An event of Amazon SES, as EventBridge brings it (`source: aws.ses`), read as a happening of the lead it was mailed to.
 * Shapes: "Contents of event data that Amazon SES publishes" in the SES developer guide. Traps: `Rendering Failure` has a
 * space and its key is `failure`; Send, Reject and Rendering Failure carry no time of their own; `isBotEvent` may be missing.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { bounceVerdict, isOnList, isPraise } from './bounce.ts';
import type { Actor, ConsentAct, Happening, Instant } from './event.ts';
import { type Act, CLICK, clicked, OPEN, opened } from './ses-engagement.ts';
import { MARKETING } from './suppression.ts';

const text = z.string();

/** What each type of event brings beside `mail`. Unknown members are let through: SES adds some. */
const DETAIL = z.discriminatedUnion('eventType', [
  z.looseObject({ eventType: z.literal('Send') }),
  z.looseObject({ eventType: z.literal('Delivery'), delivery: z.looseObject({ timestamp: text }) }),
  z.looseObject({
    eventType: z.literal('Open'),
    open: OPEN,
  }),
  z.looseObject({
    eventType: z.literal('Click'),
    click: CLICK,
  }),
  z.looseObject({
    eventType: z.literal('Bounce'),
    bounce: z.looseObject({
      timestamp: text,
      bounceType: text,
      bounceSubType: z.nullish(text),
      bouncedRecipients: z.nullish(
        z.array(z.looseObject({ action: z.nullish(text), status: z.nullish(text), diagnosticCode: z.nullish(text) })),
      ),
    }),
  }),
  z.looseObject({
    eventType: z.literal('Complaint'),
    complaint: z.looseObject({
      timestamp: text,
      complaintSubType: z.nullish(text),
      complaintFeedbackType: z.nullish(text),
    }),
  }),
  z.looseObject({ eventType: z.literal('Reject'), reject: z.looseObject({ reason: z.nullish(text) }) }),
  z.looseObject({
    eventType: z.literal('DeliveryDelay'),
    deliveryDelay: z.looseObject({ timestamp: text, delayType: z.nullish(text) }),
  }),
  z.looseObject({ eventType: z.literal('Rendering Failure'), failure: z.looseObject({}) }),
  z.looseObject({
    eventType: z.literal('Subscription'),
    subscription: z.looseObject({
      timestamp: text,
      newTopicPreferences: z.nullish(z.looseObject({ unsubscribeAll: z.nullish(z.boolean()) })),
    }),
  }),
]);
type Detail = z.infer<typeof DETAIL>;

const ENVELOPE = z.looseObject({
  time: z.nullish(text),
  detail: z.looseObject({
    eventType: text,
    mail: z.looseObject({
      timestamp: text,
      messageId: text,
      destination: z.nullish(z.array(text)),
      tags: z.optional(z.record(text, z.array(text))),
    }),
  }),
});
type Mail = z.infer<typeof ENVELOPE>['detail']['mail'];

export interface SesEvent {
  leadId: string;
  sendId?: string;
  messageId: string;
  happening: Happening;
  /** SES counts it towards the account's reputation. `mailedAt`: when the mail was handed to SES. */
  counts?: { as: 'bounces' | 'complaints'; mailedAt: Instant };
  /** The mail, as evidence about its clicks and opens names it. */
  mail: { leadId: string; messageId: string; sentAt: Instant; email?: string; links?: number };
  /** Evidence of whose act a click or an open was; the happening's actor is none before it is judged. */
  act?: Act;
}

/** What one type of event says: our name for it, when, who acted, and its own properties. */
interface Said {
  type: string;
  at: string;
  actor: Actor;
  data?: Happening['data'];
  /** Tells several of one type about one mail apart. */
  apart?: string;
  consent?: ConsentAct[];
  counts?: 'bounces' | 'complaints' | undefined;
  act?: Act;
}

const bounced = (bounce: Extract<Detail, { eventType: 'Bounce' }>['bounce']): Said => {
  const { counts, ...data } = bounceVerdict(bounce);
  const type = data.bounce === 'auto-reply' ? 'email.auto-replied' : 'email.bounced';
  // One that a worse one follows must not hide it behind its key.
  const apart = data.bounce === 'hard' ? {} : { apart: data.bounce };
  return { type, at: bounce.timestamp, actor: 'machine', data, ...apart, counts: counts ? 'bounces' : undefined };
};

const complained = (complaint: Extract<Detail, { eventType: 'Complaint' }>['complaint']): Said | undefined => {
  if (isPraise(complaint.complaintFeedbackType)) return undefined;
  const reason = complaint.complaintFeedbackType ?? complaint.complaintSubType;
  const onList = isOnList(complaint.complaintSubType);
  const data = { ...(reason && { reason }), ...(onList && { suppressed: true }) };
  const consent = [{ purpose: MARKETING, action: 'withdrawn', method: 'complaint' } as const];
  const counts = onList ? undefined : 'complaints';
  return { type: 'email.complained', at: complaint.timestamp, actor: 'machine', data, consent, counts };
};

const unsubscribed = ({ subscription }: Extract<Detail, { eventType: 'Subscription' }>): Said | undefined => {
  if (!subscription.newTopicPreferences?.unsubscribeAll) return undefined;
  const consent = [{ purpose: MARKETING, action: 'withdrawn', method: 'one-click' } as const];
  return { type: 'email.unsubscribed', at: subscription.timestamp, actor: 'human', consent };
};

/** Nobody's act before it is judged. */
const engaged = (said: ReturnType<typeof clicked>): Said => ({ ...said, actor: 'suspect' });

const saidBy = (detail: Detail, mailed: string, time: string): Said | undefined => {
  switch (detail.eventType) {
    case 'Send':
      return { type: 'email.sent', at: mailed, actor: 'machine' };
    case 'Delivery':
      return { type: 'email.delivered', at: detail.delivery.timestamp, actor: 'machine' };
    case 'Open':
      return engaged(opened(detail.open));
    case 'Click':
      return engaged(clicked(detail.click));
    case 'Bounce':
      return bounced(detail.bounce);
    case 'Complaint':
      return complained(detail.complaint);
    case 'Reject':
      return {
        type: 'email.rejected',
        at: time,
        actor: 'machine',
        data: { reason: detail.reject.reason ?? 'unknown' },
      };
    case 'DeliveryDelay': {
      const { timestamp, delayType } = detail.deliveryDelay;
      return { type: 'email.delayed', at: timestamp, actor: 'machine', data: { reason: delayType ?? 'unknown' } };
    }
    case 'Rendering Failure':
      return { type: 'email.failed', at: time, actor: 'machine' };
    case 'Subscription':
      return unsubscribed(detail);
  }
};

const instantOf = (time: string): Instant | undefined => {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
};

const tagOf = (mail: Mail, name: string): string | undefined => mail.tags?.[name]?.[0];

/** Which mail it is about, in the words of the definition. */
const mailData = (mail: Mail): Happening['data'] => {
  const named = ['email', 'workflow', 'step'].flatMap((name) => {
    const value = tagOf(mail, name);
    return value === undefined ? [] : [[name, value]];
  });
  const sendId = tagOf(mail, 'send_id');
  return { ...Object.fromEntries(named), ...(sendId !== undefined && { send: sendId }) };
};

/** Mails to SES's mailbox simulator count towards nothing. */
const isSimulated = ({ destination }: Mail): boolean =>
  destination?.some((address) => /@simulator\.amazonses\.com>?$/i.test(address)) ?? false;

const mailOf = (mail: Mail, leadId: string, at: Instant): SesEvent['mail'] => {
  const [email, links] = [tagOf(mail, 'email'), Number(tagOf(mail, 'links'))];
  return {
    leadId,
    messageId: mail.messageId,
    sentAt: instantOf(mail.timestamp) ?? at,
    ...(email !== undefined && { email }),
    ...(Number.isInteger(links) && links > 0 && { links }),
  };
};

const keyOf = (mail: Mail, { type, apart }: Said): string => {
  const hash = apart === undefined ? '' : `:${createHash('sha256').update(apart).digest('hex').slice(0, 16)}`;
  return `ses:${mail.messageId}:${type}${hash}`;
};

/**
 * Reads an EventBridge event of SES. What is none, is of an unknown type, or is about no lead's mail is set aside with
 * the reason; it never throws. The happening holds no address, no IP address and no user agent.
 */
export const readSesEvent = (event: unknown): SesEvent | { aside: string } => {
  const envelope = ENVELOPE.safeParse(event);
  if (!envelope.success) return { aside: 'not the shape of an SES event' };
  const { detail, time } = envelope.data;
  const { mail } = detail;
  const parsed = DETAIL.safeParse(detail);
  if (!parsed.success) return { aside: `an SES event of type “${detail.eventType}” in a shape that is not known` };
  if (tagOf(mail, 'purpose') === 'handoff') return { aside: 'about a mail to sales, not to the lead' };
  const leadId = tagOf(mail, 'lead_id');
  if (leadId === undefined) return { aside: 'about a mail without the tag lead_id' };
  const said = saidBy(parsed.data, mail.timestamp, time ?? mail.timestamp);
  if (!said) return { aside: 'a subscription that withdraws nothing, or a report that the mail is no spam' };
  const at = instantOf(said.at);
  if (at === undefined) return { aside: `a time that is none: “${said.at}”` };
  const { type, actor, data, consent } = said;
  const happening = { key: keyOf(mail, said), type, at, actor, data: { ...data, ...mailData(mail) } };
  const sendId = tagOf(mail, 'send_id');
  const counts = isSimulated(mail) ? undefined : said.counts;
  return {
    leadId,
    ...(sendId !== undefined && { sendId }),
    messageId: mail.messageId,
    happening: { ...happening, ...(consent && { consent }) },
    mail: mailOf(mail, leadId, at),
    ...(said.act && { act: said.act }),
    ...(counts && { counts: { as: counts, mailedAt: instantOf(mail.timestamp) ?? at } }),
  };
};
