/** All evidence about the acts on one mail, in one item: each step adds to it and learns all that is known by then. */
import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import type { MailAct, MailRef } from '../lead/traffic.ts';
import type { Standing } from '../lead/traffic-step.ts';
import { dynamo, fromItem, getItem, toItem, values } from './dynamo.ts';
import { gather } from './gather.ts';
import { beginningWith } from './leads.ts';
import { ACT, PROVEN, TRAFFIC, trafficKey, trafficTtl } from './traffic-items.ts';
import { sendUpdate, type Update } from './transaction.ts';

/** What is known about a mail after a step. */
export interface Known extends Standing {
  mail: MailRef;
  /** Counts the steps. */
  n: number;
  /**
   * What the step before this one left, whoever took that. So the steps of a mail, whatever takes them and in whatever
   * order they are looked at, tell each change once, and together how it came to be known as it is now.
   */
  before: Standing;
}

/** More steps than a person's acts take: what comes then is judged beside all that was kept, and not kept. */
const MOST_STEPS = 600;

const text = z.string();
const isAct = z.looseObject({ id: text, key: text, type: z.enum(['click', 'open']), at: text });
const actShape = z.custom<MailAct>((value) => isAct.safeParse(value).success);
const shape = z.looseObject({
  n: z.optional(z.number()),
  sentAt: z.optional(text),
  deliveredAt: z.optional(text),
  links: z.optional(z.number()),
  email: z.optional(text),
  told: z.optional(z.set(text)),
  crowd: z.optional(z.set(text)),
});

interface Step {
  mail: MailRef;
  at: Instant;
  set?: Record<string, unknown>;
  add?: { told?: string[]; crowd?: string[] };
  /** Only where something is known already. */
  onlyKnown?: true;
}

/** An act on the mail. `told`: it is being judged at once. */
export async function noteAct(mail: MailRef, act: MailAct, told: boolean): Promise<Known> {
  const set = { [`${ACT}${act.id}`]: JSON.stringify(act), ...of(mail) };
  const known = await step({ mail, at: act.at, set, ...(told && { add: { told: [act.id] } }) });
  return known ?? beside(mail, act);
}

/** The mail was delivered; the first time counts. */
export const noteDelivery = (mail: MailRef, at: Instant): Promise<Known | undefined> =>
  step({ mail, at, set: { deliveredAt: at, ...of(mail) } });

/** Acts that are being judged from now on. */
export const noteTold = (mail: MailRef, ids: string[], at: Instant): Promise<Known | undefined> =>
  step({ mail, at, add: { told: ids } });

/** An act turned out to be part of a crowd. Undefined where nothing is known of the mail any more. */
export const noteCrowd = (mail: MailRef, id: string, at: Instant): Promise<Known | undefined> =>
  step({ mail, at, add: { crowd: [id] }, onlyKnown: true });

/** Which clicks are proven, by the log of a version of the lead. Undefined where nothing is known of the mail any more. */
export const noteProven = (mail: MailRef, ids: string[], version: number, at: Instant): Promise<Known | undefined> =>
  step({ mail, at, set: { [`${PROVEN}${version}`]: JSON.stringify(ids) }, onlyKnown: true });

const of = ({ sentAt, email, links }: MailRef) => ({ sentAt, email, links });

/**
 * Takes a step. Those that come at once go out together, which only a write can whose answer is known before: each then
 * stands upon what was read. One alone, and one that others came before, is an update that tells what was known before it.
 * @returns undefined when there were too many steps, or nothing is known.
 */
const step = /* @__PURE__ */ gather<Step, Known | undefined>({
  atOnce: 1,
  most: 25,
  apart: ({ mail }) => [`${mail.leadId} ${mail.messageId}`],
  serve: (steps) => steps.map(steps.length === 1 ? stepAtOnce : stepUponRead),
});

async function stepAtOnce(taken: Step): Promise<Known | undefined> {
  const { onlyKnown } = taken;
  try {
    const { Attributes } = await dynamo.send(
      new UpdateItemCommand({
        ...updateOf(taken, onlyKnown ? 'n < :most' : 'attribute_not_exists(pk) OR n < :most', { ':most': MOST_STEPS }),
        ReturnValues: 'ALL_OLD',
      }),
    );
    return knownAfter(taken, Attributes && fromItem(Attributes));
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

async function stepUponRead(taken: Step): Promise<Known | undefined> {
  const { mail, onlyKnown } = taken;
  const item = await getItem(trafficKey(mail.leadId, mail.messageId));
  if (item ? Number(item.n) >= MOST_STEPS : onlyKnown) return undefined;
  try {
    await sendUpdate(item ? updateOf(taken, 'n = :n', { ':n': item.n }) : updateOf(taken, 'attribute_not_exists(pk)'));
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return stepAtOnce(taken);
    throw error;
  }
  return knownAfter(taken, item);
}

/** @param item as it was before the step. */
const knownAfter = (taken: Step, item: Record<string, unknown> = {}): Known => ({
  ...knownOf(taken.mail, stepped(item, taken)),
  before: standingOf(taken.mail, item),
});

/** An item after a step. What is known stays. */
function stepped(item: Record<string, unknown>, { set = {}, add = {} }: Step): Record<string, unknown> {
  const unite = (name: 'told' | 'crowd') => new Set([...ids(item[name]), ...(add[name] ?? [])]);
  return { ...set, ...item, n: Number(item.n ?? 0) + 1, told: unite('told'), crowd: unite('crowd') };
}

const ids = (stored: unknown): string[] => (stored instanceof Set ? [...stored] : []);

/** What is known stays; an act keeps the evidence for another 30 days. */
function updateOf(
  { mail, at, set = {}, add = {} }: Step,
  condition: string,
  given: Record<string, unknown> = {},
): Update {
  const sets = Object.entries(set).filter(([, value]) => value !== undefined);
  const adds = Object.entries(add);
  const news = sets.length > 0;
  const assigned = ['#ttl = :ttl', ...sets.map((_, i) => `#s${i} = if_not_exists(#s${i}, :s${i})`)].join(', ');
  const added = ['n :one', ...adds.map(([name]) => `${name} :${name}`)].join(', ');
  return {
    TableName: env('table'),
    Key: toItem(trafficKey(mail.leadId, mail.messageId)),
    UpdateExpression: news ? `SET ${assigned} ADD ${added}` : `ADD ${added}`,
    ConditionExpression: condition,
    ...(news && {
      ExpressionAttributeNames: { '#ttl': 'ttl', ...Object.fromEntries(sets.map(([name], i) => [`#s${i}`, name])) },
    }),
    ExpressionAttributeValues: values({
      ':one': 1,
      ...given,
      ...(news && { ':ttl': trafficTtl(at) }),
      ...Object.fromEntries(sets.map(([, value], i) => [`:s${i}`, value])),
      ...Object.fromEntries(adds.map(([name, added]) => [`:${name}`, new Set(added)])),
    }),
  };
}

/** All that is known of a mail. */
export async function knownAbout(mail: MailRef): Promise<Known> {
  const item = await getItem(trafficKey(mail.leadId, mail.messageId));
  return knownOf(mail, item ?? { n: MOST_STEPS });
}

/** An act on the mail of a message id; on the pages of ours behind no certain mail: `own`. */
export type ActOnMail = MailAct & { messageId: string };

/** Every act that is kept on the mails of a lead, the oldest first. */
export async function actsOnMails(leadId: string): Promise<ActOnMail[]> {
  const items = await beginningWith(leadId, TRAFFIC);
  const acts = items.flatMap((item) => {
    const messageId = String(item.sk).slice(TRAFFIC.length);
    return actsIn(item).map((act): ActOnMail => ({ ...act, messageId }));
  });
  return acts.sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** What is known of a mail, and an act that is not kept any more: it changes nothing about how the mail counts. */
async function beside(mail: MailRef, act: MailAct): Promise<Known> {
  const known = await knownAbout(mail);
  const { evidence, told, proven } = known;
  const acts = [...evidence.acts.filter(({ id }) => id !== act.id), act];
  const now = { evidence: { ...evidence, acts }, told: new Set([...told, act.id]), proven };
  return { ...known, ...now, before: now };
}

/** With nothing that changed. */
function knownOf(mail: MailRef, item: Record<string, unknown>): Known {
  const { n = 0, sentAt = mail.sentAt, links, email } = z.parse(shape, item);
  const standing = standingOf(mail, item);
  return {
    mail: { ...mail, sentAt, ...(email !== undefined && { email }), ...(links !== undefined && { links }) },
    ...standing,
    n,
    before: standing,
  };
}

function standingOf(mail: MailRef, item: Record<string, unknown>): Standing {
  const { sentAt = mail.sentAt, deliveredAt, links, told, crowd } = z.parse(shape, item);
  return {
    evidence: {
      sentAt,
      ...(deliveredAt !== undefined && { deliveredAt }),
      ...(links !== undefined && { links }),
      acts: actsIn(item),
      crowd: crowd ?? new Set(),
    },
    told: told ?? new Set(),
    proven: provenIn(item),
  };
}

/** By the log of the latest version of the lead that said so, in whatever order they did. */
function provenIn(item: Record<string, unknown>): Set<string> {
  const versions = Object.keys(item).filter((name) => name.startsWith(PROVEN));
  const [latest] = versions.sort((a, b) => Number(b.slice(PROVEN.length)) - Number(a.slice(PROVEN.length)));
  return new Set(latest === undefined ? [] : z.parse(z.array(text), JSON.parse(String(item[latest]))));
}

const actsIn = (item: Record<string, unknown>): MailAct[] =>
  Object.entries(item).flatMap(([name, act]) => (name.startsWith(ACT) ? [actOf(act)] : []));

/** Older ones were stored as attributes. */
const actOf = (stored: unknown): MailAct => z.parse(actShape, typeof stored === 'string' ? JSON.parse(stored) : stored);
